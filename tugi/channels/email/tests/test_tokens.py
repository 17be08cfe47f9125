"""Tokens that end, that rotate, that are taken back, and workers that want new ones at once."""

from __future__ import annotations

import threading
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection

from tests.servers.identity_provider import IdentityProvider
from tests.servers.processes import free_port
from tugi.channels.email import oauth
from tugi.channels.email.actions import change_mailbox
from tugi.channels.email.fetchers import fetch_one
from tugi.channels.email.models import Consent, Mailbox
from tugi.channels.email.tests.connecting import connect
from tugi.channels.email.tokens import NoToken, Tokens
from tugi.core import clock
from tugi.events import actors
from tugi.events.models import Event

pytestmark = pytest.mark.django_db


def fetch(mailbox: Mailbox) -> None:
    mailbox.refresh_from_db()
    fetch_one(mailbox, threading.Event())
    mailbox.refresh_from_db()


def test_a_token_is_renewed_before_it_ends(connected: Mailbox, identity_provider: IdentityProvider) -> None:
    tokens = Tokens(connected.pk)
    first = tokens.current()
    assert tokens.current() == first
    Consent.objects.update(expires_at=clock.now() + timedelta(minutes=4))
    second = tokens.current()

    assert second != first
    assert len(identity_provider.asked) == 2
    assert Consent.objects.get().expires_at > clock.now() + timedelta(minutes=50)


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (503, b"busy", "gave no token (status 503)"),
        (200, b"{}", "gave no token (status 200)"),
        (200, b"[" * 100_000, "gave no token"),
        (401, b'{"error": "invalid_client"}', "Check client ID, secret and scopes. (invalid_client)"),
    ],
)
def test_a_provider_that_fails_loses_no_consent(
    connected: Mailbox, identity_provider: IdentityProvider, status: int, body: bytes, told: str
) -> None:
    Consent.objects.update(expires_at=clock.now())
    identity_provider.answers = [(status, body)]
    fetch(connected)
    assert told in connected.trouble
    fetch(connected)

    assert connected.trouble == ""


def test_a_provider_that_is_down_is_said_plainly(connected: Mailbox) -> None:
    Consent.objects.update(expires_at=clock.now())
    Mailbox.objects.update(oauth_token_url=f"http://127.0.0.1:{free_port()}/token")
    fetch(connected)
    assert connected.trouble == "127.0.0.1 did not answer as it should."


@pytest.mark.django_db(transaction=True)
def test_workers_that_renew_at_once_lose_no_rotated_token(
    connected: Mailbox, identity_provider: IdentityProvider
) -> None:
    """The provider takes everything back if one refresh token is used twice."""
    identity_provider.delay_seconds = 0.3
    Consent.objects.update(expires_at=clock.now())
    found: list[str] = []

    def run() -> None:
        try:
            found.append(Tokens(connected.pk).current())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 4
    assert len(set(found)) == 1
    assert len(identity_provider.asked) == 2
    assert identity_provider.knows(found[0])["active"]


def test_the_renewal_of_a_worker_that_died_is_taken_over(connected: Mailbox) -> None:
    Consent.objects.update(expires_at=clock.now(), renewing_until=clock.now() - timedelta(seconds=1))
    assert Tokens(connected.pk).current()


def test_a_renewal_that_does_not_end_is_not_waited_for_for_ever(connected: Mailbox) -> None:
    Consent.objects.update(expires_at=clock.now(), renewing_until=clock.now() + timedelta(minutes=1))
    with patch("tugi.channels.email.tokens.PATIENCE_SECONDS", 0.3), pytest.raises(NoToken, match="renewal_too_slow"):
        Tokens(connected.pk).current()


def test_tokens_that_come_after_the_mailbox_was_connected_again_are_dropped(
    connected: Mailbox, identity_provider: IdentityProvider
) -> None:
    Consent.objects.update(expires_at=clock.now())
    real = oauth.tokens_for_refresh_token

    def slow(mailbox: Mailbox, token: str) -> oauth.Given:
        given = real(mailbox, token)
        connect(mailbox, identity_provider)
        return given

    with patch.object(oauth, "tokens_for_refresh_token", slow):
        token = Tokens(connected.pk).current()
    assert token == Consent.objects.get().access_token.reveal()
    assert Consent.objects.get().version == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"imap_host": "localhost"},
        {"imap_username": "other"},
        {"oauth_token_url": "https://elsewhere.example/token"},
        {"oauth_client_id": "other"},
    ],
)
def test_a_consent_goes_nowhere_else_than_it_was_given_for(connected: Mailbox, changed: dict[str, str]) -> None:
    change_mailbox(connected.pk, display_name="Another name", actor=actors.system())
    assert Consent.objects.exists()
    change_mailbox(connected.pk, **changed, actor=actors.system())
    assert not Consent.objects.exists()


def test_no_token_is_readable_in_the_database_in_the_log_or_in_a_fact(connected: Mailbox) -> None:
    row = Consent.objects.values().get()
    told = f"{row} {connected!r} {Consent.objects.get()!r} {Tokens(connected.pk)!r} {list(Event.objects.values())}"
    assert "access-" not in told
    assert "refresh-" not in told
    assert Consent.objects.get().refresh_token.reveal().startswith("refresh-")
