"""How full the disk of the data directory is. A desk whose disk is full takes no mail."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

MARKS = (60, 75, 90)
"""Percent: told, warned, alarmed."""
CALM_BELOW = 2
"""How many percent below a mark it is over: a disk that breathes around one says so once."""


@dataclass(frozen=True)
class Storage:
    """Bytes, and how many percent of them are taken."""

    free: int
    total: int

    @property
    def percent(self) -> int:
        return round(100 * (1 - self.free / self.total)) if self.total else 0

    @property
    def mark(self) -> int:
        """The highest mark that is reached, or 0."""
        return max((mark for mark in MARKS if self.percent >= mark), default=0)

    def mark_after(self, before: int) -> int:
        """The mark that counts now, where `before` counted: it goes up at once, and down only with a margin."""
        still = max((mark for mark in MARKS if self.percent >= mark - CALM_BELOW and mark <= before), default=0)
        return max(self.mark, still)


def storage() -> Storage:
    """Of the disk with the data directory. Raises OSError."""
    usage = shutil.disk_usage(Path(settings.DATA_DIR))
    return Storage(free=usage.free, total=usage.total)
