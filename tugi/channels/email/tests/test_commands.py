"""Commands at the top of an agent's mail."""

from __future__ import annotations

import pytest

from tugi.channels.email.commands import read_commands
from tugi.tickets.models import Category, Priority


def test_words_without_a_command_are_words() -> None:
    found = read_commands("Hello Dora,\n\n#resolve is not at the top.")
    assert (found.found, found.text, found.status) == (False, "Hello Dora,\n\n#resolve is not at the top.", None)


def test_commands_before_the_words_are_taken_out() -> None:
    found = read_commands(
        "\n#Note\n#tag  late invoice\n\n#priority HIGH\n#assign me\n#resolve\n\nShe pays tomorrow.\n#open"
    )
    assert (found.is_note, found.takes, found.tags) == (True, True, ["late invoice"])
    assert (found.priority, found.status) == (Priority.HIGH, Category.RESOLVED)
    assert found.text == "She pays tomorrow.\n#open"


@pytest.mark.parametrize(
    ("line", "category"),
    [
        ("#resolve", Category.RESOLVED),
        ("#close", Category.CLOSED),
        ("#open", Category.OPEN),
        ("#wait", Category.PENDING),
    ],
)
def test_each_status_has_its_word(line: str, category: Category) -> None:
    assert read_commands(line).status == category


@pytest.mark.parametrize(
    "line",
    ["#delete", "#assign ben", "#priority", "#priority asap", "#tag", "#tag " + "x" * 41, "#note to Dora", "# note",
     "#1 in the list", "note", "#resolved", "##note", "#"],
)  # fmt: skip
def test_what_is_on_no_list_is_text_and_ends_the_commands(line: str) -> None:
    found = read_commands(f"#take\n{line}\n#close")
    assert (found.takes, found.status, found.text) == (True, None, f"{line}\n#close")


def test_nothing_is_nothing() -> None:
    assert (read_commands("").found, read_commands("\n\n").text.strip()) == (False, "")
