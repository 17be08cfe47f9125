"""Debian's Chromium, driven by Playwright."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.servers.processes import program


def chromium() -> Path | None:
    return program("chromium") or program("chromium-browser")


@contextmanager
def browser() -> Iterator[Browser]:
    binary = chromium()
    assert binary, "Chromium is not installed: apt-get install chromium"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=str(binary),
            # Root has no user namespaces to hide in; the pages are our own.
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        yield launched
        launched.close()
