"""What an answer says, fit to be compared."""

from __future__ import annotations

import re
from typing import Any

# `since` is how far the log of the whole desk goes; it says how much happens, not what.
NEW_EACH_TIME = re.compile(
    r'nonce="[^"]+"|since="\d+"|(?:csrfmiddlewaretoken|draft)" value="[^"]+"|"X-CSRFToken": "[^"]+"|'
    r"<time[^>]*>[^<]*</time>"
)


def code_of(answer: Any) -> int:
    """The status, whatever is streamed read to its end."""
    if answer.streaming:
        b"".join(answer)
    return int(answer.status_code)


def plain(answer: Any) -> str:
    """The page without what is new in each answer."""
    return NEW_EACH_TIME.sub("", answer.content.decode())
