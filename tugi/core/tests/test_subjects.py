# ruff: noqa: E501 - tables are kept on one line
from __future__ import annotations

import pytest

from tugi.core.subjects import (
    is_reply_or_forward,
    strip_prefixes,
    strip_token,
    subject_tokens,
    with_token,
)

PREFIXES = [
    "Re:", "RE:", "Fwd:", "FW:", "AW:", "WG:", "SV:", "VS:", "VB:", "Vá:", "Odp:", "PD:", "RV:", "Res:", "R:", "I:", "TR:",
    "Rép:", "RÉP :", "Antw:", "Doorst:", "YNT:", "İLT:", "Отв:", "ОТВ:", "Ответ:", "Пересл:", "На:", "Відп:", "Răsp:", "Vast:",
    "Edasi:", "Απ:", "ΣΧΕΤ:", "答复:", "回复：", "转发：", "返信:", "転送:", "회신:", "전달:", "Trả lời:", "Re[2]:", "RE(3):", "Re^4:",
    "Re: Re:", "AW: WG:", "Re:Fwd:Отв:", "re :", "Atb:", "Bls:", "HA:",
]  # fmt: skip


@pytest.mark.parametrize("prefix", PREFIXES)
def test_prefixes_of_replies_and_forwards_come_off(prefix: str) -> None:
    assert strip_prefixes(f"{prefix} Заказ 12") == "Заказ 12"
    assert is_reply_or_forward(f"{prefix} Заказ 12")


@pytest.mark.parametrize(
    "subject", ["Report: sales", "Reply to you", "Regarding: x", "Order: 12", "Note: a", "Fwdx: y", "Are: z", "12: a"]
)
def test_other_words_before_a_colon_stay(subject: str) -> None:
    assert strip_prefixes(subject) == subject


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("[#12345] Hello", (12345,)),
        ("Re: [#1] AW: [#2] [#1] x", (1, 2)),
        ("回复：[#7]问题", (7,)),
        ("Hello [ #8 ]", (8,)),
        ("array[#123]", ()),
        ("[#12]3", ()),
        ("[#]", ()),
        ("[#12a]", ()),
        ("[OTRS#12] [acme #13]", ()),
        ("https://a.b/[#12]x", ()),
        ("[#1234567890123456789]", ()),
        ("[[#12]]", ()),
    ],
)
def test_tokens_are_found_anywhere_but_not_inside_words(subject: str, expected: tuple[int, ...]) -> None:
    assert subject_tokens(subject) == expected


def test_our_token_comes_off_and_others_stay() -> None:
    assert strip_token("Re: [#12] [acme #7] Hello [#13]", 12) == "Re: [acme #7] Hello [#13]"
    assert strip_token("Re: [#12] [acme #7] Hello [#13]") == "Re: [acme #7] Hello"


def test_a_subject_gets_its_token_once() -> None:
    assert with_token("Re: [#12] Hello", 12) == "[#12] Re: Hello"
