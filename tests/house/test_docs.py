"""What the documents name is there: files by their path, functions by `file.py: name`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import source

DOCUMENTS = [source.ROOT / "README.md", *sorted((source.ROOT / "docs").rglob("*.md"))]
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"(?:tugi|tests|bin)/[\w./-]*\w/?")
PLACE = re.compile(r"([\w/]+\.py): (\w+)")
BLOCK = re.compile(r"```.*?```", re.DOTALL)


def absent(text: str) -> Iterator[str]:
    """What a document names that is not there."""
    for code in CODE.findall(BLOCK.sub("", text)):
        if PATH.fullmatch(code) and not (source.ROOT / code).exists():
            yield code
        if (place := PLACE.fullmatch(code)) and not any(map(_defines(place[2]).search, _texts(place[1]))):
            yield code


def _texts(ending: str) -> list[str]:
    return [source.text(path) for path in source.python_files() if path.as_posix().endswith(f"/{ending}")]


def _defines(name: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*(?:def|class) {name}\b", re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS, ids=source.shown)
def test_what_a_document_names_is_there(document: Path) -> None:
    assert list(absent(source.text(document))) == []


def test_the_rule_sees_what_is_not_there() -> None:
    assert list(absent("`tugi/nowhere.py`, `log.py: apend`, `log.py: append`, `tugi/core/`")) == [
        "tugi/nowhere.py",
        "log.py: apend",
    ]
