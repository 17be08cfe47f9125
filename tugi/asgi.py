"""The one door for the web server: `/live/` goes to the live app, everything else to synchronous Django."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tugi.settings")

from django.conf import settings

from tugi.serve.bridge import WSGI, Bridge, Receive, Scope, Send
from tugi.wsgi import application as django

LIVE_MODULE = "tugi.live.app"
# Room for the largest upload and the form around it.
FORM_BYTES = 1024 * 1024
GOING_AWAY = 1001


class Router:
    def __init__(self, wsgi: WSGI) -> None:
        self._bridge = Bridge(wsgi, settings.CONFIG.threads, settings.MAX_UPLOAD_BYTES + FORM_BYTES)
        self._live = import_module(LIVE_MODULE) if find_spec(LIVE_MODULE) else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live_through(receive, send)
        elif scope["type"] == "websocket" or scope["path"].startswith("/live/"):
            await self._go_live(scope, receive, send)
        else:
            await self._bridge(scope, receive, send)

    async def _go_live(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._live is not None and scope["path"].startswith("/live/"):
            await self._live.application(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": GOING_AWAY})
        else:
            await self._bridge(scope, receive, send)

    async def _live_through(self, receive: Receive, send: Send) -> None:
        """Lifespan: the live app may have `startup()` and `shutdown()` of its own."""
        while True:
            stage = (await receive())["type"].removeprefix("lifespan.")
            hook = getattr(self._live, stage, None)
            if hook is not None:
                await hook()
            await send({"type": f"lifespan.{stage}.complete"})
            if stage == "shutdown":
                self._bridge.close()
                return


application = Router(django)
