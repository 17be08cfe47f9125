"""Asking the desk for pages inside this process, through every layer of Django, and what each answer costs.

Cost is CPU time: of this process, and with PostgreSQL of the server's process that works for it, as it would be on an
undisturbed core (`yardstick`), so that it can be compared with a budget and between desks.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client

from bench.yardstick import steady_ms
from tugi.people.models import Agent

WARM_UP = 3
FRAGMENT: dict[str, Any] = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}


@dataclass(frozen=True)
class Cost:
    """Milliseconds of CPU, the median of several times, and how many queries one answer takes."""

    ms: float
    queries: int
    size: int


class Browser:
    """A signed-in agent's browser. Each `cost` asks for the same address many times."""

    def __init__(self, agent_id: int) -> None:
        client = Client()
        client.force_login(Agent.objects.get(pk=agent_id))
        self.session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self._application: WSGIHandler = get_wsgi_application()

    def get(self, address: str, **headers: str) -> bytes:
        path, _mark, query = address.partition("?")
        environ = _environ(path, query, f"{settings.SESSION_COOKIE_NAME}={self.session}") | headers
        said: list[str] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Callable[[bytes], object]:
            said.append(status)
            return said.append  # type: ignore[return-value]

        response: Any = self._application(environ, start)
        body = b"".join(response)
        response.close()
        assert said[0].startswith("200"), (address, said[0], body[:300])
        return body

    def cost(self, address: str, times: int = 30, **headers: str) -> Cost:
        for _ in range(WARM_UP):
            body = self.get(address, **headers)
        queries = count_queries(lambda: self.get(address, **headers))
        measured = [steady_ms(cpu, lambda: self.get(address, **headers)) for _ in range(times)]
        return Cost(median(measured), queries, len(body))


def count_queries(work: Callable[[], object]) -> int:
    count = 0

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        count += 1
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(note))
        work()
    return count


def cpu() -> float:
    """Seconds of CPU that this process, and the database's process for it, have used."""
    return time.process_time() + cpu_of(_database_process())


def cpu_of(pid: int | None) -> float:
    """Seconds of CPU of another process; the kernel counts nanoseconds."""
    if pid is None:
        return 0.0
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


_backend: list[int] = []


def _database_process() -> int | None:
    if connection.vendor != "postgresql":
        return None
    if not _backend:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            _backend.append(cursor.fetchone()[0])
    return _backend[0]


def _environ(path: str, query: str, cookie: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": "0",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_COOKIE": cookie,
        "HTTP_SEC_FETCH_SITE": "same-origin",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
