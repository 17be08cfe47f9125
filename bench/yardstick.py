"""How fast a core is at this moment, told by a fixed piece of work.

On a shared machine the same work takes now once, now twice as long, within seconds and by processor time too: the
clock's rate, a neighbour on the same core. So a cost is measured between two runs of the yardstick and told as it
would be on a core where the yardstick takes `REFERENCE_MS`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

REFERENCE_MS = 2.0
"""On an undisturbed core of the machine that the document's table was measured on."""
ROUNDS = 800
_WORD = re.compile(r"\w+")


class _Row:
    def __init__(self, number: int, name: str) -> None:
        self.number = number
        self.name = name


def steady_ms(used: Callable[[], float], work: Callable[[], object]) -> float:
    """What `work` costs by `used` (a counter of seconds), in milliseconds of an undisturbed core."""
    before = yardstick()
    began = used()
    work()
    cost = 1000 * (used() - began)
    return cost * REFERENCE_MS / ((before + yardstick()) / 2)


def yardstick() -> float:
    """Milliseconds of processor time for work as a page's is: objects, dictionaries, texts, patterns."""
    began = time.process_time()
    for number in range(ROUNDS):
        row = _Row(number, f"subject {number} of a list")
        words = dict.fromkeys(_WORD.findall(row.name), row.number)
        "".join(f'<a href="/{number}">{key.upper()}</a>' for key in sorted(words))
    return 1000 * (time.process_time() - began)
