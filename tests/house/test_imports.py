"""Imports go down the house only: a floor knows what is below it, never what is above."""

from __future__ import annotations

import ast

from tests.house import source

FLOORS = {
    "core": 0,
    "events": 0,
    "people": 1,
    "tickets": 2,
    "channels": 3,
    "portal": 5,
    "live": 5,
    "setup": 5,
}
ROOF = {"settings", "urls", "asgi", "wsgi", "cli", "serve", "__main__", "__init__"}
UNDER_CORE = {("core", "events")}
"""`core` and `events` share a floor, and only `events` may look across."""


def imports_of(module: ast.Module) -> set[str]:
    """First names below `tugi` that a module imports."""
    found = set()
    for node in ast.walk(module):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        found |= {name.split(".")[1] for name in names if name.startswith("tugi.")}
        if isinstance(node, ast.ImportFrom) and node.module == "tugi":
            found |= {alias.name for alias in node.names}
    return found


def breaks(home: str, imported: str) -> bool:
    if imported == home or imported in ROOF or home in ROOF:
        return False
    return FLOORS[imported] > FLOORS[home] or (home, imported) in UNDER_CORE


def test_no_module_imports_from_a_floor_above() -> None:
    wrong = [
        f"{source.shown(path)} imports tugi.{imported}"
        for path in source.python_files()
        for imported in imports_of(source.tree(path))
        if breaks(path.relative_to(source.PACKAGE).parts[0].removesuffix(".py"), imported)
    ]

    assert wrong == []


def test_the_rule_sees_an_import_upwards() -> None:
    good = ast.parse("from tugi.people.models import Agent")
    bad = ast.parse("from tugi.channels.email.models import Mailbox")

    assert [breaks("tickets", name) for name in imports_of(good)] == [False]
    assert [breaks("tickets", name) for name in imports_of(bad)] == [True]


def private_names(module: ast.Module) -> list[str]:
    """What a module takes from another of ours although its name begins with an underscore."""
    return [
        f"{node.module}.{alias.name}"
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tugi.")
        for alias in node.names
        if alias.name.startswith("_")
    ]


def test_what_is_private_to_a_module_stays_there() -> None:
    taken = [
        f"{source.shown(path)}: {name}"
        for path in source.python_files(tests=True)
        for name in private_names(source.tree(path))
    ]

    assert taken == []
    assert private_names(ast.parse("from tugi.core.blobs import _copy")) == ["tugi.core.blobs._copy"]


def test_every_folder_of_the_house_has_a_floor() -> None:
    folders = {path.parent.name for path in source.PACKAGE.glob("*/__init__.py")}

    assert folders - ROOF <= set(FLOORS)


def test_every_domain_says_what_it_owns() -> None:
    silent = [
        source.shown(path)
        for path in source.PACKAGE.glob("*/__init__.py")
        if not (ast.get_docstring(source.tree(path)) or "").startswith("Owns ") and path.parent.name not in ROOF
    ]

    assert silent == []
