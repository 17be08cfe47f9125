"""Short ways to write a mail in a test."""

from __future__ import annotations

import json

from tugi.channels.email.parsing import Attachment, ParsedMail, parse_mail

BASE = {
    "From": "Ann <ann@example.com>",
    "To": "desk@desk.example",
    "Subject": "Hello",
    "Message-ID": "<1@example.com>",
    "Date": "Sat, 21 Nov 2020 10:00:00 +0200",
}


def mail(body: str | bytes = "Hello", charset: str = "utf-8", /, **headers: str | None) -> bytes:
    """A mail with the usual headers; `x_loop="y"` adds or replaces X-Loop, None takes a header away."""
    given = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    fields = {name.lower(): value for name, value in BASE.items()} | given
    head = "".join(f"{name}: {value}\n" for name, value in fields.items() if value is not None)
    data = body if isinstance(body, bytes) else body.encode(charset)
    return head.encode("utf-8", "surrogateescape") + b"\n" + data


def read(body: str | bytes = "Hello", charset: str = "utf-8", /, **headers: str | None) -> ParsedMail:
    return parse_mail(mail(body, charset, **headers))


def sent(found: ParsedMail) -> str:
    """The mail as the child that reads hands it over, but for the bytes of its files."""
    return json.dumps(found.to_data())


def arrived(found: ParsedMail) -> ParsedMail:
    """The mail as it is on the other side."""
    return ParsedMail.from_data(json.loads(sent(found)), [each.content for each in found.attachments])


def multipart(*parts: str | bytes, kind: str = "mixed", params: str = "", **headers: str | None) -> bytes:
    """A mail of parts, each written with its header, a blank line and its body."""
    pieces = [part if isinstance(part, bytes) else part.encode() for part in parts]
    body = b"".join(b"--=b\n" + piece + b"\n" for piece in pieces) + b"--=b--\n"
    return mail(body, "utf-8", **{**headers, "Content_Type": f'multipart/{kind}; boundary="=b"{params}'})


def text(body: str, params: str = "") -> str:
    return f"Content-Type: text/plain; charset=utf-8{params}\n\n{body}"


def html(body: str) -> str:
    return f"Content-Type: text/html; charset=utf-8\n\n{body}"


def attached(headers: str, body: str = "content") -> Attachment:
    """The only attachment of a mail with one part of these headers beside its text."""
    return parse_mail(multipart(text("see file"), f"{headers}\n\n{body}")).attachments[0]
