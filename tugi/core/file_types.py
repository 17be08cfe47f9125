"""What bytes are, by their beginnings. The sender's own word is believed only where it cannot do harm."""

from __future__ import annotations

import re

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (b"%PDF-", "application/pdf"),
    (b"%!PS", "application/postscript"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"\x1aE\xdf\xa3", "video/x-matroska"),
    (b"CWS", "application/x-shockwave-flash"),
    (b"FWS", "application/x-shockwave-flash"),
    (b"ZWS", "application/x-shockwave-flash"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"BEGIN:VCARD", "text/vcard"),
    (b"-----BEGIN PGP SIGNATURE", "application/pgp-signature"),
    (b"-----BEGIN PGP MESSAGE", "application/pgp-encrypted"),
)
_ISO_MEDIA = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"avif": "image/avif",
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
    b"3gp4": "video/3gpp",
    b"3gp5": "video/3gpp",
}
_ZIP_CONTENT = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"META-INF/MANIFEST.MF", "application/java-archive"),
)
_HTML = re.compile(
    rb"\s*+(?:<!--.{0,500}?-->\s*+)?<(?:!doctype\s+html|html|head|body|script|iframe|table|div|style|meta|title|h1|a\s|p[\s>]|br[\s>/])",
    re.IGNORECASE | re.DOTALL,
)
_SVG = re.compile(rb"<(?:[\w-]+:)?svg[\s>]", re.IGNORECASE)
_TEXTUAL = {"application/json", "application/xml", "application/csv", "application/x-yaml", "application/sql"}
_UNSAFE_TEXT = {"text/html", "text/xml", "text/javascript", "text/css", "text/xsl"}
_BINARY_OK = ("application/", "model/", "font/", "chemical/")
_NEVER_BY_WORD = {
    "application/xhtml+xml", "application/javascript", "application/x-javascript", "application/ecmascript",
    "application/x-shockwave-flash", "application/pdf", "application/xml", "application/xslt+xml",
}  # fmt: skip


def sniff(data: bytes, declared: str) -> str:
    """The content type by content. `declared` decides only among kinds that look alike and are harmless."""
    head = data[:4_096]
    found = _by_magic(head, data)
    if found == "application/zip" and _is_zip_kind(declared):
        return declared
    if found == "application/x-ole-storage" and declared.startswith(("application/vnd.ms-", "application/msword")):
        return declared
    return found or _by_text(head, declared)


def _by_magic(head: bytes, data: bytes) -> str:
    if head[4:8] == b"ftyp":
        return _ISO_MEDIA.get(head[8:12], "video/mp4")
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(head[8:12], "")
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip_kind(head, data)
    found = next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")
    if found in ("image/bmp", "application/vnd.microsoft.portable-executable") and _is_text(head):
        return ""
    return found


def _zip_kind(head: bytes, data: bytes) -> str:
    opendocument = re.match(rb".{26}\x08\x00.{2}mimetype(application/[\w.+-]{5,80})", head, re.DOTALL)
    if opendocument:
        return opendocument[1].decode("ascii").partition("PK")[0]
    names = head + data[-8_192:]
    return next((kind for name, kind in _ZIP_CONTENT if name in names), "application/zip")


def _is_zip_kind(declared: str) -> bool:
    return declared.startswith(("application/vnd.", "application/epub")) or declared in (
        "application/x-zip-compressed",
    )


def _by_text(head: bytes, declared: str) -> str:
    if not head:
        return declared if declared.startswith("text/") and declared not in _UNSAFE_TEXT else "application/octet-stream"
    probe = head.decode("utf-16", "ignore").encode() if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head
    probe = probe.removeprefix(b"\xef\xbb\xbf")
    if _SVG.search(probe):
        return "image/svg+xml"
    if _HTML.match(probe):
        return "text/html"
    if probe.lstrip()[:5].lower() == b"<?xml":
        return "text/xml"
    if declared == "message/rfc822":
        return declared
    if _is_text(probe):
        return _kind_of_text(declared)
    return (
        declared if declared.startswith(_BINARY_OK) and declared not in _NEVER_BY_WORD else "application/octet-stream"
    )


def _is_text(head: bytes) -> bool:
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head)


def _kind_of_text(declared: str) -> str:
    if declared in _UNSAFE_TEXT or declared in _NEVER_BY_WORD:
        return "text/plain"
    if declared.startswith(("text/", "message/")) or declared in _TEXTUAL or declared.endswith("signature"):
        return declared
    if declared.startswith(("application/pgp", "application/pkcs7", "application/x-pkcs7")):
        return declared
    return "text/plain"
