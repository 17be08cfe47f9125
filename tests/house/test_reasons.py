"""What went wrong is stored as a code (`tugi/core/reasons.py`), never as a sentence in the writer's language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house import source
from tugi.core import reasons

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
TAKES_REASON = {"DeliveryError", "CannotFetch", "put_back", "give_up", "note_fetch_failed"}
BY_NAME = {"record_delivery", "note_delay", "accept_raw"}
"""Those take theirs as `error=`."""


def named(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def calls(module: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    return ((named(node), node) for node in ast.walk(module) if isinstance(node, ast.Call))


def stored(module: ast.Module) -> Iterator[ast.expr]:
    """What is handed over to be stored as a reason."""
    for name, call in calls(module):
        if name in TAKES_REASON:
            yield from call.args
        if name in TAKES_REASON | BY_NAME:
            yield from (word.value for word in call.keywords if word.arg in ("error", "reason"))


def is_sentence(said: ast.expr) -> bool:
    """Put together, translated, or written out: an expression that is or makes words."""
    if isinstance(said, ast.Constant):
        return isinstance(said.value, str) and said.value != ""
    is_gettext = isinstance(said, ast.Call) and named(said) in ("_", "gettext", "ngettext", "pgettext", "str", "format")
    return is_gettext or isinstance(said, ast.JoinedStr | ast.BinOp)


def speaks(module: ast.Module) -> bool:
    """Does the module translate on the spot?"""
    imported = [node for node in ast.walk(module) if isinstance(node, ast.ImportFrom)]
    return any(name.name in ("gettext", "ngettext", "pgettext") for node in imported for name in node.names)


def said_in(module: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """Each code in a call of `reason`, with the names of its values."""
    for name, call in calls(module):
        if name == "reason":
            values = {word.arg for word in call.keywords if word.arg and word.arg != "said"}
            first = call.args[0]
            for code in [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]:
                assert isinstance(code, ast.Constant), f"a code that is not written out: {ast.unparse(call)}"
                yield str(code.value), values


def test_nobody_stores_a_sentence() -> None:
    wrong = [
        f"{source.shown(path)}:{said.lineno}: {ast.unparse(said)}"
        for path in source.python_files()
        for said in stored(source.tree(path))
        if is_sentence(said) or speaks(source.tree(path))
    ]

    assert wrong == []


def test_the_rule_sees_a_sentence() -> None:
    bad = [
        "raise DeliveryError(_('x'))",
        "give_up(row, f'{x}')",
        "record_delivery(1, error='no')",
        "CannotFetch(a % b)",
    ]
    good = ["raise DeliveryError(reason('x'), permanent=True)", "give_up(row, error)", "record_delivery(1, error='')"]

    assert [any(map(is_sentence, stored(ast.parse(text)))) for text in bad] == [True] * 4
    assert [any(map(is_sentence, stored(ast.parse(text)))) for text in good] == [False] * 3
    assert speaks(ast.parse("from django.utils.translation import gettext as _"))
    assert not speaks(ast.parse("from django.utils.translation import gettext_lazy as _"))


def test_every_code_has_a_sentence_that_names_the_values_it_is_given() -> None:
    sentences = {code: set(PLACEHOLDER.findall(str(each.text))) for code, each in reasons.registered().items()}
    said = [pair for path in source.python_files() for pair in said_in(source.tree(path))]

    assert [(code, values) for code, values in said if sentences.get(code) != values] == []
    assert set(sentences) - {code for code, _values in said} == set()
    assert [code for code in sentences if not reasons.CODE.fullmatch(code)] == []
