"""Mails that want to stop their reader, by name. Each is built when asked for; `scale` 1 is the size that must be read
in time, halves of it show how the time grows."""

# ruff: noqa: E501 - mails and tables are kept on one line
from __future__ import annotations

import base64
from collections.abc import Callable

_HEAD = b"From: a@example.com\nTo: desk@example.net\nSubject: hostile\nMessage-ID: <x@example.com>\n"


def _mail(headers: str, body: bytes = b"") -> bytes:
    return _HEAD + headers.encode() + b"\n" + body


def _text(body: str) -> bytes:
    return _mail("Content-Type: text/plain; charset=utf-8\n", body.encode())


def _html(body: str) -> bytes:
    return _mail("Content-Type: text/html; charset=utf-8\n", body.encode())


def _encoded(name: str, body: bytes, kind: str = "text/plain") -> bytes:
    return _mail(f"Content-Type: {kind}\nContent-Transfer-Encoding: {name}\n", body)


def _nested_multiparts(count: int) -> bytes:
    opening = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(count))
    return _HEAD + opening.encode() + b"\nhello\n" + "".join(f"--b{n}--\n" for n in reversed(range(count))).encode()


def _nested_messages(count: int) -> bytes:
    return _HEAD + b"Content-Type: message/rfc822\n\n" * count + b"hello"


def _many_parts(count: int, header: str = "Content-Type: text/plain\n") -> bytes:
    return _mail("Content-Type: multipart/mixed; boundary=b\n", f"--b\n{header}\nx\n".encode() * count + b"--b--\n")


def _headless_parts(count: int) -> bytes:
    return _mail("Content-Type: multipart/mixed; boundary=b\n", b"--b\nX: y\n" * count)


def _dash_lines(count: int) -> bytes:
    return _mail("Content-Type: multipart/mixed; boundary=b\n", b"--bb\n" * count)


def _rfc2231(count: int) -> bytes:
    pieces = "".join(f";\n name*{n}*=%41" for n in reversed(range(count)))
    return _mail(f"Content-Type: application/pdf{pieces}\n", b"x")


_CHARSETS = (
    "utf-7 utf-16 utf-32 utf-8 gb2312 gbk gb18030 big5 euc-jp euc-kr shift_jis iso-2022-jp iso-2022-kr hz "
    "koi8-r koi8-u windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 "
    "windows-1256 windows-1257 windows-1258 iso-8859-1 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 "
    "iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-9 iso-8859-10 iso-8859-13 iso-8859-14 iso-8859-15 "
    "iso-8859-16 macintosh cp437 cp850 cp866 tis-620 idna punycode unicode_escape raw_unicode_escape "
    "undefined rot13 hex base64 zip bz2 uu mbcs oem utf-8-sig x-unknown unknown-8bit x-user-defined _ '' "
    "latin-9 us-ascii"
)
"""Known ones, strange ones and Python's own, which are no charsets of text."""


def _charsets(_: int) -> bytes:
    parts = b"".join(
        f"--b\nContent-Type: text/plain; charset={name}\n\n".encode() + bytes(range(9, 256)) + b"\n"
        for name in _CHARSETS.split()
    )
    return _mail("Content-Type: multipart/mixed; boundary=b\n", parts)


HOSTILE: dict[str, tuple[int, Callable[[int], bytes]]] = {
    "angle brackets in text": (1_000_000, lambda n: _text("<" * n)),
    "angle brackets in html": (1_000_000, lambda n: _html("<" * n)),
    "open tags without end": (200_000, lambda n: _html("<a " * n)),
    "images without end": (200_000, lambda n: _html("<img " * n)),
    "images with open quotes": (100_000, lambda n: _html('<img src="' * n)),
    "attributes without end": (100_000, lambda n: _html("<p " + "a='" * n)),
    "dotted letters": (500_000, lambda n: _text("a." * n)),
    "dotted letters with at": (300_000, lambda n: _text("a.@" * n)),
    "web addresses": (60_000, lambda n: _text("http://a.b/(" * n)),
    "one long web address": (1_000_000, lambda n: _text("http://" + "a" * n)),
    "closing brackets after address": (1_000_000, lambda n: _text("http://a" + ")" * n)),
    "square brackets in subject": (1_000_000, lambda n: _mail(f"Subject: {'[' * n}\n", b"x")),
    "tokens in subject": (100_000, lambda n: _HEAD[:0] + b"Subject: " + b"[#1]" * n + b"\n\nx"),
    "prefixes in subject": (200_000, lambda n: b"Subject: " + b"Re: " * n + b"\n\nx"),
    "quotation marks": (1_000_000, lambda n: _text(">" * n)),
    "lines of quotation marks": (200_000, lambda n: _text(">>>>\n" * n)),
    "introductions": (20_000, lambda n: _text("On 1.1.2026 10:15 a wrote:\n" * n)),
    "lines with colons": (100_000, lambda n: _text("a wrote:\n" * n)),
    "one long line with a colon": (1_000_000, lambda n: _text("On " * (n // 3) + "wrote:")),
    "lines of colons between blanks": (50_000, lambda n: _text("On 1.1.2026 a <a@b.c>\n\n" * n)),
    "forward lines": (50_000, lambda n: _text("---------- Forwarded message ---------\n" * n)),
    "a forward without end of its header": (60_000, lambda n: _text("Begin forwarded message:\n\n" + "From: a\n\n" * n)),
    "initials of an old mailer": (100_000, lambda n: _text("a wrote:\nAB> x\n" * n)),
    "chevrons": (100_000, lambda n: _text(">>> a 1 >>>x\n" * n)),
    "words of a Notes header": (100_000, lambda n: _text("To\n" * n)),
    "dashed introductions": (50_000, lambda n: _text("---- On Mon a@b.c ---x-\n" * n)),
    "introductions on one line": (50_000, lambda n: _text("On 1.1.2026 a@b.c:  " * n)),
    "telephones below rules": (50_000, lambda n: _text("x\n" + "_____\n+1 555 0100\n" * n)),
    "signatures": (100_000, lambda n: _text("-- \n" * n)),
    "telephone signatures": (60_000, lambda n: _text("x\nSent from my a\n" * n)),
    "attached mails": (2_000, lambda n: _many_parts(n, "Content-Type: message/rfc822\n")),
    "header labels": (60_000, lambda n: _text("From: a@b.c\n" * n)),
    "dashes": (1_000_000, lambda n: _text("-" * n + "x")),
    "rules": (100_000, lambda n: _text("-----x-----\n" * n)),
    "blanks": (1_000_000, lambda n: _text(" " * n + "x")),
    "blank lines": (1_000_000, lambda n: _text("\n" * n + "x")),
    "nested div": (200_000, lambda n: _html("<div>" * n)),
    "nested div with text": (50_000, lambda n: _html("<div>x" * n)),
    "nested blockquote": (100_000, lambda n: _html("<blockquote type=cite>x" * n)),
    "nested tables": (50_000, lambda n: _html("<table><tr><td>" * n)),
    "deep as allowed, again and again": (100, lambda n: _html(("<div>" * 390 + "x" + "</div>" * 390) * n)),
    "unclosed formatting": (50_000, lambda n: _html("".join(f"<font color={i}><p>x" for i in range(n)))),
    "links in links": (50_000, lambda n: _html("<a href=http://x>y" * n)),
    "ampersands": (700_000, lambda n: _html("&" * n)),
    "entities": (200_000, lambda n: _html("&amp;" * n)),
    "comments": (200_000, lambda n: _html("<!--" * n)),
    "comments that end": (100_000, lambda n: _html("<!---->" * n)),
    "declarations": (200_000, lambda n: _html("<!" * n)),
    "script tags": (100_000, lambda n: _html("<script>" * n)),
    "style tags": (50_000, lambda n: _html("<style>a</style>" * n)),
    "head tags": (100_000, lambda n: _html("<head>" * n)),
    "svg in math": (50_000, lambda n: _html("<svg><math>" * n)),
    "long style": (100_000, lambda n: _html(f"<p style='{'color:red;' * n}'>x")),
    "brackets in style": (100_000, lambda n: _html(f"<p style='color:{'rgb(1)' * n}'>x")),
    "many attributes": (20_000, lambda n: _html("<p " + " ".join(f"a{i}=1" for i in range(n)) + ">x")),
    "breaks": (200_000, lambda n: _html("<br>" * n)),
    "paragraphs": (60_000, lambda n: _html("<p>x" * n)),
    "many parts": (50_000, _many_parts),
    "many pictures": (20_000, lambda n: _many_parts(n, "Content-Type: image/png\nContent-Disposition: inline\n")),
    "parts without end of header": (100_000, _headless_parts),
    "lines like boundaries": (300_000, _dash_lines),
    "nested multiparts": (1_200, _nested_multiparts),
    "many nested multiparts": (20_000, _nested_multiparts),
    "nested messages": (20_000, _nested_messages),
    "boundary as body": (200_000, lambda n: _mail("Content-Type: multipart/mixed; boundary=b\n", b"--b" * n)),
    "long boundary": (500_000, lambda n: _mail(f"Content-Type: multipart/mixed; boundary={'b' * n}\n", b"--" + b"b" * n)),
    "one header of ten megabytes": (10_000_000, lambda n: b"Subject: " + b"a" * n + b"\n\nx"),
    "folded header": (500_000, lambda n: b"Subject: a" + b"\n b" * n + b"\n\nx"),
    "many headers": (300_000, lambda n: b"X-A: b\n" * n + b"\nx"),
    "no header ends": (1_000_000, lambda n: b"a" * n),
    "addresses": (100_000, lambda n: b"To: " + b"a@example.com, " * n + b"\n\nx"),
    "different addresses": (100_000, lambda n: ("To: " + ", ".join(f"a{i}@b.example" for i in range(n)) + "\n\nx").encode()),
    "quotes in addresses": (300_000, lambda n: b'From: "' + b'\\"' * n + b"\n\nx"),
    "open quotes in addresses": (200_000, lambda n: b"From: " + b'"a' * n + b"\n\nx"),
    "comments in addresses": (500_000, lambda n: b"From: " + b"(" * n + b"\n\nx"),
    "brackets in addresses": (500_000, lambda n: b"From: " + b"<" * n + b"\n\nx"),
    "groups in addresses": (300_000, lambda n: b"To: " + b"a:;" * n + b"\n\nx"),
    "long domain": (500_000, lambda n: b"From: a@" + "ä.".encode() * n + b"\n\nx"),
    "references": (100_000, lambda n: b"References: " + b"<a@b> " * n + b"\n\nx"),
    "open references": (500_000, lambda n: b"References: " + b"<" * n + b"\n\nx"),
    "encoded words": (50_000, lambda n: b"Subject: " + b"=?utf-8?q?a?= " * n + b"\n\nx"),
    "open encoded words": (100_000, lambda n: b"Subject: " + b"=?utf-8?q?" * n + b"\n\nx"),
    "open encoded words, one end": (100_000, lambda n: b"Subject: " + b"=?utf-8?q?" * n + b"?=\n\nx"),
    "charsets in words": (5_000, lambda n: b"Subject: " + b" ".join(b"=?x-%d?q?=FF?=" % i for i in range(n)) + b"\n\nx"),
    "raw bytes in subject": (500_000, lambda n: b"Subject: " + b"\xff\xfe" * n + b"\n\nx"),
    "comments in content type": (500_000, lambda n: _mail("Content-Type: text/plain" + "(" * n + "\n", b"x")),
    "parameters": (100_000, lambda n: _mail("Content-Type: text/plain" + "; a=b" * n + "\n", b"x")),
    "open quotes in parameters": (100_000, lambda n: _mail("Content-Type: text/plain" + '; a="' * n + "\n", b"x")),
    "rfc 2231 pieces": (10_000, _rfc2231),
    "rfc 2231 huge number": (1, lambda n: _mail("Content-Type: a/b; name*999999*=a; name*0*=''''\n", b"x")),
    "received": (50_000, lambda n: b"Received: from a by b for <c@d.e>; Sat, 21 Nov 2026 10:00:00 +0000\n" * n + b"\nx"),
    "long date": (1_000_000, lambda n: b"Date: " + b"1" * n + b"\n\nx"),
    "date out of range": (1, lambda n: b"Date: Sat, 31 Dec 9999 23:59:59 -2359\n\nx"),
    "base64 rubbish": (1_000_000, lambda n: _encoded("base64", b"=" * n)),
    "base64 padded lines": (100_000, lambda n: _encoded("base64", b"QQ==\n" * n)),
    "base64 with foreign": (300_000, lambda n: _encoded("base64", b"Q!=? " * n)),
    "quoted-printable rubbish": (1_000_000, lambda n: _encoded("quoted-printable", b"=" * n)),
    "quoted-printable blanks": (1_000_000, lambda n: _encoded("quoted-printable", b"=" + b" " * n)),
    "uuencode rubbish": (100_000, lambda n: _encoded("x-uuencode", b"begin 644 a\n" * n)),
    "uuencode in text": (100_000, lambda n: _text("begin 644 a\n" * n)),
    "tnef rubbish": (1_000_000, lambda n: _encoded("8bit", b"\x78\x9f\x3e\x22" + b"\x01" * n, "application/ms-tnef")),
    "flowed": (200_000, lambda n: _mail("Content-Type: text/plain; format=flowed\n", b"a \n" * n)),
    "flowed in quotes": (50_000, lambda n: _mail("Content-Type: text/plain; format=flowed\n", b">> a \n> b \n" * n)),
    "sixty charsets": (1, _charsets),
    "combining marks": (200_000, lambda n: _text("a" + "\u0301\u0323" * n)),
    "undeclared bytes": (1_000_000, lambda n: _mail("", bytes(range(128, 256)) * (n // 128))),
    "undeclared escape": (300_000, lambda n: _mail("", b"\x1b$B" * n)),
    "report of many groups": (50_000, lambda n: _mail(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
        b"--b\nContent-Type: message/delivery-status\n\n" + b"Final-Recipient: rfc822;a@b.c\n\n" * n + b"--b--\n")),
    "report in words": (50_000, lambda n: b"Return-Path: <>\nFrom: MAILER-DAEMON@x\nSubject: failure notice\n\n" + b"550 5.1.1 a@b.c unknown user\n" * n),
    "content ids": (50_000, lambda n: _html("<img src='cid:a'>" * n)),
    "zip by name": (1, lambda n: _encoded("base64", base64.b64encode(b"PK\x03\x04" + b"\0" * 26 + b"word/"), "application/zip")),
    "cyrillic subject of 8 bits": (200_000, lambda n: b"Subject: " + "привет ".encode("cp1251") * n + b"\n\nx"),
    "nul": (1_000_000, lambda n: _text("\x00" * n)),
    "carriage returns": (1_000_000, lambda n: _text("\r" * n)),
    "only carriage returns": (100_000, lambda n: b"From: a@b.c\r" * n),
    "nothing": (1, lambda n: b""),
    "one newline": (1, lambda n: b"\n"),
    "one colon": (1, lambda n: b":"),
}  # fmt: skip


def hostile_mail(name: str, share: float = 1.0) -> bytes:
    """The mail of that name, at a share of its size."""
    size, build = HOSTILE[name]
    return build(max(int(size * share), 1))
