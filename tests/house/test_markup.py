"""Nothing reaches a page unescaped, and no page carries script or style of its own (SECURITY B1.2, CSP)."""

from __future__ import annotations

import re

import pytest

from tests.house import source

MAY_MAKE_MARKUP = {
    "tugi/core/templating.py": "icons and attributes, every part escaped",
    "tugi/core/html.py": "what nh3 has cleaned last",
    "tugi/tickets/bodies.py": "what nh3 has cleaned last",
    "tugi/core/panels.py": "panels are rendered templates",
}
MAY_CARRY_STYLE = {
    "tugi/tickets/templates/tickets/body.html": "the sandboxed frame of a mail, under a policy of its own"
}
MARKUP = re.compile(r"\b(mark_safe|SafeString)\b|\bMarkup\(|\|\s*safe\b|\{%-?\s*autoescape")
INLINE = re.compile(
    r"<style\b|\bon[a-z]+\s*=\s*[\"']|<script(?![^>]*(\bsrc=|type=\"importmap\"))|javascript:", re.IGNORECASE
)
STYLE = re.compile(r"\bstyle\s*=\s*[\"'](?!--)", re.IGNORECASE)
DANGER = re.compile(r"\b(pickle|marshal|yaml\.load|shell=True)\b|(?<![\w.])(eval|exec)\(")
ASKS = re.compile(r"<[a-z]+\b(?:[^<>]|\{\{.*?\}\})*\b(?:hx-confirm|data-confirm)=(?:[^<>]|\{\{.*?\}\})*>")
RAW_HTML = re.compile(r"\.(innerHTML|outerHTML)\s*=|insertAdjacentHTML|document\.write")


def lines_with(pattern: re.Pattern[str], name: str) -> list[str]:
    return [
        f"{source.shown(path)}:{number}: {line.strip()[:100]}"
        for path in source.files(name)
        if "tests" not in path.parts and "migrations" not in path.parts
        for number, line in enumerate(source.text(path).splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("name", ["*.py", "*.html"])
def test_markup_is_made_in_few_places(name: str) -> None:
    made = [line for line in lines_with(MARKUP, name) if line.partition(":")[0] not in MAY_MAKE_MARKUP]

    assert made == []


def test_templates_carry_no_script_or_style() -> None:
    assert [line for line in lines_with(INLINE, "*.html") if line.partition(":")[0] not in MAY_CARRY_STYLE] == []
    assert lines_with(STYLE, "*.html") == []


def test_scripts_build_no_html_from_data() -> None:
    assert lines_with(RAW_HTML, "*.js") == []


def test_every_question_names_the_act_on_its_button() -> None:
    asking = [tag for path in source.files("*.html") for tag in ASKS.findall(source.text(path))]

    assert asking
    assert [tag[:100] for tag in asking if "data-confirm-yes=" not in tag] == []


def test_nothing_runs_data_as_code() -> None:
    assert lines_with(DANGER, "*.py") == []


@pytest.mark.parametrize(
    ("pattern", "bad", "good"),
    [
        (MARKUP, "{{ name|safe }}", "{{ name }}"),
        (MARKUP, "return mark_safe(text)", "return escape(text)"),
        (INLINE, '<a onclick="go()">', '<a data-opens="menu">'),
        (INLINE, "<script>go()</script>", '<script src="/static/a.js"></script>'),
        (STYLE, '<p style="color: red">', '<p style="--value: 3">'),
        (DANGER, "pickle.loads(data)", "json.loads(data)"),
        (DANGER, "eval(text)", "retrieval(text)"),
        (RAW_HTML, "row.innerHTML = name", "row.textContent = name"),
    ],
)
def test_the_rules_tell_good_from_bad(pattern: re.Pattern[str], bad: str, good: str) -> None:
    assert pattern.search(bad)
    assert not pattern.search(good)
