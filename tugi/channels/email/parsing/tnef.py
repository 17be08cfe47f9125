"""winmail.dat: a mail in Microsoft's own envelope (MS-OXTNEF), taken apart into its texts and files.

Small and own, because the library for it has had no release in years and trusts the lengths that it reads. One pass
over a list of attributes; a mail within the mail is written as a file, to a depth that is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from tugi.channels.email.parsing import mapi
from tugi.channels.email.parsing.code_pages import codec_of_page
from tugi.channels.email.parsing.mapi import Cursor, Properties, Truncated
from tugi.channels.email.parsing.rtf import decompress, read_rtf
from tugi.core.text import normalise, single_line

SIGNATURE = b"\x78\x9f\x3e\x22"
DEEPEST = 4

_ATTACHMENT = 2
_SUBJECT, _BODY, _PROPERTIES, _CODE_PAGE = 0x8004, 0x800C, 0x9003, 0x9007
_NEW_FILE, _FILE_TITLE, _FILE_DATA, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_MESSAGE_ID = bytes.fromhex("0703020000000000c000000000000046")
"""IID_IMessage: the object attached is a mail."""


@dataclass
class Room:
    """What one envelope and all within it may take: files, and bytes of RTF once unpacked."""

    files: int = 200
    rtf: int = 2_000_000


@dataclass
class PackedFile:
    name: str = ""
    content_type: str = ""
    content_id: str = ""
    data: bytes = b""


@dataclass
class Unpacked:
    """What the envelope held. `problems` is empty only if all of it was read."""

    subject: str = ""
    text: str = ""
    html: str = ""
    files: list[PackedFile] = field(default_factory=list)
    properties: Properties | None = None
    codec: str = "cp1252"
    problems: set[str] = field(default_factory=set)
    room: Room = field(default_factory=Room)
    depth: int = 0


def read_tnef(data: bytes) -> Unpacked:
    """Reads the whole envelope, or as far as it can be trusted. Never raises; linear in the size of the data."""
    return _read(data, Unpacked())


def _read(data: bytes, found: Unpacked) -> Unpacked:
    if not data.startswith(SIGNATURE):
        found.problems.add("tnef_broken")
        return found
    cursor = Cursor(data, len(SIGNATURE) + 2)
    try:
        while cursor.left:
            _read_attribute(cursor, found)
    except Truncated:
        found.problems.add("tnef_broken")
    _read_body(found)
    found.files = [each for each in found.files if each.data or each.name]
    return found


def _read_attribute(cursor: Cursor, found: Unpacked) -> None:
    level = cursor.take(1)[0]
    if level not in (1, _ATTACHMENT):
        raise Truncated
    name = cursor.u32() & 0xFFFF
    value = cursor.take(cursor.u32())
    cursor.skip(2)
    if level == _ATTACHMENT:
        _read_file(name, value, found)
    elif name == _CODE_PAGE and len(value) >= 4:
        found.codec = codec_of_page(int.from_bytes(value[:4], "little")) or found.codec
    elif name == _SUBJECT:
        found.subject = _text(value, found)
    elif name == _BODY:
        found.text = _text(value, found)
    elif name == _PROPERTIES:
        found.properties = _properties(value, found)


def _read_file(name: int, value: bytes, found: Unpacked) -> None:
    if name == _NEW_FILE:
        found.room.files -= 1
        if found.room.files < 0:
            found.problems.add("attachments_cut")
            raise Truncated
        found.files.append(PackedFile())
    if not found.files:
        return
    file = found.files[-1]
    if name == _FILE_TITLE:
        file.name = file.name or _text(value, found)
    elif name == _FILE_DATA:
        file.data = file.data or value
    elif name == _FILE_PROPERTIES:
        _take_properties(file, _properties(value, found), found)


def _properties(value: bytes, found: Unpacked) -> Properties:
    properties = Properties(value)
    if not properties.is_whole:
        found.problems.add("tnef_broken")
    return properties


def _take_properties(file: PackedFile, told: Properties, found: Unpacked) -> None:
    long_name = told.text(mapi.ATTACH_LONG_FILENAME, found.codec) or told.text(mapi.ATTACH_FILENAME, found.codec)
    file.name = long_name or file.name or told.text(mapi.DISPLAY_NAME, found.codec)
    file.content_type = told.text(mapi.ATTACH_MIME_TAG, found.codec)
    file.content_id = told.text(mapi.ATTACH_CONTENT_ID, found.codec)
    attached = told.values.get(mapi.ATTACH_DATA)
    if attached is None:
        return
    if attached.kind == mapi.OBJECT and attached.data.startswith(_MESSAGE_ID):
        _take_message(file, attached.data[16:], found)
    elif not file.data:
        file.data = attached.data[16:] if attached.kind == mapi.OBJECT else attached.data


def _take_message(file: PackedFile, data: bytes, found: Unpacked) -> None:
    """A mail in the mail becomes a file that mail programs open; too deep, or too odd, it stays as it is."""
    written = b""
    if found.depth < DEEPEST:
        inner = _read(data, Unpacked(room=found.room, depth=found.depth + 1))
        found.problems |= inner.problems
        written = _as_mail(inner, file.name)
    else:
        found.problems.add("too_deep")
    title = single_line(file.name) or "message"
    file.data = written or data
    file.content_type = "message/rfc822" if written else "application/ms-tnef"
    file.name = title + (".eml" if written else ".dat")


def _read_body(found: Unpacked) -> None:
    told = found.properties
    if told is None:
        return
    pages = codec_of_page(told.number(mapi.CODE_PAGE)) or found.codec
    found.subject = told.text(mapi.SUBJECT, found.codec) or found.subject
    found.text = normalise(told.text(mapi.BODY, found.codec) or found.text)
    found.html = normalise(told.text(mapi.BODY_HTML, pages))
    packed = told.data(mapi.RTF_COMPRESSED)
    if packed and not found.html:
        _take_rtf(packed, found)


def _take_rtf(packed: bytes, found: Unpacked) -> None:
    rtf = decompress(packed, found.room.rtf)
    found.room.rtf -= len(rtf or b"")
    if rtf is None:
        found.problems.add("rtf_broken")
        return
    words = read_rtf(rtf)
    found.html = normalise(words.html)
    found.text = found.text if found.text.strip() else normalise(words.text)


def _as_mail(inner: Unpacked, name: str) -> bytes:
    """The mail within, in the form of the internet; empty if it cannot be written."""
    mail = EmailMessage(policy=SMTP)
    told = inner.properties or Properties(b"\0\0\0\0")
    try:
        mail["Subject"] = single_line(inner.subject or name)[:900]
        _head(mail, told, inner.codec)
        mail.set_content(inner.text)
        if inner.html:
            mail.add_alternative(inner.html, subtype="html")
        for file in inner.files:
            main, _, sub = (file.content_type or "application/octet-stream").partition("/")
            plain = main not in ("text", "message", "multipart") and main.isalnum() and sub
            kind = (main, sub) if plain else ("application", "octet-stream")
            mail.add_attachment(file.data, maintype=kind[0], subtype=kind[1], filename=single_line(file.name)[:200])
        return mail.as_bytes()
    except (ValueError, LookupError, TypeError, AttributeError, IndexError, KeyError):
        # What the standard library raises for values that it cannot write; the file is kept as it came.
        return b""


def _head(mail: EmailMessage, told: Properties, codec: str) -> None:
    name = told.text(mapi.SENT_FOR_NAME, codec) or told.text(mapi.SENDER_NAME, codec)
    address = told.text(mapi.SENT_FOR_ADDRESS, codec) or told.text(mapi.SENDER_ADDRESS, codec)
    if "@" in address and address.isascii() and not any(letter in address for letter in ' <>"(),:;\r\n'):
        mail["From"] = formataddr((single_line(name), address))
    elif name:
        mail["X-From-Name"] = single_line(name)[:300]
    if sent := told.time(mapi.CLIENT_SUBMIT_TIME):
        mail["Date"] = format_datetime(sent)


def _text(value: bytes, found: Unpacked) -> str:
    return normalise(value.decode(found.codec, "replace").rstrip("\0"))
