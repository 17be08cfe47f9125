"""A row is locked by a query of its own. Joined with another table, PostgreSQL finds nothing where it had to wait for
somebody who changed the foreign key: it reads the locked row anew, and the joined one not."""

from __future__ import annotations

import ast

from tests.house import source

ALLOWED = {"tugi/events/setbacks.py": "an event, and which one a setback is about, never change"}


def joins_and_locks(module: ast.AST) -> bool:
    """Is there one chain of calls with both?"""
    return any({"select_for_update", "select_related"} <= _names(node) for node in ast.walk(module))


def _names(node: ast.AST) -> set[str]:
    """The methods called one after another, up to this call."""
    names: set[str] = set()
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
            node = node.value
        else:
            node = node.func
    return names


def test_a_locked_row_is_joined_with_nothing() -> None:
    found = [source.shown(path) for path in source.python_files() if joins_and_locks(source.tree(path))]

    assert [name for name in found if name not in ALLOWED] == []


def test_the_rule_sees_what_it_is_for() -> None:
    assert joins_and_locks(ast.parse('Ticket.objects.select_for_update().select_related("status").get(id=1)'))
    assert not joins_and_locks(ast.parse("Ticket.objects.select_for_update().get(id=1)"))
