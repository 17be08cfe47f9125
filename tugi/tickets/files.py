"""Giving a file out: always as a download, never as something a browser might run (SECURITY B2)."""

from __future__ import annotations

import re

from django.http import FileResponse

from tugi.core import blobs
from tugi.core.errors import NotFound
from tugi.tickets.models import Attachment

UNTRUSTED = "default-src 'none'; sandbox"
ANY = "application/octet-stream"
HARMLESS = re.compile(
    r"image/(?:png|jpeg|gif|webp|bmp|tiff|heic|heif|avif)|audio/[\w.-]+|video/[\w.-]+|text/(?:plain|csv|calendar|vcard)"
    r"|application/(?:pdf|zip|gzip|rtf|msword|vnd\.(?:ms-|openxmlformats-officedocument\.|oasis\.opendocument\.)[\w.-]+)"
)
"""The kinds that a browser may be told; all others are bytes to it, whatever the row says."""


def download_of(attachment: Attachment) -> FileResponse:
    """The bytes as a download. The caller has checked access. Raises NotFound when the bytes are gone."""
    return download(attachment.sha256, attachment.name, attachment.content_type)


def download(sha256: str, name: str, content_type: str = ANY) -> FileResponse:
    """A blob under a name, in the headers that keep a browser from running it."""
    try:
        stream = blobs.open(sha256)
    except FileNotFoundError as gone:
        raise NotFound from gone
    kind = content_type if HARMLESS.fullmatch(content_type) else ANY
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=kind)
    response["Content-Security-Policy"] = UNTRUSTED
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
