"""Files that somebody sends through a page, on their way into a message."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from tugi.core import blobs
from tugi.core.dates import size as in_bytes
from tugi.core.errors import Invalid
from tugi.core.file_names import clean_name
from tugi.core.file_types import sniff
from tugi.tickets.content import NewFile

MOST_FILES = 20
HEAD = 64 * 1024


class FileRefused(Invalid):
    code = "file_refused"


def keep_uploads(files: Iterable[UploadedFile[bytes]], *, besides: int = 0) -> tuple[NewFile, ...]:
    """Put the files into the blob store; their type is read from their bytes, not believed.

    Raises FileRefused, naming the file, when one is too large or there are more than 20,
    with the files `besides` them that are there already.
    """
    files = list(files)
    if len(files) + besides > MOST_FILES:
        raise FileRefused(_("Attach at most %(most)s files.") % {"most": MOST_FILES})
    return tuple(_keep(file) for file in files)


def _keep(file: UploadedFile[bytes]) -> NewFile:
    name = shown_name(file.name or "")
    try:
        kept = blobs.put(file, settings.MAX_UPLOAD_BYTES)
    except blobs.TooLarge as refused:
        most = in_bytes(settings.MAX_UPLOAD_BYTES)
        raise FileRefused(
            _("“%(name)s” is too large. A file may have at most %(most)s.") % {"name": name, "most": most}
        ) from refused
    file.seek(0)
    kind = sniff(file.read(HEAD), file.content_type or "application/octet-stream")
    return NewFile(name=name, content_type=kind, size=kept.size, sha256=kept.sha256)


def shown_name(name: str) -> str:
    """A file's name as it may be shown; never empty."""
    return clean_name(name) or _("file")
