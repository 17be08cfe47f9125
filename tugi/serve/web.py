"""The web process: one ASGI server on one socket."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import threading
from collections.abc import Callable
from typing import Any

from tugi.core.config import Config
from tugi.serve import ground

GRACE_SECONDS = 3


class Reports:
    """What a child tells its supervisor, one JSON object a line; to nobody where it has none."""

    def __init__(self, descriptor: int | None) -> None:
        self._file = os.fdopen(descriptor, "w") if descriptor is not None else None

    def tell(self, event: str, **facts: Any) -> None:
        if self._file is not None:
            self._file.write(json.dumps({"event": event, **facts}) + "\n")
            self._file.flush()


def serve(config: Config, sock: socket.socket | None, on_answering: Callable[[], None]) -> None:
    """Answer until told to stop (SIGTERM, SIGINT). `on_answering` is called once, when requests are taken."""
    import uvicorn

    sock = sock or ground.listen(config.host, config.port, "TUGI_PORT or TUGI_HOST")
    server = uvicorn.Server(
        uvicorn.Config(
            "tugi.asgi:application",
            ws="websockets-sansio",
            ws_max_size=64 * 1024,
            ws_per_message_deflate=False,
            http="h11",
            h11_max_incomplete_event_size=32 * 1024,
            lifespan="on",
            loop="asyncio",
            interface="asgi3",
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_config=None,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    asyncio.run(_run(server, sock, on_answering))


async def _run(server: Any, sock: socket.socket, on_answering: Callable[[], None]) -> None:
    watch = asyncio.create_task(_when_started(server, on_answering))
    try:
        await server.serve(sockets=[sock])
    finally:
        watch.cancel()


async def _when_started(server: Any, on_answering: Callable[[], None]) -> None:
    while not server.started:
        await asyncio.sleep(0.01)
    await asyncio.to_thread(on_answering)


def follow(lifeline: int) -> None:
    """End this process when its supervisor is gone, however it went: the pipe it holds then closes."""

    def wait() -> None:
        os.read(lifeline, 1)
        os.kill(os.getpid(), 15)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()
