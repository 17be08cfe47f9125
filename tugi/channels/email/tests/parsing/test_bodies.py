"""Rule 1.9: which text is read and shown."""

from __future__ import annotations

import base64

import pytest

from tugi.channels.email.parsing import parse_mail
from tugi.channels.email.parsing.transfer import from_base64, from_quoted_printable, from_uuencode
from tugi.channels.email.tests.parsing.mails import html, multipart, read, text

PICTURE = "Content-Type: image/gif; name=p.png\nContent-Disposition: inline\nContent-ID: <p@x>\n\nGIF89a"


def test_of_alternatives_html_is_shown_and_text_is_searched() -> None:
    found = parse_mail(multipart(text("plain"), html("<b>rich</b>"), kind="alternative"))
    assert found.html == "<b>rich</b>"
    assert found.text == "plain"


@pytest.mark.parametrize(
    "plain",
    [
        "",
        " \n ",
        "Your mail reader cannot show HTML.",
        "This message requires an HTML capable client. Your reader does not support html",
    ],
)
def test_a_text_that_says_nothing_gives_way_to_the_html(plain: str) -> None:
    found = parse_mail(multipart(text(plain), html("<p>rich</p>"), kind="alternative"))
    assert found.text == "rich"
    assert found.reply_text == "rich"


def test_several_texts_are_joined_in_order_with_files_between() -> None:
    found = parse_mail(multipart(text("one"), "Content-Type: application/pdf; name=a.pdf\n\n%PDF-", text("two")))
    assert found.text == "one\n\ntwo"
    assert [each.name for each in found.attachments] == ["a.pdf"]


def test_text_and_html_side_by_side_are_both_shown() -> None:
    found = parse_mail(multipart(text("a < b"), html("<i>two</i>")))
    assert found.html == "<p>a &lt; b</p>\n<i>two</i>"
    assert found.text == "a < b\n\ntwo"


def test_a_picture_between_texts_is_shown_in_its_place() -> None:
    found = parse_mail(multipart(text("before"), PICTURE, text("after")))
    assert found.html == '<p>before</p>\n<div><img src="cid:p@x"></div>\n<p>after</p>'
    assert found.attachments[0].inline


def test_a_picture_between_texts_without_an_id_gets_one() -> None:
    found = parse_mail(multipart(text("before"), PICTURE.replace("Content-ID: <p@x>\n", ""), text("after")))
    assert found.attachments[0].content_id
    assert f"cid:{found.attachments[0].content_id}" in found.html


@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
def test_a_text_marked_as_attachment_is_a_file(kind: str) -> None:
    found = parse_mail(
        multipart(text("body"), f"Content-Type: {kind}\nContent-Disposition: attachment; filename=a.log\n\nlog")
    )
    assert found.text == "body"
    assert [each.name for each in found.attachments] == ["a.log"]


def test_a_named_text_after_the_body_is_a_file() -> None:
    found = parse_mail(
        multipart(text("body"), "Content-Type: text/plain; name=a.txt\nContent-Disposition: inline\n\nlog")
    )
    assert found.text == "body"
    assert [each.name for each in found.attachments] == ["a.txt"]


def test_alternatives_within_related_within_mixed_are_found() -> None:
    inner = (
        "Content-Type: multipart/alternative; boundary=i\n\n--i\n"
        + text("t")
        + "\n--i\n"
        + html("<img src=cid:p@x>")
        + "\n--i--"
    )
    related = f"Content-Type: multipart/related; boundary=r\n\n--r\n{inner}\n--r\n{PICTURE}\n--r--"
    found = parse_mail(multipart(related, "Content-Type: application/pdf; name=a.pdf\n\n%PDF-"))
    assert (found.text, found.html) == ("t", "<img src=cid:p@x>")
    assert [(each.name, each.inline) for each in found.attachments] == [("p.png", True), ("a.pdf", False)]


def test_html_in_pieces_around_a_file_is_joined() -> None:
    mixed = (
        "Content-Type: multipart/mixed; boundary=i\n\n--i\n"
        + html("<p>one</p>")
        + "\n--i\nContent-Type: application/pdf; name=a.pdf\n"
        "Content-Disposition: inline\n\n%PDF-\n--i\n" + html("<p>two</p>") + "\n--i--"
    )
    found = parse_mail(multipart(text("one\n\ntwo"), mixed, kind="alternative"))
    assert "one" in found.html
    assert "two" in found.html
    assert [each.name for each in found.attachments] == ["a.pdf"]


@pytest.mark.parametrize(
    ("body", "params", "expected"),
    [
        ("a \nb", "", "a b"),
        ("a\nb", "", "a\nb"),
        ("> a \n> b\nc", "", "> a b\nc"),
        (">> a \n> b", "", ">> a \n> b"),
        ("a \nb", "; delsp=yes", "ab"),
        ("-- \nsig", "", "-- \nsig"),
        (" From x", "", "From x"),
    ],
)
def test_flowed_text_flows(body: str, params: str, expected: str) -> None:
    found = read(body, Content_Type=f"text/plain; charset=utf-8; format=flowed{params}").text
    assert found.replace(">> a\n", ">> a \n") == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a=C3=A9b", "aéb".encode()),
        (b"a=\nb", b"ab"),
        (b"a= \t\nb", b"ab"),
        (b"a=zzb", b"a=zzb"),
        (b"a=", b"a"),
        (b"100% = all", b"100% = all"),
        (b"a=c3=a9", "aé".encode()),
    ],
)
def test_broken_quoted_printable_is_read(data: bytes, expected: bytes) -> None:
    assert from_quoted_printable(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"SGVsbG8=", b"Hello"),
        (b"SGVsbG8", b"Hello"),
        (b"SGVs\r\nbG8=\r\n", b"Hello"),
        (b"SGVsbG8=\nSGVsbG8=\n", b"HelloHello"),
        (b"SG*Vs-bG8=", b"Hello"),
        (b"SGVsbG8=\n_______\nmailing list\nhttp://x.example/list", b"Hello"),
        (b"S", b""),
        (b"====", b""),
        (b"", b""),
    ],
)
def test_broken_base64_is_read(data: bytes, expected: bytes) -> None:
    assert from_base64(data) == expected


def test_uuencode_is_read() -> None:
    assert from_uuencode(b"begin 644 a.txt\n%2&5L;&\\ \n`\nend\n") == b"Hello"


@pytest.mark.parametrize("encoding", ["x-rubbish", "8bit", "7bit", "binary", "", "utf-8"])
def test_an_unknown_encoding_leaves_the_text_as_it_is(encoding: str) -> None:
    assert read("caf=C3=A9", Content_Transfer_Encoding=encoding).text == "caf=C3=A9"


@pytest.mark.parametrize("encoding", ["BASE64", " base64 ", '"base64"', "base64;"])
def test_encodings_are_known_in_any_dress(encoding: str) -> None:
    assert read(base64.b64encode(b"Hello").decode(), Content_Transfer_Encoding=encoding).text == "Hello"


def test_nothing_to_read_is_said() -> None:
    found = parse_mail(multipart("Content-Type: application/pdf; name=a.pdf\n\n%PDF-"))
    assert "no_visible_content" in found.problems
    assert len(found.attachments) == 1


def test_what_is_shown_is_clean_and_what_is_kept_is_not() -> None:
    found = read("<p onclick=x>a<script>b</script></p>", Content_Type="text/html")
    assert found.reply_html == "<p>a</p>"
    assert "script" in found.html


def test_a_signed_mail_is_its_text_and_a_hidden_signature() -> None:
    signature = "Content-Type: application/pgp-signature; name=signature.asc\n\n-----BEGIN PGP SIGNATURE-----"
    found = parse_mail(multipart(text("body"), signature, kind="signed"))
    assert found.text == "body"
    assert [each.hidden for each in found.attachments] == [True]
