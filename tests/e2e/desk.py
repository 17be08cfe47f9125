"""A desk that somebody has set up in the browser, with the people who work at it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect

from tests.e2e.customers import SUPPORT, Customer
from tests.e2e.windows import DESKTOP, PASSWORD, PHONE, Window, is_live, window
from tests.servers.processes import wait_until
from tests.servers.smtp_sink import SmtpSink, smtp_sink
from tests.servers.tugi_server import TugiServer, tugi_server

UNDO_SECONDS = 6
LINK = re.compile(r"http://\S+/setup/\S+")


@dataclass
class Desk:
    """Ada has set it up; Ben and Cleo are her agents. Each has a window of their own."""

    server: TugiServer
    sink: SmtpSink
    browser: Browser
    set_up_link: str
    ada: Window
    ben: Window
    cleo: Window

    @property
    def windows(self) -> tuple[Window, ...]:
        return self.ada, self.ben, self.cleo

    def customer(self, name: str) -> Customer:
        return Customer(name, f"{name.split()[0].lower()}@customer.example", self.server, self.sink)

    def new_window(self) -> Window:
        return window(self.browser, self.server.url)


@contextmanager
def desk(browser: Browser) -> Iterator[Desk]:
    """The first run, as it is met: the printed link, the form, agents and their links."""
    with smtp_sink() as sink:
        settings = {"TUGI_SMTP_SEND": f"{sink.host}:{sink.port}", "TUGI_UNDO_SECONDS": str(UNDO_SECONDS)}
        with tugi_server(settings=settings) as server:
            link = _printed_link(server)
            ada, ben, cleo = (window(browser, server.url) for _ in range(3))
            _set_up(ada, link)
            _add_agent(ada, ben, "Ben Kask")
            _add_agent(ada, cleo, "Cleo Laan")
            yield Desk(server, sink, browser, link, ada, ben, cleo)


def _printed_link(server: TugiServer) -> str:
    wait_until(lambda: LINK.search(server.log()) is not None, "the set-up link")
    return str(LINK.findall(server.log())[-1])


def _set_up(ada: Window, link: str) -> None:
    page = ada.page
    page.goto(link)
    ada.look()
    page.get_by_label("Company").fill("Northlight")
    page.get_by_label("Time zone").select_option("Europe/Tallinn")
    page.get_by_label("Your name").fill("Ada Admin")
    page.get_by_label("Your e-mail address").fill("ada@northlight.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("First mailbox").fill(SUPPORT)
    page.get_by_role("button", name="Open the desk").click()
    is_live(page)
    _is_told_once_how_to_begin(page)


def _is_told_once_how_to_begin(page: Page) -> None:
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        expect(page.get_by_text("No ticket has come yet").filter(visible=True)).to_have_count(1)


def _add_agent(ada: Window, theirs: Window, name: str) -> None:
    page = ada.open("/settings/agents")
    page.get_by_role("link", name="Add an agent").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail address").fill(f"{name.split()[0].lower()}@northlight.example")
    page.get_by_label("On the whole desk").select_option(label="Agent")
    page.get_by_role("button", name="Add the agent").click()
    theirs.page.goto(page.get_by_role("textbox", name="Link").input_value())
    theirs.page.get_by_label("Password").fill(PASSWORD)
    theirs.page.get_by_role("button", name="Open the desk").click()
    is_live(theirs.page)
