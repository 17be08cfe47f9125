"""Why something did not work: kept as a code, told in the language of whoever reads it.

A worker that fails does not know its reader. It stores a code, the values that its sentence names and, word for word,
what another machine said to it. People will see both: nothing secret goes in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tugi.core.text import normalise, shorten, single_line

Shown = Callable[[Any], str]
LONGEST_VALUE = 400
LONGEST_SAID = 4000
CODE = re.compile(r"[a-z]+\.[a-z][a-z0-9_]+")
_BEGINNING = '{"code":'


@dataclass(frozen=True)
class Sentence:
    """What a code means; `shown` turns values that are no words, like sizes, into words."""

    text: str | Promise
    shown: Mapping[str, Shown]


UNEXPECTED = _("Something unexpected went wrong. The details are in Tugi's log.")
_sentences: dict[str, Sentence] = {}


def register(code: str, text: str | Promise, **shown: Shown) -> None:
    """Give a code (`area.words`) its sentence; a text without words leaves all to what the other side said."""
    _sentences[code] = Sentence(text, shown)


def registered() -> Mapping[str, Sentence]:
    """Every code with its sentence."""
    return dict(_sentences)


def reason(code: str, /, said: str = "", **values: str | int) -> str:
    """The text to be stored; `said` are another machine's own words."""
    parts = {
        "code": code,
        "with": {name: _short(value) for name, value in values.items()},
        "said": shorten(normalise(said).strip(), LONGEST_SAID),
    }
    told = {name: part for name, part in parts.items() if part}
    return code if told == {"code": code} else json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def tell(stored: str) -> str:
    """What was stored, in the active language; a sentence from before there were codes as it is. Never raises."""
    if CODE.fullmatch(stored):
        return _told(stored, {}, "")
    match _opened(stored):
        case {"code": str(code), **rest}:
            values, said = rest.get("with"), rest.get("said")
            return _told(code, values if isinstance(values, dict) else {}, said if isinstance(said, str) else "")
    return stored


def code_of(stored: str) -> str:
    """The code of what was stored; empty for a sentence from before there were codes."""
    if CODE.fullmatch(stored):
        return stored
    match _opened(stored):
        case {"code": str(code)}:
            return code
    return ""


def _opened(stored: str) -> object:
    if not stored.startswith(_BEGINNING):
        return None
    try:
        return json.loads(stored)
    except (ValueError, RecursionError):
        return None


def _told(code: str, values: Mapping[str, Any], said: str) -> str:
    text = _filled(_sentences[code], values) if code in _sentences else ""
    return f"{text} ({said})" if text and said else text or said or str(UNEXPECTED)


def _filled(sentence: Sentence, values: Mapping[str, Any]) -> str:
    """Nothing, if a value that the sentence names is not there, or is of another kind."""
    try:
        return str(sentence.text) % {name: sentence.shown.get(name, str)(value) for name, value in values.items()}
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
        return ""


def _short(value: str | int) -> str | int:
    return shorten(single_line(value), LONGEST_VALUE) if isinstance(value, str) else value


register("desk.said", "")
register("desk.unexpected", UNEXPECTED)
register("desk.worker_ended", _("The process that worked on it ended each time, before it was done."))
register("desk.logged", _("Something unexpected went wrong. The details are in Tugi's log under %(id)s."))
