"""Photograph the main screens of a demo desk: `bin/screens [NAME …] [--at URL --password WORDS]`.

Without `--at` a demo desk is started and ended again. Pictures go into build/screens/LANGUAGE/, the one of the
README into docs/images/.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, ViewportSize, expect

from tests.servers.browser import browser
from tests.servers.processes import wait_until
from tests.servers.tugi_server import CHECKOUT, TugiServer, tugi_server

OUT, README_PICTURE = CHECKOUT / "build/screens", CHECKOUT / "docs/images/desk.png"
SIZES = (
    ViewportSize(width=1440, height=900),
    ViewportSize(width=768, height=1024),
    ViewportSize(width=390, height=844),
)
SCHEMES = ("light", "dark")
AGENTS = {"en": "helen", "et": "kristjan", "ru": "dmitri", "ro": "elena"}
DOMAIN = "northlight.example"
MOST_LOOKED_AT, MINE, SEEN_FIRST = 25, 8, 6
TELLING = {".file--picture": 4, ".message--note": 4, ".message--outbound": 2, ".message": 1, ".tag": 1}
ENGLISH_TELLS = 8
STILL = "!document.querySelector('.htmx-request') && [...document.images].every(image => image.complete)"


@dataclass(frozen=True)
class Screen:
    """`path` may hold {ticket}; `visitor` is "agent" or "guest"; `press` are keys pressed before the picture and
    `show` is what is scrolled to."""

    name: str
    path: str
    visitor: str = "agent"
    press: str = ""
    show: str = ""
    is_translated: bool = False


SCREENS = (
    Screen("inbox", "/tickets/?view=unassigned", is_translated=True),
    Screen("mine", "/tickets/?view=mine"),
    Screen("waiting", "/tickets/?view=waiting"),
    Screen("ticket", "/tickets/{ticket}?view=mine", show=".message--note", is_translated=True),
    Screen("note", "/tickets/{ticket}?view=mine", press="n"),
    Screen("keys", "/tickets/{ticket}?view=mine", press="?"),
    Screen("merge", "/tickets/{ticket}/merge"),
    Screen("search", "/tickets/search?q=lamp"),
    Screen("search-nothing", "/tickets/search?q=zeppelin"),
    Screen("profile", "/settings/profile", is_translated=True),
    Screen("agents", "/settings/agents"),
    Screen("agent", "/settings/agents/2"),
    Screen("agent-new", "/settings/agents/new"),
    Screen("departments", "/settings/departments"),
    Screen("department", "/settings/departments/1"),
    Screen("mail", "/settings/mail"),
    Screen("mail-health", "/settings/mail/health", is_translated=True),
    Screen("mailbox", "/settings/mail/1"),
    Screen("mailbox-new", "/settings/mail/new"),
    Screen("mailbox-domain", "/settings/mail/1/domain"),
    Screen("mailbox-keys", "/settings/mail/1/keys"),
    Screen("mail-health", "/settings/mail/health"),
    Screen("missing", "/tickets/999999"),
    Screen("sign-in", "/sign-in", "guest", is_translated=True),
    Screen("missing-guest", "/nowhere", "guest"),
    Screen("request", "{request}", "guest", is_translated=True),
    Screen("set-up", "{set_up}", "guest", is_translated=True),
)


@dataclass(frozen=True)
class Desks:
    """A demo desk to photograph, its password and a customer's page there; `set_up` is a fresh desk's link."""

    url: str
    password: str
    request: str
    set_up: str


def main(words: list[str]) -> int:
    options = _parser().parse_args(words)
    chosen = [screen for screen in SCREENS if not options.names or screen.name in options.names]
    with _desks(options) as desks, browser() as chromium:
        for language in options.languages.split(","):
            Photographer(chromium, desks, language).take(chosen)
        if "ticket" in (options.names or ["ticket"]):
            _keep_for_readme(OUT / "en/ticket-1440-light.png")
    print(f"The pictures are in {OUT.relative_to(CHECKOUT)}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bin/screens", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(screen.name for screen in SCREENS))
    parser.add_argument("--at", help="the address of a demo desk that runs already")
    parser.add_argument("--password", default="", help="what it printed")
    parser.add_argument("--request", default="/", help="the customer's page it printed")
    parser.add_argument("--languages", default=",".join(AGENTS))
    return parser


@contextmanager
def _desks(options: argparse.Namespace) -> Iterator[Desks]:
    with tugi_server() as fresh:
        set_up = _printed(fresh, r"(http://\S+/setup/\S+)")
        if options.at:
            yield Desks(options.at, options.password, options.request, set_up)
            return
        with tugi_server(arguments=("--demo",), settings={"TUGI_SMTP_SEND": "folder"}) as demo:
            password = _printed(demo, r"password: (\S+)")
            yield Desks(demo.url, password, _printed(demo, r"(http://\S+/t/\S+)"), set_up)


def _printed(server: TugiServer, pattern: str) -> str:
    wait_until(lambda: bool(re.search(pattern, server.log())), f"{pattern} in what it prints", 60)
    return str(re.findall(pattern, server.log())[-1])


class Photographer:
    """Takes screens in one language: every size and scheme in English, fewer in the others."""

    def __init__(self, chromium: Browser, desks: Desks, language: str) -> None:
        self.chromium, self.desks, self.language = chromium, desks, language
        self.folder = OUT / language
        self.folder.mkdir(parents=True, exist_ok=True)
        self.session = self._sign_in()
        self.ticket = self._take_what_tells_most()

    def take(self, screens: list[Screen]) -> None:
        wanted = [screen for screen in screens if self.language == "en" or screen.is_translated]
        for size in SIZES:
            for scheme in SCHEMES if self.language == "en" else SCHEMES[:1]:
                for visitor, session in (("agent", self.session), ("guest", None)):
                    context = self._context(size, scheme, session)
                    for screen in wanted:
                        if screen.visitor == visitor:
                            self._take(screen, context, f"{size['width']}-{scheme}")
                    context.close()

    def _take(self, screen: Screen, context: BrowserContext, way: str) -> None:
        page = context.new_page()
        address = screen.path.format(ticket=self.ticket, request=self.desks.request, set_up=self.desks.set_up)
        page.goto(address if address.startswith("http") else self.desks.url + address)
        _settle(page)
        if screen.press:
            page.keyboard.press(screen.press)
            _settle(page)
        if screen.show and page.locator(screen.show).count():
            page.locator(screen.show).last.evaluate("shown => shown.scrollIntoView()")
        page.screenshot(path=self.folder / f"{screen.name}-{way}.png", full_page=screen.visitor == "guest")
        page.close()

    def _context(self, size: ViewportSize, scheme: str, session: StorageState | None) -> BrowserContext:
        return self.chromium.new_context(
            viewport=size,
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            storage_state=session,
            locale=self.language,
            timezone_id="Europe/Tallinn",
        )

    def _sign_in(self) -> StorageState:
        context = self._context(SIZES[0], "light", None)
        page = context.new_page()
        page.goto(f"{self.desks.url}/sign-in")
        page.locator("input[type=email]").fill(f"{AGENTS[self.language]}@{DOMAIN}")
        page.locator("input[type=password]").fill(self.desks.password)
        page.locator("main button[type=submit]").click()
        self.name = page.locator(".rail .avatar").get_attribute("aria-label") or ""
        session = context.storage_state()
        context.close()
        return session

    def _take_what_tells_most(self) -> str:
        """Make the open tickets with most to see one's own; the number of the best among those seen first."""
        context = self._context(SIZES[0], "light", self.session)
        page = context.new_page()
        known = {path: self._telling(page, path) for path in self._listed(page, "open")[:MOST_LOOKED_AT]}
        for path in sorted(known, key=lambda path: -known[path])[:MINE]:
            page.goto(self.desks.url + path)
            page.keyboard.press("i")
            expect(page.locator(".talk__detail")).to_contain_text(self.name)
        first = self._listed(page, "mine")[:SEEN_FIRST]
        context.close()
        return max(first, key=lambda path: known.get(path, 0)).rpartition("/")[2]

    def _listed(self, page: Page, view: str) -> list[str]:
        page.goto(f"{self.desks.url}/tickets/?view={view}")
        return [
            str(path) for path in page.locator(".item__subject").evaluate_all("all => all.map(each => each.pathname)")
        ]

    def _telling(self, page: Page, path: str) -> int:
        """How much there is to see in a ticket; more if it is in English, for those who read the README."""
        page.goto(self.desks.url + path)
        score = sum(min(page.locator(what).count(), 3) * weight for what, weight in TELLING.items())
        return score + ENGLISH_TELLS * ("English" in page.locator("#desk-context").inner_text())


def _settle(page: Page) -> None:
    page.wait_for_load_state("load")
    if page.locator("live-connection").count():
        page.wait_for_selector("live-connection[data-state=online]", state="attached")
    # Not wait_for_function: the desk's policy forbids it to evaluate.
    wait_until(lambda: bool(page.evaluate(STILL)), "the pictures of a page")
    page.wait_for_timeout(300)


def _keep_for_readme(picture: Path) -> None:
    """A palette is enough for a screen and makes the file small."""
    small = Image.open(picture).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
    taken = BytesIO()
    small.save(taken, "PNG", optimize=True)
    README_PICTURE.write_bytes(taken.getvalue())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
