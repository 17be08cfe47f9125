"""What an answer says, fit to be compared."""

from __future__ import annotations

import re
from typing import Any

NEW_EACH_TIME = re.compile(
    r'nonce="[^"]+"|csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": "[^"]+"|<time[^>]*>[^<]*</time>'
)


def code_of(answer: Any) -> int:
    """The status, whatever is streamed read to its end."""
    if answer.streaming:
        b"".join(answer)
    return int(answer.status_code)


def plain(answer: Any) -> str:
    """The page without what is new in each answer."""
    return NEW_EACH_TIME.sub("", answer.content.decode())
