"""The desk at rest and coming up: memory of idle web and worker, start to the first page, weight of that page."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Iterator
from statistics import median

from django.conf import settings

from bench import people
from bench.browser import Browser
from bench.processes import memory, named, serving, tree
from bench.readings import MEMORY, START, WEIGHT, Reading
from tests.servers.browser import browser
from tests.servers.tugi_server import TugiServer

STARTS = 3
SETTLE_SECONDS = 15


def measure() -> Iterator[Reading]:
    yield Reading(START, "tugi serve, to the first page", median(_start() for _ in range(STARTS)))
    with serving() as server:
        session = Browser(people.WHOLE_DESK).session
        _get(server, session)
        time.sleep(SETTLE_SECONDS)
        yield from _memory(server)
        yield from _weights(server, session)


def _start() -> float:
    """Until something is shown; the worker may come a moment later."""
    began = time.perf_counter()
    with serving(needs_worker=False) as server:
        with urllib.request.urlopen(f"{server.url}/sign-in", timeout=20) as answer:
            answer.read()
        return time.perf_counter() - began


def _memory(server: TugiServer) -> Iterator[Reading]:
    assert server.process
    every = tree(server.process.pid)
    yield Reading(MEMORY, "supervisor, web, worker and its child (PSS)", sum(memory(pid) for pid in every))
    for name in ("web", "worker"):
        pid = named(server, name)
        yield Reading("", f"{name}, PSS", memory(pid), unit="MB")
        yield Reading("", f"{name}, RSS", memory(pid, "Rss"), unit="MB")


def _weights(server: TugiServer, session: str) -> Iterator[Reading]:
    """Bytes on the wire, as Chromium counts them with an empty cache."""
    with browser() as chromium:
        for name, path in (("the inbox", "/tickets/?view=open"), ("sign-in", "/sign-in")):
            context = chromium.new_context()
            if name != "sign-in":
                context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}])
            page = context.new_page()
            sizes: list[float] = []
            protocol = context.new_cdp_session(page)
            protocol.send("Network.enable")
            protocol.on("Network.loadingFinished", lambda event, sizes=sizes: sizes.append(event["encodedDataLength"]))
            page.goto(f"{server.url}{path}")
            page.wait_for_timeout(2500)
            yield Reading(
                WEIGHT if name == "the inbox" else "", f"{name}, {len(sizes)} files", sum(sizes) / 1024, None, "kB"
            )
            context.close()


def _get(server: TugiServer, session: str) -> None:
    asked = urllib.request.Request(
        f"{server.url}/tickets/?view=open", headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
    )
    with urllib.request.urlopen(asked, timeout=20) as answer:
        answer.read()
