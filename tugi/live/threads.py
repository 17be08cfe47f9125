"""Plain synchronous Django, called from the event loop on a thread kept for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

P = ParamSpec("P")
T = TypeVar("T")


class DatabaseThread:
    """One thread with a database connection of its own; what is asked of it happens in turn."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` gives or raises."""
        asked = partial(_with_fresh_connection, work, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._executor, asked)

    def close(self) -> None:
        """Wait for what was asked, give the connection back, end the thread."""
        self._executor.submit(connections.close_all)
        self._executor.shutdown(wait=True)


def _with_fresh_connection(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    close_old_connections()
    try:
        return work(*args, **kwargs)
    finally:
        close_old_connections()
