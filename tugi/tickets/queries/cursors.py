from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

TEXT = re.compile(r"([0-9]{1,16})-([0-9]{1,18})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list that is ordered by last activity, newest first: the row it names and none other."""

    active_at: datetime
    ticket_id: int

    def __str__(self) -> str:
        return f"{(self.active_at - EPOCH) // timedelta(microseconds=1)}-{self.ticket_id}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The cursor that an address carries; None for none, and for what is not a cursor."""
        found = TEXT.fullmatch(text)
        if found is None:
            return None
        try:
            return cls(EPOCH + timedelta(microseconds=int(found[1])), int(found[2]))
        except OverflowError:
            return None
