"""ASGI outside, WSGI inside: the server's event loop meets synchronous Django in a bounded pool of threads.

A thread is held only while Django thinks: the body is complete before it starts, and a client that
writes or reads slowly waits on the loop, where it takes nobody's place. When too many wait for a thread,
the rest is told to come again.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO, Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[bytes, bytes]]

IN_MEMORY = 64 * 1024
WAITING_PER_THREAD = 16
SILENCE_SECONDS = 30.0
"""How long a client may say nothing in the middle of its body."""
BUSY = b"The desk is busy. Please try again in a moment.\n"
TOO_LARGE = b"This is more than the desk takes at once.\n"
TOO_SLOW = b"The rest of this did not come.\n"


class Gone(Exception):
    """The client left before it had said everything."""


class BodyTooLarge(Exception):
    """The body went on beyond the limit."""


class BodyTooSlow(Exception):
    """The client fell silent in the middle of its body."""


class TooBusy(Exception):
    """As many as there is room for wait for a thread already."""


@dataclass
class Answer:
    """What Django said. `rest` gives the pieces of a stream that is still open."""

    status: int = 500
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    rest: Iterator[bytes] | None = None
    close: Callable[[], None] | None = None

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        """WSGI's `start_response` (PEP 3333); Django does not use the `write` it may return."""
        self.status = int(status.split(" ", 1)[0])
        # Django's cookies begin with a space, which HTTP does not allow there.
        self.headers = [(name.lower().encode(), value.strip().encode("latin-1")) for name, value in headers]


class Bridge:
    def __init__(self, application: WSGI, threads: int, body_limit: int) -> None:
        self._application = application
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="web")
        self._most = threads * (1 + WAITING_PER_THREAD)
        self._body_limit = body_limit
        self._asking = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._refuse_crowd()
            with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
                await self._read(receive, body)
                await self._answer(environ_of(scope, body), send)
        except BodyTooLarge:
            await _short(send, 413, TOO_LARGE, [(b"connection", b"close")])
        except BodyTooSlow:
            await _short(send, 408, TOO_SLOW, [(b"connection", b"close")])
        except TooBusy:
            await _short(send, 503, BUSY, [(b"retry-after", b"2")])
        except Gone:
            return

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _read(self, receive: Receive, body: IO[bytes]) -> None:
        more, total = True, 0
        while more:
            message = await _next(receive)
            chunk = message.get("body", b"")
            total += len(chunk)
            if total > self._body_limit:
                raise BodyTooLarge
            body.write(chunk)
            more = message.get("more_body", False)
        body.seek(0)

    async def _answer(self, environ: dict[str, Any], send: Send) -> None:
        loop = asyncio.get_running_loop()
        self._refuse_crowd()
        self._asking += 1
        try:
            answer = await loop.run_in_executor(self._pool, self._ask, environ)
        finally:
            self._asking -= 1
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        try:
            if answer.rest is None:
                await send({"type": "http.response.body", "body": answer.body})
                return
            while (chunk := await loop.run_in_executor(self._pool, next, answer.rest, None)) is not None:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            if answer.close:
                await loop.run_in_executor(self._pool, answer.close)

    def _refuse_crowd(self) -> None:
        if self._asking >= self._most:
            raise TooBusy

    def _ask(self, environ: dict[str, Any]) -> Answer:
        answer = Answer()
        result = self._application(environ, answer.start)
        close = getattr(result, "close", None)
        if getattr(result, "streaming", False):
            answer.rest, answer.close = iter(result), close
            return answer
        try:
            answer.body = b"".join(result)
        finally:
            if close:
                close()
        return answer


async def _next(receive: Receive) -> Message:
    try:
        async with asyncio.timeout(SILENCE_SECONDS):
            message = await receive()
    except TimeoutError as error:
        raise BodyTooSlow from error
    if message["type"] == "http.disconnect":
        raise Gone
    return message


def environ_of(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    """The WSGI environment (PEP 3333) of an ASGI request."""
    host, port = scope.get("server") or ("localhost", 80)
    client = scope.get("client")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": client[0] if client else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        _add_header(environ, name.decode("latin-1"), value.decode("latin-1"))
    # The whole body is here, however it was sent.
    size = body.seek(0, 2)
    body.seek(0)
    environ["CONTENT_LENGTH"] = str(size)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return environ


def _add_header(environ: dict[str, Any], name: str, value: str) -> None:
    # “X_Forwarded_For” would read as “X-Forwarded-For” afterwards.
    if "_" in name:
        return
    key = name.upper().replace("-", "_")
    key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
    joint = "; " if key == "HTTP_COOKIE" else ","
    environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value


async def _short(send: Send, status: int, text: bytes, headers: Headers) -> None:
    plain: Headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": plain})
    await send({"type": "http.response.body", "body": text})
