"""Giving a file out: always as a download, never as something a browser might run (SECURITY B2)."""

from __future__ import annotations

from django.http import FileResponse

from tugi.core import blobs
from tugi.core.errors import NotFound
from tugi.tickets.models import Attachment

UNTRUSTED = "default-src 'none'; sandbox"


def download_of(attachment: Attachment) -> FileResponse:
    """The bytes as a download. The caller has checked access. Raises NotFound when the bytes are gone."""
    return download(attachment.sha256, attachment.name, attachment.content_type)


def download(sha256: str, name: str, content_type: str = "application/octet-stream") -> FileResponse:
    """A blob under a name, in the headers that keep a browser from running it."""
    try:
        stream = blobs.open(sha256)
    except FileNotFoundError as gone:
        raise NotFound from gone
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=content_type)
    response["Content-Security-Policy"] = UNTRUSTED
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
