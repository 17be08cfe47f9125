"""The whole desk behind a real web server, and a browser that tells whatever went wrong on a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page

from tests.stories.live_server import LiveServer, sign_in
from tugi.people.models import Agent
from tugi.serve.bridge import Bridge

LISTEN = """
window.stopped = []
addEventListener("securitypolicyviolation", event => stopped.push(
  `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`))
"""
AUDIT = """canary => {
  const faults = []
  const never = ["object", "embed", "applet", "base", "frame", "marquee", "math", "portal"]
  const loading = ["src", "srcset", "action", "formaction", "data", "poster", "background", "style", "ping"]
  const leading = ["href", "src", "action", "xlink:href", "formaction"]
  const leadsOut = value => value.includes(canary) || value.includes("evil.example")
  const runs = value => /^[\\s\\x00-\\x20]*(javascript|vbscript|data:text)/i.test(value)
  const isOpen = frame => !frame.hasAttribute("sandbox") || frame.hasAttribute("srcdoc")
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName
    if (never.includes(name)) faults.push(`<${name}>`)
    if (name === "script" && !element.nonce) faults.push("a script without our nonce")
    if (name === "style" && !element.nonce && element.closest("body")) faults.push("a style sheet in the page")
    if (name === "iframe" && isOpen(element)) faults.push("an open frame")
    for (const {name: key, value} of element.attributes) {
      const said = `<${name} ${key}=${value.slice(0, 80)}>`
      if (/^on/.test(key)) faults.push(said)
      if (/^(hx-|data-hx|x-data|v-|@)/.test(key) && element.closest(".message__text")) faults.push(said)
      if (loading.includes(key) && leadsOut(value)) faults.push(said)
      if (leading.includes(key) && runs(value)) faults.push(said)
    }
  }
  return faults
}"""
PLACES = """() => {
  const wrong = []
  const inside = ".message, .item, .message__text, .file, .chip, td, th, .participants, .menu__item, .toast"
  const places = "#main #thread #composer #ticket-head #desk-context #list-rows #toasts #desk-list #standing #end"
  for (const place of places.split(" ")) {
    const found = document.querySelectorAll(place)
    if (found.length > 1) wrong.push(`${found.length} of ${place}`)
    if (found[0]?.parentElement.closest(inside)) wrong.push(`${place} is inside a message`)
  }
  for (const kind of ["article.message", "article.item"]) {
    const parents = new Set([...document.querySelectorAll(kind)].map(each => each.parentElement))
    if (parents.size > 1) wrong.push(`${kind} in ${parents.size} places`)
  }
  return wrong
}"""


@contextmanager
def whole_desk() -> Iterator[LiveServer]:
    """Django as it is served, static files included. The caller brings a database that other threads may use."""
    bridge = Bridge(StaticFilesHandler(get_wsgi_application()), 4, settings.MAX_UPLOAD_BYTES)
    with LiveServer(bridge) as server:
        yield server
    bridge.close()


@dataclass
class Watch:
    """A page and all that went wrong on it."""

    page: Page
    origin: str
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        answer = self.page.goto(self.origin + path)
        assert answer is not None and answer.status < 500, path
        # What waits for a failed picture, an animation or the focus has had its turn.
        self.page.wait_for_timeout(60)

    def faults(self, canary: str) -> list[str]:
        """Whatever is not as it should be on the page that is open."""
        stopped = self.page.evaluate("window.stopped ?? []")
        found = self.page.evaluate(AUDIT, canary) + self.page.evaluate(PLACES)
        elsewhere = [url for url in self.asked if not url.startswith((self.origin, "data:", "blob:", "about:"))]
        return [*self.dialogs, *self.errors, *stopped, *found, *elsewhere]


@contextmanager
def watched(browser: Browser, server: LiveServer, agent: Agent | None = None) -> Iterator[Watch]:
    """A page of this agent's, or of a stranger's."""
    context = browser.new_context(viewport={"width": 1400, "height": 2000}, java_script_enabled=True)
    if agent:
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": sign_in(agent), "url": server.origin}
        context.add_cookies([cookie])
    context.add_init_script(LISTEN)
    watch = Watch(context.new_page(), server.origin)

    def told(dialog: Dialog) -> None:
        watch.dialogs.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            watch.errors.append(f"console: {message.text[:300]} at {message.location.get('url', '')}")

    def failed(error: Error) -> None:
        watch.errors.append(f"error: {error}")

    context.on("dialog", told)
    context.on("request", lambda request: watch.asked.append(request.url))
    watch.page.on("console", said)
    watch.page.on("pageerror", failed)
    yield watch
    context.close()
