"""Mails that were not processed, as one archive, made while it is read: nothing of it is held whole."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from django.db.models import QuerySet

from tugi.channels.email.models import RawMail
from tugi.core import blobs

ROWS_AT_ONCE = 100


class Outlet:
    """What a ZipFile writes to, and is taken from before it writes more. It cannot be wound back, and says so."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, piece: bytes) -> int:
        self._written += piece
        return len(piece)

    def flush(self) -> None:
        """There is nothing behind it."""

    def take(self) -> bytes:
        taken, self._written = bytes(self._written), bytearray()
        return taken


def zipped(rows: QuerySet[RawMail]) -> Iterator[bytes]:
    """The mails as `mail-<id>.eml` in a ZIP file, in pieces. One whose bytes are gone is left out."""
    outlet = Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:  # type: ignore[call-overload]
        for row in _in_turn(rows):
            yield from _put(archive, row, outlet)
    yield outlet.take()


def _put(archive: zipfile.ZipFile, row: RawMail, outlet: Outlet) -> Iterator[bytes]:
    try:
        source = blobs.open(row.sha256)
    except FileNotFoundError:
        return
    entry = zipfile.ZipInfo(f"mail-{row.pk}.eml", row.received_at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    with source, archive.open(entry, "w", force_zip64=True) as target:
        for chunk in blobs.chunks(source):
            target.write(chunk)
            yield outlet.take()
    yield outlet.take()


def _in_turn(rows: QuerySet[RawMail]) -> Iterator[RawMail]:
    """By id, some at a time: no query stays open while a slow reader takes his time."""
    last, rows = 0, rows.select_related(None)
    while found := list(rows.filter(id__gt=last).order_by("id").only("id", "sha256", "received_at")[:ROWS_AT_ONCE]):
        yield from found
        last = found[-1].pk
