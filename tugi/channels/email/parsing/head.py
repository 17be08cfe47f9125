"""Who wrote a mail and about what, from its beginning alone: enough to know it again in a list."""

from __future__ import annotations

from tugi.channels.email.parsing.limits import Limits
from tugi.channels.email.parsing.mime import parse_tree
from tugi.channels.email.parsing.people import author
from tugi.core.text import shorten

HEAD = 32 * 1024
LIMITS = Limits(parts=1, depth=1, header_lines=200, header_bytes=4096, headers_bytes=HEAD, addresses=5, subject=250)


def read_head(raw: bytes) -> tuple[str, str]:
    """The author's address and the subject; empty where there is none. Looks at no body."""
    head = raw[:HEAD].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    root, _problems = parse_tree(head, LIMITS)
    written_by, _odd = author(root.headers, LIMITS)
    return (written_by.addr if written_by else "", shorten(root.headers.text("subject"), LIMITS.subject))
