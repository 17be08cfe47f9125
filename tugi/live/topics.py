"""What a socket may listen to: `ticket:<number>`, `inbox` (every ticket its agent sees), `me`."""

from __future__ import annotations

import re

INBOX = "inbox"
ME = "me"
TICKET = re.compile(r"ticket:([1-9][0-9]{0,17})", re.ASCII)


def for_ticket(number: int) -> str:
    return f"ticket:{number}"


def ticket_number(topic: str) -> int | None:
    """The number in `ticket:1001`; None for whatever else this is."""
    found = TICKET.fullmatch(topic)
    return int(found[1]) if found else None
