"""A quotation that nothing marks is known by its words."""

from __future__ import annotations

import pytest

from tugi.channels.email.parsing.quote_known import cut_known

SENT = (
    "Hello Dora,\n\nplease try another socket and tell us whether the lamp still flickers. "
    "We can send you a new one.\n\nBen"
)
NEW = "It does flicker.\nSend me a new one, please."


@pytest.mark.parametrize(
    "copied",
    [
        SENT,
        f"Support, on Monday:\n{SENT}",
        "Please try another socket and tell us\nwhether the lamp still\nflickers. We can send you a new one.",
        "| please try another socket and tell us whether the lamp still flickers.\n| We can send you a new one.",
    ],
)
def test_our_words_below_an_answer_are_folded(copied: str) -> None:
    cut = cut_known(f"{NEW}\n\n{copied}", [SENT])
    assert cut.reply == NEW
    assert "flickers" in cut.quoted


def test_our_words_above_an_answer_are_folded() -> None:
    cut = cut_known(f"{SENT}\n\n{NEW}", [SENT])
    assert cut.quoted.startswith("Hello Dora,")
    assert NEW in cut.reply


@pytest.mark.parametrize(
    "text",
    [
        NEW,
        "You wrote “please try another socket”, and I did.",
        "please try another socket and tell us whether the lamp still flickers.\nI did, twice, with the lamp of my "
        "neighbour too, and it was the same.\nWe can send you a new one.\nYes, please do so, and soon, if you can.",
        SENT,
        "",
    ],
)
def test_what_is_not_only_ours_stays(text: str) -> None:
    assert cut_known(text, [SENT]).quoted == ""


def test_nothing_was_sent_nothing_is_folded() -> None:
    assert cut_known(f"{NEW}\n\n{SENT}", []).quoted == ""
