"""Rule 1.12.5: winmail.dat is unpacked; broken or looping, it ends safely and stays."""

from __future__ import annotations

import base64
import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tugi.channels.email.parsing import ParsedMail, parse_mail
from tugi.channels.email.parsing.tnef import read_tnef
from tugi.channels.email.tests.parsing import tnef_writer as w
from tugi.channels.email.tests.parsing.mails import arrived, html, multipart
from tugi.channels.email.tests.parsing.mails import text as plain

RTF = rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}{\*\htmltag84 <b>}Hello{\*\htmltag92 </b>}{\*\htmltag72 </p>}}"


def part(data: bytes, name: str = "winmail.dat", kind: str = "application/ms-tnef") -> bytes:
    head = f'Content-Type: {kind}; name="{name}"\nContent-Transfer-Encoding: base64\n\n'
    return head.encode() + base64.encodebytes(data)


def read(data: bytes, *others: str, kind: str = "application/ms-tnef") -> ParsedMail:
    return parse_mail(multipart(*others, part(data, kind=kind)))


def shown(found: ParsedMail) -> list[tuple[str, bytes]]:
    return [(each.name, each.content) for each in found.attachments if not each.hidden]


def test_files_are_taken_out_with_their_long_names() -> None:
    long_name = (w.UNICODE, 0x3707, w.text("Отчёт за ноябрь.pdf"))
    found = read(w.tnef(w.file(b"REPORT~1.PDF", b"%PDF-1.4", long_name), w.file(b"b.txt", b"two")), plain("see"))
    assert shown(found) == [("Отчёт за ноябрь.pdf", b"%PDF-1.4"), ("b.txt", b"two")]
    assert (found.attachments[0].name, found.attachments[0].hidden) == ("winmail.dat", True)
    assert arrived(found) == found


def test_names_without_a_long_form_are_of_the_mails_code_page() -> None:
    assert shown(read(w.tnef(w.file("Счёт.txt".encode("cp1251"), b"x")), plain("see")))[0][0] == "Счёт.txt"


def test_names_in_an_envelope_are_cleaned_as_all_names() -> None:
    assert shown(read(w.tnef(w.file(b"..\\..\\a.txt", b"x")), plain("see")))[0][0] == "a.txt"


@pytest.mark.parametrize(
    ("told", "text", "html_"),
    [
        ((w.STRING, 0x1000, b"Hello\0"), "Hello", ""),
        ((w.UNICODE, 0x1000, w.text("Привет")), "Привет", ""),
        ((w.BINARY, 0x1013, b"<p>Hello</p>"), "Hello", "<p>Hello</p>"),
        ((w.BINARY, 0x1009, w.literal_rtf(RTF)), "Hello", "<p><b>Hello</b></p>"),
        ((w.BINARY, 0x1009, w.literal_rtf(rb"{\rtf1 Hello\par you}")), "Hello\nyou", ""),
    ],
)
def test_the_words_of_the_envelope_are_the_mails(told: tuple[int, int, bytes], text: str, html_: str) -> None:
    found = read(w.tnef(w.message((0x03, 0x8005, b"\0" * 4), told)))
    assert (found.text.strip(), found.html) == (text, html_)
    assert found.problems == ()


def test_the_old_body_is_read() -> None:
    assert read(w.tnef(w.attribute(1, 0x0002800C, b"Hello\0"))).text == "Hello"


def test_html_is_read_in_the_code_page_that_the_mail_names() -> None:
    found = read(
        w.tnef(w.message((w.LONG, 0x3FDE, struct.pack("<I", 20866)), (w.BINARY, 0x1013, "да".encode("koi8-r"))))
    )
    assert found.html == "да"


def test_the_layout_is_taken_where_the_text_says_the_same() -> None:
    data = w.tnef(w.message((w.BINARY, 0x1009, w.stored_rtf(RTF))))
    found = read(data, plain("Hello\n"))
    assert (found.text, found.html) == ("Hello", "<p><b>Hello</b></p>")


def test_words_beside_the_envelope_are_not_lost_to_it() -> None:
    data = w.tnef(w.message((w.BINARY, 0x1009, w.stored_rtf(RTF))))
    found = read(data, plain("Please see what they sent me"))
    assert (found.text, found.html) == ("Please see what they sent me", "")


def test_the_mails_own_html_stays() -> None:
    data = w.tnef(w.message((w.BINARY, 0x1009, w.stored_rtf(RTF))))
    assert read(data, html("<p>mine</p>")).html == "<p>mine</p>"


def test_a_picture_of_the_envelopes_html_stands_in_it() -> None:
    picture = w.file(b"p.png", b"\x89PNG\r\n\x1a\n", (w.STRING, 0x3712, b"p@x\0"), (w.STRING, 0x370E, b"image/png\0"))
    found = read(w.tnef(w.message((w.BINARY, 0x1013, b'<img src="cid:p@x">')), picture))
    assert [(each.content_id, each.inline) for each in found.attachments[1:]] == [("p@x", True)]


def test_a_mail_within_is_a_file_that_mail_programs_open() -> None:
    sent = struct.pack("<Q", 132_500_000_000_000_000)
    inner = w.tnef(
        w.message(
            (w.UNICODE, 0x0037, w.text("Прежнее письмо")),
            (w.UNICODE, 0x1000, w.text("Inner words")),
            (w.UNICODE, 0x0042, w.text("Ann")),
            (w.STRING, 0x0065, b"ann@example.com\0"),
            (w.TIME, 0x0039, sent),
        ),
        w.file(b"deep.txt", b"deep"),
    )
    data = w.tnef(w.file(b"x", b"", (w.UNICODE, 0x3001, w.text("Earlier")), (w.OBJECT, 0x3701, w.MESSAGE + inner)))
    found = read(data, plain("see"))
    assert [(each.name, each.content_type) for each in found.attachments[1:]] == [("x.eml", "message/rfc822")]
    within = parse_mail(found.attachments[1].content)
    assert (within.subject, within.text.strip()) == ("Прежнее письмо", "Inner words")
    assert within.from_ and within.from_.addr == "ann@example.com"
    assert within.date and within.date.year == 2020
    assert shown(within) == [("deep.txt", b"deep")]


def test_mails_within_mails_end() -> None:
    data = w.tnef(w.file(b"deepest.txt", b"x"))
    for _ in range(30):
        data = w.tnef(w.file(b"mail", b"", (w.OBJECT, 0x3701, w.MESSAGE + data)))
    found = read(data, plain("see"))
    assert "too_deep" in found.problems
    assert not found.attachments[0].hidden


def test_it_is_known_by_its_bytes_too() -> None:
    found = read(w.tnef(w.file(b"a.txt", b"x")), plain("see"), kind="application/octet-stream")
    assert shown(found) == [("a.txt", b"x")]


@pytest.mark.parametrize("cut", [3, 20, 60, 100, -4])
def test_what_is_cut_short_stays_to_be_seen(cut: int) -> None:
    whole = w.tnef(w.message((w.STRING, 0x1000, b"Hello there\0")), w.file(b"a.txt", b"some content"))
    found = read(whole[:cut], plain("see"))
    assert "winmail.dat" in [name for name, _ in shown(found)] or found.attachments[0].content_type == "text/plain"
    assert not [problem for problem in found.problems if "failed" in problem]


def test_lengths_that_lie_are_not_believed() -> None:
    lie = struct.pack("<BII", 2, 0x0006800F, 2**32 - 1) + b"x"
    found = read_tnef(w.tnef(w.file(b"a.txt", b"x")) + lie)
    assert found.problems == {"tnef_broken"}
    assert [each.data for each in found.files] == [b"x"]


def test_counts_that_lie_are_not_believed() -> None:
    started = time.process_time()
    read_tnef(w.tnef(w.attribute(1, 0x00069003, struct.pack("<IHHI", 2**32 - 1, w.BINARY, 0x1009, 2**32 - 1))))
    assert time.process_time() - started < 0.5


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 700), st.binary(min_size=1, max_size=4)), max_size=5))
def test_any_envelope_is_read(changes: list[tuple[int, bytes]]) -> None:
    inner = w.tnef(w.message((w.BINARY, 0x1009, w.literal_rtf(RTF))))
    data = w.tnef(
        w.message((w.UNICODE, 0x1000, w.text("Hello")), (w.BINARY, 0x1009, w.literal_rtf(RTF))),
        w.file(b"a.txt", b"x", (w.UNICODE, 0x3707, w.text("long.txt")), (w.OBJECT, 0x3701, w.MESSAGE + inner)),
    )
    for at, new in changes:
        data = data[:at] + new + data[at + len(new) :]
    found = parse_mail(multipart(plain("x"), part(data)))
    assert not [problem for problem in found.problems if "failed" in problem]


BOMBS = {
    "files": lambda: w.tnef(w.file(b"a", b"x") * 60_000),
    "attributes": lambda: w.tnef(w.attribute(1, 0x0002800C, b"") * 250_000),
    "properties": lambda: w.tnef(w.message(*[(w.LONG, 0x1234, b"\0" * 4)] * 400_000)),
    "rtf": lambda: w.tnef(
        w.message(
            (w.BINARY, 0x1009, struct.pack("<II4sI", 0, 2**31, b"LZFu", 0) + (b"\xff" + b"\x0c\xff" * 8) * 200_000)
        )
    ),
    "rtf in many mails": lambda: w.tnef(
        *[
            w.file(
                b"m",
                b"",
                (w.OBJECT, 0x3701, w.MESSAGE + w.tnef(w.message((w.BINARY, 0x1009, w.stored_rtf(b"{}" * 200_000))))),
            )
        ]
        * 20
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_read_in_time(name: str) -> None:
    raw = multipart(plain("x"), part(BOMBS[name]()))
    started = time.process_time()
    parse_mail(raw)
    assert time.process_time() - started < 2
