"""Cleanliness is the tail: what outgrows these numbers is split at a noun, or listed here with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import source

LIMITS = {"*.py": 400, "*.html": 200, "*.css": 400, "*.js": 250}
FUNCTION_LINES = 60

LARGER: dict[str, str] = {}
"""File or `file:function` → why it may be larger."""


def length(path: Path) -> int:
    return source.text(path).count("\n")


@pytest.mark.parametrize("pattern", LIMITS)
def test_no_file_outgrows_its_kind(pattern: str) -> None:
    sizes = {source.shown(path): length(path) for path in source.files(pattern) if "migrations" not in path.parts}

    assert {name: size for name, size in sizes.items() if size > LIMITS[pattern] and name not in LARGER} == {}


def test_no_function_outgrows_a_screen() -> None:
    long = {}
    for path in source.python_files(tests=True):
        for function in source.functions(source.tree(path)):
            lines = (function.end_lineno or 0) - function.lineno + 1
            name = f"{source.shown(path)}:{function.name}"
            if lines > FUNCTION_LINES and name not in LARGER:
                long[name] = lines

    assert long == {}


def test_no_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "helpers", "common", "misc", "lib", "extras"}

    assert [source.shown(path) for path in source.python_files(tests=True) if path.stem in drawers] == []


def test_what_may_be_larger_still_is_there() -> None:
    assert [name for name in LARGER if not (source.ROOT / name.partition(":")[0]).exists()] == []
