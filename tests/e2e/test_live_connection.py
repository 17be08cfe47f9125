"""The page's side of the live socket, in Chromium, under the desk's own content security policy."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page
from pytest_django import DjangoDbBlocker

from tests.stories.live_server import LiveServer, own_database, sign_in, stamp, wait_until
from tugi.people.sessions import digest
from tugi.tickets.models import Ticket
from tugi.tickets.testing import Cast, make_cast, make_ticket, receive

pytestmark = pytest.mark.once

STATIC = Path(settings.BASE_DIR) / "core/static"
POLICY = "default-src 'none'; script-src 'self' 'nonce-n' 'strict-dynamic'; connect-src 'self'; base-uri 'none'"
NAMES = {"imports": {"tugi/live-link": "/static/core/helpers/live-link.js"}}
PAGE = """<!doctype html><title>Live</title>
<script type="importmap" nonce="n">{names}</script>
<script type="module" nonce="n" src="/static/core/elements/live-connection.js"></script>
<script nonce="n">
  window.heard = []
  for (const name of ["pointer", "refused", "reload", "online", "offline"])
    document.addEventListener("live:" + name, event => heard.push([name, event.detail?.reason ?? event.detail?.topic]))
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-live]").forEach(element =>
    element.addEventListener("live", () => element.textContent = Number(element.textContent) + 1)))
</script>
<live-connection url="/live/">
  <p data-part="offline" hidden>away</p>
  <p data-part="signed-out" hidden>out</p>
</live-connection>
<b id="inbox" data-live="inbox">0</b>
<b id="ticket" data-live="ticket:{number} me">0</b>
<b id="other" data-live="ticket:1">0</b>
"""


@pytest.fixture(scope="module")
def cast(browser: object, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with own_database():
            yield make_cast()


@pytest.fixture(scope="module")
def ticket(cast: Cast) -> Ticket:
    return make_ticket(cast.north, cast.dora)


@pytest.fixture(scope="module")
def server(ticket: Ticket) -> Iterator[LiveServer]:
    async def front(scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"]
        body = PAGE.format(names=json.dumps(NAMES), number=ticket.number).encode()
        if path.startswith("/static/"):
            body = (STATIC / path.removeprefix("/static/")).read_bytes()
        kind = mimetypes.guess_type(path)[0] or "text/html; charset=utf-8"
        headers = [(b"content-type", kind.encode()), (b"content-security-policy", POLICY.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    with LiveServer(front) as running:
        yield running


@pytest.fixture
def key(cast: Cast) -> str:
    return sign_in(cast.ben)


@pytest.fixture
def tab(page: Page, server: LiveServer, key: str) -> Page:
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": server.origin}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    return open_tab(page.context, server, page)


def open_tab(context: BrowserContext, server: LiveServer, page: Page | None = None) -> Page:
    tab = page or context.new_page()
    tab.goto(server.origin)
    wait_until(lambda: state(tab) == "online")
    tab.wait_for_timeout(200)
    return tab


def state(tab: Page) -> str | None:
    said: str | None = tab.get_attribute("live-connection", "data-state")
    return said


def count(tab: Page, place: str) -> int:
    return int(tab.inner_text(f"#{place}"))


def test_what_shows_the_changed_ticket_refreshes_once(tab: Page, ticket: Ticket) -> None:
    for _ in range(3):
        receive(ticket)
    stamp()

    wait_until(lambda: count(tab, "ticket") == 1)
    tab.wait_for_timeout(300)

    assert (count(tab, "inbox"), count(tab, "ticket"), count(tab, "other")) == (1, 1, 0)
    assert ["refused", None] in tab.evaluate("heard")


def test_tabs_share_one_socket(tab: Page, server: LiveServer, ticket: Ticket) -> None:
    second = open_tab(tab.context, server)
    receive(ticket)
    stamp()

    for page in (tab, second):
        wait_until(lambda page=page: count(page, "ticket") == 1)  # type: ignore[misc]
    assert server.socket_count == 1


def test_a_page_without_shared_workers_has_its_own_socket(tab: Page, server: LiveServer, ticket: Ticket) -> None:
    tab.add_init_script("delete window.SharedWorker")
    open_tab(tab.context, server, tab)
    receive(ticket)
    stamp()

    wait_until(lambda: count(tab, "ticket") == 1)


def test_a_new_piece_of_the_page_is_heard_of(tab: Page, cast: Cast, server: LiveServer) -> None:
    other = make_ticket(cast.north, cast.emil)
    tab.evaluate(
        """number => {
          const element = document.createElement("b")
          Object.assign(element, { id: "late", textContent: "0" })
          element.dataset.live = `ticket:${number}`
          element.addEventListener("live", () => element.textContent = "1")
          document.body.append(element)
        }""",
        other.number,
    )
    tab.wait_for_timeout(300)
    receive(other)
    stamp()

    wait_until(lambda: count(tab, "late") == 1)


def test_what_happened_while_away_arrives_within_two_seconds(tab: Page, server: LiveServer, ticket: Ticket) -> None:
    hub = server.application.hub
    (socket,) = hub.sockets
    before = count(tab, "ticket")
    # As the network does it: the connection is gone, and meanwhile something happens.
    server.drop(socket)
    wait_until(lambda: socket not in hub.sockets)
    receive(ticket)
    stamp()

    wait_until(lambda: count(tab, "ticket") > before, timeout=2)
    assert ["offline", "connection"] not in tab.evaluate("heard"), "a short gap is not worth a banner"


def test_who_is_signed_out_is_told(tab: Page, key: str) -> None:
    Session.objects.filter(session_key=digest(key)).delete()

    wait_until(lambda: state(tab) == "signed-out", timeout=8)

    assert ["offline", "signed-out"] in tab.evaluate("heard")
    assert tab.is_visible("[data-part=signed-out]")
    assert not tab.is_visible("[data-part=offline]")
