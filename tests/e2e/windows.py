"""Browser windows of the walks, which complain of anything that goes wrong in them."""

from __future__ import annotations

from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect

DESKTOP, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
PASSWORD = "slow purple tractor 17"
WAIT = 20_000


@dataclass
class Window:
    """A browser of somebody's own, with one page. `problems` are errors of scripts and of the console."""

    page: Page
    url: str
    problems: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def look(self) -> None:
        """Axe finds nothing serious in what is shown, light and wide, dark and narrow; nothing is cut off."""
        before = self.page.viewport_size
        for size, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
            self.page.set_viewport_size(size)
            self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            assert not (found := serious(self.page)), f"{self.page.url} {scheme}: {found}"
            assert self.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, self.page.url
        self.page.emulate_media(color_scheme="light")
        if before:
            self.page.set_viewport_size(before)


def window(browser: Browser, url: str, size: ViewportSize = DESKTOP) -> Window:
    context = browser.new_context(viewport=size, reduced_motion="reduce")
    context.set_default_timeout(WAIT)
    expect.set_options(timeout=WAIT)
    opened = Window(context.new_page(), url)

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            opened.problems.append(message.text)

    opened.page.on("pageerror", lambda error: opened.problems.append(str(error)))
    opened.page.on("console", hear)
    # Or the browser is asked to tell of choosers only when one is waited for, and a key is faster than the asking.
    opened.page.on("filechooser", lambda _chooser: None)
    return opened


def sign_in(opened: Window, address: str) -> None:
    page = opened.open("/sign-in")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    is_live(page)


def is_live(page: Page) -> None:
    """The desk is there and hears of what happens."""
    expect(page.locator("live-connection")).to_have_attribute("data-state", "online")


def serious(page: Page) -> list[tuple[str, object]]:
    found = Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["target"]) for each in found if each["impact"] in ("serious", "critical")]
