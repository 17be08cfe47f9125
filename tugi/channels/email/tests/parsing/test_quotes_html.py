"""Rule 1.10 for HTML: the containers of mail programs, and what must stay."""

# ruff: noqa: E501 - mails and tables are kept on one line
from __future__ import annotations

import pytest

from tugi.channels.email.parsing.quotes import cut_html
from tugi.channels.email.tests.parsing.quote_languages import INTRODUCTIONS
from tugi.core.html import html_to_text

ALL = "ALL"
CASES = [
    (
        "gmail",
        '<div dir="ltr">Thanks <b>a</b></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Fri, Nov 20, 2026 at 10:15 AM Anna &lt;<a href="mailto:a@b.c">a@b.c</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid">q<br></blockquote></div>',
        "Thanks a",
    ),
    (
        "gmail inline",
        '<div dir="ltr"><div class="gmail_quote"><div class="gmail_attr">On Fri, Nov 20, 2026 at 10:15 AM Anna &lt;a@b.c&gt; wrote:<br></div><blockquote class="gmail_quote">q</blockquote><div>yes</div><blockquote class="gmail_quote">q2</blockquote><div>no</div></div></div>',
        "ALL",
    ),
    (
        "apple",
        '<html><body>Thanks<br><div><br><blockquote type="cite"><div>On 20 Nov 2026, at 10:15, Anna &lt;a@b.c&gt; wrote:</div><br><div>q</div></blockquote></div><br></body></html>',
        "Thanks",
    ),
    (
        "tb",
        '<p>Thanks</p><div class="moz-cite-prefix">Am 20.11.2026 um 10:15 schrieb Anna:<br></div><blockquote type="cite" cite="mid:x@y"><p>q</p></blockquote><p>-- <br>sig</p>',
        "Thanks",
    ),
    (
        "outlook",
        '<div class=WordSection1><p class=MsoNormal>Thanks</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class=MsoNormal><b>From:</b> Anna &lt;a@b.c&gt; <br><b>Sent:</b> Friday<br><b>To:</b> D<br><b>Subject:</b> x<o:p></o:p></p></div></div><p>q</p></div>',
        "Thanks",
    ),
    (
        "owa",
        '<div>Thanks</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><b>Von:</b> A<br><b>Gesendet:</b> F</div><div>q</div>',
        "Thanks",
    ),
    (
        "yandex",
        '<div>Спасибо</div><div> </div><div>20.11.2026, 10:15, "Анна" &lt;a@b.ru&gt;:</div><blockquote><div>q</div></blockquote><div> </div><div>-- </div><div>С уважением</div>',
        "Спасибо",
    ),
    (
        "mailru",
        '<HTML><BODY><div>Спасибо</div><blockquote style="border-left:1px solid #0857A6; margin:10px; padding:0 0 0 10px;">Пятница, 20 ноября 2026, 10:15 +03:00 от Анна &lt;a@b.ru&gt;:<br>&nbsp;<div>q</div></blockquote></BODY></HTML>',
        "Спасибо",
    ),
    (
        "proton",
        '<div style="font-family: Arial">Thanks</div><div class="protonmail_signature_block"><div>Sent with <a href="https://proton.me">Proton Mail</a> secure email.</div></div><div class="protonmail_quote">On Friday, November 20th, 2026 at 10:15, Anna &lt;a@b.c&gt; wrote:<br><blockquote class="protonmail_quote" type="cite">q</blockquote><br></div>',
        "Thanks",
    ),
    (
        "x_",
        '<div>Thanks</div><div class="x_gmail_quote">On Fri, 20 Nov 2026 A &lt;a@b&gt; wrote:<blockquote class="x_gmail_quote">q</blockquote></div>',
        "Thanks",
    ),
    ("hr mid", "<p>one</p><hr><p>two</p>", "ALL"),
    ("indent", '<p>one</p><blockquote style="margin:0 0 0 40px;border:none">indented</blockquote><p>two</p>', "ALL"),
    (
        "yahoo",
        '<div>Thanks</div><div id="ydp1yahoo_quoted_1" class="yahoo_quoted"><div>On Friday, November 20, 2026 at 10:15:00 AM GMT+2, A &lt;a@b.c&gt; wrote:</div><div>q</div></div>',
        "Thanks",
    ),
    (
        "only",
        '<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>From: A &lt;a@b.c&gt;<br>Date: Fri<br>Subject: x<br>To: y<br></div>body</div>',
        "ALL",
    ),
    ("br", "Thanks<br><br>On Fri, Nov 20, 2026 at 10:15 A &lt;a@b.c&gt; wrote:<br>&gt; q<br>&gt; z<br>", "Thanks"),
]


@pytest.mark.parametrize(("name", "html", "reply"), CASES, ids=[case[0] for case in CASES])
def test_the_reply_is_cut_out(name: str, html: str, reply: str) -> None:
    found = cut_html(html)
    assert html_to_text(found.reply) == (html_to_text(html) if reply == ALL else reply)
    assert bool(found.quoted) is (reply != ALL)


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_introductions_are_known_without_any_container(introduction: str) -> None:
    line = introduction.replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    assert html_to_text(cut_html(f"<p>The answer.</p><p>{line}</p><p>old</p>").reply) == "The answer."
    assert html_to_text(cut_html(f"The answer.<br>{line}<br>&gt; old<br>").reply) == "The answer."


@pytest.mark.parametrize(
    "html",
    [
        "<p>a</p><hr><p>b</p>",
        "<p>He said:</p><ul><li>a</li></ul>",
        "<blockquote>indented</blockquote><p>text</p>",
        "<p>see</p><pre>&gt; npm start\n&gt; node</pre><p>fails</p>",
        "<div class=quote>only this</div>",
        "<p>a</p><blockquote type=cite>q</blockquote><p>b</p><blockquote type=cite>r</blockquote><p>c</p>",
        "<img src='cid:x'>",
        "",
    ],
)
def test_html_without_a_quotation_is_not_cut(html: str) -> None:
    assert cut_html(html).quoted == ""


def test_a_reply_that_is_only_a_picture_is_a_reply() -> None:
    found = cut_html(
        "<img src='cid:x'><div class=gmail_quote>On 1.1.2026 A &lt;a@b.c&gt; wrote:<blockquote class=gmail_quote>q</blockquote></div>"
    )
    assert found.reply == '<img src="cid:x">'
    assert "q" in found.quoted


def test_both_parts_are_clean() -> None:
    found = cut_html(
        "<p onclick=x>a<script>b</script></p><div id=appendonsend></div><p onclick=y>c<script>d</script></p>"
    )
    assert found.reply == "<p>a</p>"
    assert found.quoted.endswith("<div></div><p>c</p>")


def test_an_answer_below_is_found() -> None:
    found = cut_html("<div>On 1.1.2026, A &lt;a@b.c&gt; wrote:</div><blockquote type=cite>q</blockquote><p>below</p>")
    assert html_to_text(found.reply) == "below"
    assert html_to_text(found.quoted) == "On 1.1.2026, A <a@b.c> wrote:\n\n> q"


def test_html_too_deep_for_a_tree_is_cut_as_text() -> None:
    found = cut_html("<div>" * 3_000 + "<p>answer</p><p>On 1.1.2026, A &lt;a@b.c&gt; wrote:</p><p>old</p>")
    assert html_to_text(found.reply) == "answer"
