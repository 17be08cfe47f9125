"""The corpus: mails as programs of the world write them (our own texts), and what is to be read in each.

`<kind>/<name>.eml` is a mail, `<kind>/expected.json` holds by its name what is expected of it: keys as
`bin/tugi mail inspect` prints them, as many as the mail is there to show. README.md says how to add one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KINDS = ("replies", "forwards", "bounces", "machines", "charsets", "structure")


@dataclass(frozen=True)
class Sample:
    kind: str
    name: str
    expected: dict[str, Any]

    @property
    def raw(self) -> bytes:
        return (HERE / self.kind / f"{self.name}.eml").read_bytes()


def samples(kind: str) -> list[Sample]:
    rows: dict[str, dict[str, Any]] = json.loads((HERE / kind / "expected.json").read_text())
    return [Sample(kind, name, expected) for name, expected in rows.items()]


def wrong_keys(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """The keys whose reading is another than the expected one."""
    return [key for key, value in expected.items() if not _agrees(key, value, found.get(key))]


def _agrees(key: str, wanted: Any, found: Any) -> bool:
    judge = _JUDGES.get(key)
    return judge(wanted, found) if judge else bool(wanted == found)


def _same_words(wanted: Any, found: Any) -> bool:
    """Blanks and blank lines do not matter: they are lost on the way through HTML."""
    return words_of(wanted) == words_of(found)


def words_of(text: Any) -> list[str]:
    return [" ".join(line.split()) for line in str(text or "").splitlines() if line.split()]


def _same_mail(wanted: Any, found: Any) -> bool:
    if wanted is None or found is None:
        return wanted is found
    words = ("text" not in wanted) or _same_words(wanted["text"], found["text"])
    return words and all(found[name] == value for name, value in wanted.items() if name != "text")


def _same_files(wanted: Any, found: Any) -> bool:
    """Each file has at least what is expected of it; one that nobody expects is wrong."""
    rows = list(found or [])
    return len(rows) == len(wanted) and all(
        all(row.get(name) == value for name, value in each.items()) for each, row in zip(wanted, rows, strict=True)
    )


def _contains(wanted: Any, found: Any) -> bool:
    return all(piece in str(found) for piece in wanted)


_JUDGES: dict[str, Callable[[Any, Any], bool]] = {
    "reply_text": _same_words,
    "text": _same_words,
    "forwarded": _same_mail,
    "attachments": _same_files,
    "html_has": _contains,
}
