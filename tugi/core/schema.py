"""How old the database is, beside this version of Tugi: told by the migrations that each of them knows."""

from __future__ import annotations

from django.apps import apps
from django.db.migrations.executor import MigrationExecutor


def unapplied(executor: MigrationExecutor) -> list[str]:
    """Names of migrations that this version has and the database has not."""
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def newer(executor: MigrationExecutor) -> list[str]:
    """Names of migrations that the database has and this version does not know."""
    ours = {config.label for config in apps.get_app_configs()}
    known = set(executor.loader.disk_migrations) | set(executor.loader.replacements)
    applied = executor.loader.applied_migrations
    return sorted(f"{label}.{name}" for label, name in applied if label in ours and (label, name) not in known)
