"""Our own mail server: takes mail for our mailboxes by SMTP (RFC 5321) and LMTP (RFC 2033), and for nobody else.

It answers 250 only when the bytes are durable and the row is committed. Lines end with CR LF and nothing
else, so that what one server takes for the end of a mail cannot be smuggled past another.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from tugi.channels.email.models import Via
from tugi.channels.email.receiving.certificate import Certificate
from tugi.channels.email.receiving.conversation import Conversation, House, LmtpConversation
from tugi.channels.email.receiving.gate import Gate, Limits
from tugi.channels.email.receiving.reception import Reception

THREADS = 4
LOOK_EVERY_SECONDS = 0.2
REFRESH_EVERY_SECONDS = 60
SOCKET_MODE = 0o660
log = logging.getLogger(__name__)
Place = tuple[str, int] | Path
Ready = Callable[[int], None]


def listen(
    place: Place,
    stop: threading.Event,
    ready: Ready | None = None,
    *,
    via: Via = Via.SMTP,
    limits: Limits | None = None,
) -> None:
    """Serve until `stop` is set; `ready` gets the port, 0 for a socket. Raises OSError if the place is taken."""
    gate = Gate(limits or Limits(), settings.SMTP_RELAYS)
    with ThreadPoolExecutor(THREADS, thread_name_prefix=via.value) as pool:
        asyncio.run(_serve(place, stop, ready, gate, Reception(pool, gate, via), via))
        for _ in range(THREADS):
            pool.submit(_close_connection)


async def _serve(
    place: Place, stop: threading.Event, ready: Ready | None, gate: Gate, reception: Reception, via: Via
) -> None:
    loop = asyncio.get_running_loop()
    name = own_name()
    certificate = Certificate(name)
    await loop.run_in_executor(None, certificate.refresh)
    kind = LmtpConversation if via == Via.LMTP else Conversation

    def converse() -> Conversation:
        return kind(House(name, gate, reception, settings.MAX_MAIL_BYTES, certificate.context), loop)

    async with await _bind(place, converse) as server:
        log.info("Mail is taken by %s at %s.", via.value.upper(), shown(place))
        if ready is not None:
            ready(0 if isinstance(place, Path) else server.sockets[0].getsockname()[1])
        refreshed_at = loop.time()
        while not stop.is_set():
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            if loop.time() - refreshed_at > REFRESH_EVERY_SECONDS:
                await loop.run_in_executor(None, certificate.refresh)
                refreshed_at = loop.time()


async def _bind(place: Place, converse: Callable[[], Conversation]) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    if not isinstance(place, Path):
        return await loop.create_server(converse, *place)
    server = await loop.create_unix_server(converse, place)
    place.chmod(SOCKET_MODE)
    return server


def own_name() -> str:
    """The name under which we greet."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def shown(place: Place) -> str:
    return str(place) if isinstance(place, Path) else f"{place[0]}, port {place[1]}"


def _close_connection() -> None:
    with suppress(Exception):
        connection.close()
