"""How much of one mail is read. What is beyond a limit is named in `ParsedMail.problems`; the raw mail keeps it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes or characters, counts in pieces. The defaults suit mails up to some tens of megabytes."""

    parts: int = 1_000
    depth: int = 40
    header_lines: int = 2_000
    header_bytes: int = 96 * 1024
    """Of one header field."""
    headers_bytes: int = 512 * 1024
    """Of all header fields of one part."""
    addresses: int = 500
    references: int = 200
    subject: int = 1_000
    text: int = 400_000
    html: int = 1_500_000
    attachments: int = 200
    name: int = 255
    """Of an attachment, in UTF-8 bytes."""
    quote: int = 200_000
    """Characters that the search for quotations looks at."""
