"""When to look at the log."""

from __future__ import annotations

import asyncio

LOOK_EVERY_SECONDS = 0.05


class Pulse:
    """The seam for a wake-up between machines: whatever returns from `beat` when the log may have grown.

    This one just looks often: a look is one indexed query, and nobody looks while no socket is open.
    """

    async def beat(self) -> None:
        await asyncio.sleep(LOOK_EVERY_SECONDS)
