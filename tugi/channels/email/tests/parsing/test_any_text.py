"""Whatever a text is made of: cutting loses none of it, and looking for a passed-on mail or ids never fails."""

# ruff: noqa: E501 - tables are kept side by side
from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tugi.channels.email.parsing.forwards import forwarded_in
from tugi.channels.email.parsing.headers import Headers
from tugi.channels.email.parsing.identifiers import message_ids, own_id
from tugi.channels.email.parsing.quotes import cut_html, cut_text
from tugi.core.html import clean_html, html_to_text
from tugi.core.subjects import strip_prefixes, strip_token, subject_tokens
from tugi.core.tests.test_html_xss import faults

BOUNDED = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
LINES = st.sampled_from(
    [
        "", " ", "It is blue.", "> Which lamp?", ">> Deeper.", "On 1.1.2026, Ann <a@b.c> wrote:", "Am 1.1.2026 schrieb Ann", "<a@b.c>", "wrote:",
        "From: Ann <a@b.c>", "Sent: Monday", "To: desk@d.e", "Subject: Lamp", "-----Original Message-----", "________", "-- ", "Ann", "+1 555 0100",
        "---------- Forwarded message ---------", "Begin forwarded message:", "Sent from my iPhone", ">>> Ann <a@b.c> 1/1/2026 >>>", "AB> x",
        "To", "Thema", "---- On Mon, Ann <a@b.c> wrote ----", "On 1.1.2026 Ann <a@b.c> wrote:   Hello", "## reply above this line ##", "From:", "x:",
    ]
)  # fmt: skip
TEXTS = st.lists(LINES | st.text(max_size=30), max_size=25).map("\n".join)
TAGS = st.sampled_from(
    [
        "<div>", "</div>", "<p>", "<br>", "<hr>", "<blockquote type=cite>", "<blockquote>", "</blockquote>", "<div class=gmail_quote>", "<b>From:</b> a@b.c",
        "<div id=appendonsend>", "<div id=divRplyFwdMsg>", "<table><tr><td>", "</table>", "<img src=cid:a>", "<div class=gmail_signature>", "<script>x",
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm'>", "On 1.1.2026, Ann &lt;a@b.c&gt; wrote:", "It is blue.", "<a href=x>",
    ]
)  # fmt: skip


def words(text: str) -> Counter[str]:
    return Counter(text.split())


def letters(html: str) -> Counter[str]:
    return Counter(each for each in html_to_text(html) if each.isalnum())


@BOUNDED
@given(TEXTS)
def test_nothing_of_a_text_is_lost_by_cutting_it(text: str) -> None:
    cut = cut_text(text)
    assert words(f"{cut.reply}\n{cut.quoted}") == words(text)
    assert cut.reply.strip() or not text.strip()


@BOUNDED
@example("0<div><\x1fOn 1.1.2026, Ann &lt;a@b.c&gt; wrote:")
@given(st.lists(TAGS | st.text(max_size=10), max_size=25).map("".join))
def test_nothing_of_an_html_is_lost_by_cutting_it(html: str) -> None:
    cut = cut_html(html)
    assert faults(cut.reply) == faults(cut.quoted) == []
    assert letters(cut.reply) + letters(cut.quoted) == letters(clean_html(html))


@BOUNDED
@given(TEXTS, st.sampled_from(["Fwd: x", "WG: x", "VS: x", "Re: x", "x"]))
def test_looking_for_a_passed_on_mail_never_fails(text: str, subject: str) -> None:
    found = forwarded_in(text, subject)
    assert found is None or "\n" not in found.from_email + found.from_name + found.subject


@BOUNDED
@given(
    st.lists(st.sampled_from([b"<", b">", b"a@b", b" ", b",", b"\r\n ", b'"', b"(", b"\xff"]), max_size=30).map(
        b"".join
    )
)
def test_ids_are_plain_words(value: bytes) -> None:
    headers = Headers([("references", value), ("message-id", value)])
    found = [*message_ids(headers, "references"), own_id(headers, value)[0]]
    assert all(each and each == each.strip() and "\n" not in each for each in found)
    assert len(set(found[:-1])) == len(found) - 1


@BOUNDED
@given(
    st.lists(st.sampled_from(["Re", ":", " ", "[#", "1", "]", "Fwd: ", "AW: ", "[#17]", "x"]), max_size=20).map("".join)
)
def test_a_subject_without_its_token_has_none(subject: str) -> None:
    assert subject_tokens(strip_token(subject)) == () or "[#" in strip_token(subject)
    assert strip_prefixes(strip_prefixes(subject)) == strip_prefixes(subject)
