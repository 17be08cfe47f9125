"""Real servers as fixtures: one of each a session, on free loopback ports, ended by their own process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.servers import dovecot as dovecots
from tests.servers import identity_provider as providers
from tests.servers import postgresql as postgresqls
from tests.servers import smtp_sink as sinks
from tests.servers import tugi_server as tugis
from tests.servers.processes import program

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The DATABASE_URL of a server of our own; `new_database(url, name)` makes a database on it."""
    if not postgresqls.binaries():
        pytest.skip("PostgreSQL is not installed")
    with postgresqls.postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def dovecot() -> Iterator[dovecots.Dovecot]:
    """IMAP; `dovecot.add_user("support")`."""
    if not program("dovecot"):
        pytest.skip("Dovecot is not installed")
    with dovecots.dovecot() as server:
        yield server


@pytest.fixture
def identity_provider(dovecot: dovecots.Dovecot) -> Iterator[providers.IdentityProvider]:
    """A fresh one, whose tokens Dovecot believes."""
    with providers.identity_provider(dovecot.provider_port) as provider:
        yield provider


@pytest.fixture(scope="session")
def _sink() -> Iterator[sinks.SmtpSink]:
    with sinks.smtp_sink() as sink:
        yield sink


@pytest.fixture
def smtp_sink(_sink: sinks.SmtpSink) -> sinks.SmtpSink:
    """SMTP that keeps all mail; empty at the start of each test."""
    _sink.clear()
    return _sink


@pytest.fixture
def tugi_server() -> Iterator[tugis.TugiServer]:
    """A fresh desk on SQLite that answers."""
    with tugis.tugi_server() as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One a module: while it is open its event loop runs in this thread, and tests of other modules would meet it."""
    # Imported late: most runs open no browser.
    from tests.servers import browser as browsers

    if not browsers.chromium():
        pytest.skip("Chromium is not installed")
    with browsers.browser() as launched, pytest.MonkeyPatch.context() as patched:
        # Django sees that loop and would refuse its models, though nothing here is asynchronous.
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "on")
        yield launched


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own, with no cookies."""
    context = browser.new_context()
    yield context.new_page()
    context.close()
