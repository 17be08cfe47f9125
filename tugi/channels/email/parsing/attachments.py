"""The files of a mail: names that are safe to show, types by content, pictures of the text, and noise."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Iterator
from urllib.parse import unquote

from tugi.channels.email.parsing.bodies import Content
from tugi.channels.email.parsing.headers import Headers, decode_text
from tugi.channels.email.parsing.limits import Limits
from tugi.channels.email.parsing.mail import Attachment
from tugi.channels.email.parsing.mime import Part
from tugi.channels.email.parsing.parameters import disposition
from tugi.channels.email.parsing.transfer import decoded
from tugi.core.file_names import clean_name
from tugi.core.file_types import sniff

_CID = re.compile(r"cid:([^\s\"'<>)]{1,500})", re.IGNORECASE)
_SOURCE = re.compile(r"""src\s{0,3}=\s{0,3}["']?([^\s"'<>]{1,500})""", re.IGNORECASE)
_NOISE_TYPES = {
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
    "message/delivery-status", "message/disposition-notification", "message/feedback-report", "text/rfc822-headers",
    "message/global-delivery-status", "application/pgp-keys",
}  # fmt: skip
_EXTENSIONS = {"text/plain": ".txt", "message/rfc822": ".eml", "image/jpeg": ".jpg", "application/ms-tnef": ".dat",
               "text/calendar": ".ics", "audio/mpeg": ".mp3", "audio/ogg": ".ogg"}  # fmt: skip


def read_attachments(content: Content, html: str, limits: Limits) -> list[Attachment]:
    """The files in the order of the mail; beyond the limit they are left to the raw mail."""
    shown = {_plain_id(unquote(found)) for found in _CID.findall(html)}
    sources = {found.lower() for found in _SOURCE.findall(html)} if html else set()
    return [_attachment(part, content, shown, sources, limits) for part in content.files[: limits.attachments]]


def picture_ids(content: Content) -> dict[int, str]:
    """Content ids for pictures that stand between texts; one is made where the mail gives none."""
    pictures = (block.picture for block in content.blocks if block.picture is not None)
    return {id(part): content_id(part) or _made_id(part) for part in pictures}


def content_id(part: Part) -> str:
    return _plain_id(part.headers.plain("content-id") or part.headers.plain("x-attachment-id"))


def file_name(part: Part, content_type: str, limits: Limits) -> str:
    """A name to show and to download under: one path part, nothing invisible, at most 255 bytes with its extension."""
    name = clean_name(_given_name(part), limits.name)
    return (
        name
        or f"{_stem(content_type)}{_EXTENSIONS.get(content_type) or mimetypes.guess_extension(content_type) or '.bin'}"
    )


def _attachment(part: Part, content: Content, shown: set[str], sources: set[str], limits: Limits) -> Attachment:
    data = decoded(part)
    kind = sniff(data, part.type)
    cid = content_id(part) or (_made_id(part) if _is_between_texts(part, content) else "")
    location = part.headers.plain("content-location").lower()
    if not cid and location and location in sources:
        cid = location
    return Attachment(
        name=file_name(part, kind, limits),
        content_type=kind,
        declared_type=part.type,
        content_id=cid,
        inline=_is_inline(part, kind, cid, shown, sources),
        hidden=id(part) in content.noise or part.type in _NOISE_TYPES or _is_empty_tail(part, data),
        content=data,
    )


def _is_inline(part: Part, kind: str, cid: str, shown: set[str], sources: set[str]) -> bool:
    """A picture that the HTML shows. Marked as attachment, or never shown, it is a file; so is any other kind."""
    if not kind.startswith("image/") or not cid:
        return False
    return (cid in shown or cid.lower() in sources) and disposition(part.headers)[0] != "attachment"


def _is_between_texts(part: Part, content: Content) -> bool:
    return any(block.picture is part for block in content.blocks)


def _is_empty_tail(part: Part, data: bytes) -> bool:
    """Exchange adds ATT00001.txt with nothing in it, or footers of lists as files without a name."""
    return part.type in ("text/plain", "text/html") and not data.strip()


def _given_name(part: Part) -> str:
    if part.type == "message/rfc822":
        return _given_by_fields(part) or _name_of_message(part)
    return _given_by_fields(part)


def _given_by_fields(part: Part) -> str:
    for value in _names(part):
        name = decode_text(value, part.headers.charset) if "=?" in value else value
        if name.strip():
            return name
    return ""


def _names(part: Part) -> Iterator[str]:
    _, params = disposition(part.headers)
    yield params.get("filename", "")
    yield part.params.get("name", "")
    yield params.get("name", "")
    yield part.params.get("filename", "")
    description = part.headers.text("content-description")
    if re.fullmatch(r"[^/\\\r\n]{1,120}\.[A-Za-z0-9]{1,5}", description):
        yield description


def _name_of_message(part: Part) -> str:
    """A mail within the mail is named by its subject."""
    head = part.body[:20_000]
    match = re.search(rb"(?im)^subject:[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*){0,10})", head)
    subject = decode_text(Headers([("subject", match[1])]).first("subject")) if match else ""
    return re.sub(r"[/\\]", "_", subject)[:150] + ".eml" if subject else ""


def _plain_id(value: str) -> str:
    return value.strip().strip("<>").strip()


def _made_id(part: Part) -> str:
    return f"picture-{hashlib.sha256(part.body).hexdigest()[:16]}"


def _stem(content_type: str) -> str:
    family = content_type.partition("/")[0]
    return {"image": "image", "audio": "audio", "video": "video", "message": "message", "text": "text"}.get(
        family, "file"
    )
