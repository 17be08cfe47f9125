"""The project's own sources, for rules about how they read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "tugi"


def python_files(*, tests: bool = False) -> list[Path]:
    """Modules of the package without migrations; with `tests`, the tests' own files too."""
    found = sorted(PACKAGE.rglob("*.py"))
    found += sorted((ROOT / "tests").rglob("*.py")) if tests else []
    return [path for path in found if "migrations" not in path.parts and (tests or "tests" not in path.parts)]


def files(pattern: str) -> list[Path]:
    return sorted(PACKAGE.rglob(pattern))


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path))


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(module: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
