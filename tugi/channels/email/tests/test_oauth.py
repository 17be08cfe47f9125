"""Signing in by a provider's consent, at a real Dovecot that asks a provider of our own whom a token belongs to."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult
from imapclient import IMAPClient

from tests.servers.identity_provider import IdentityProvider
from tests.servers.imap_user import ImapUser
from tests.servers.processes import free_port
from tugi.channels.email import smtp
from tugi.channels.email.accounts import smtp_account
from tugi.channels.email.checking import check_mailbox
from tugi.channels.email.fetchers import fetch_one
from tugi.channels.email.models import Consent, Mailbox, Protocol, RawMail, Security
from tugi.channels.email.testing import mail, make_mailbox
from tugi.channels.email.tests.connecting import connect
from tugi.core import clock

pytestmark = pytest.mark.django_db


def fetch(mailbox: Mailbox) -> None:
    mailbox.refresh_from_db()
    fetch_one(mailbox, threading.Event())
    mailbox.refresh_from_db()


@contextmanager
def offering(*mechanisms: bytes) -> Iterator[None]:
    """As an IMAP server that offers these alone."""
    real = IMAPClient.capabilities

    def some(client: IMAPClient) -> tuple[bytes, ...]:
        return tuple(name for name in real(client) if not name.startswith(b"AUTH=")) + mechanisms

    with patch.object(IMAPClient, "capabilities", some):
        yield


@pytest.mark.parametrize("mechanism", [b"AUTH=OAUTHBEARER", b"AUTH=XOAUTH2"])
def test_imap_lets_the_token_in(connected: Mailbox, imap_user: ImapUser, mechanism: bytes) -> None:
    imap_user.put(mail())
    with offering(mechanism):
        fetch(connected)

    assert connected.trouble == ""
    assert RawMail.objects.count() == 1


@pytest.mark.parametrize("mechanism", ["OAUTHBEARER", "XOAUTH2"])
def test_pop3_lets_the_token_in(connected: Mailbox, imap_user: ImapUser, mechanism: str) -> None:
    if not imap_user.server.has_pop3:
        pytest.skip("Dovecot has no POP3: apt-get install dovecot-pop3d")
    Mailbox.objects.update(fetch_protocol=Protocol.POP3, imap_port=imap_user.server.pop3_port)
    imap_user.put(mail())
    with patch("tugi.channels.email.pop3_sessions.Pop3.mechanisms", return_value=[mechanism]):
        fetch(connected)

    assert connected.trouble == ""
    assert RawMail.objects.count() == 1


def test_a_token_refused_before_its_time_is_renewed_once(
    connected: Mailbox, identity_provider: IdentityProvider, imap_user: ImapUser
) -> None:
    identity_provider.withdraw_access()
    fetch(connected)
    assert connected.trouble == ""
    assert [form["grant_type"] for form in identity_provider.asked] == ["authorization_code", "refresh_token"]
    identity_provider.user = "somebody else"
    identity_provider.withdraw_access()
    fetch(connected)

    assert "refused the provider's token" in connected.trouble
    assert len(identity_provider.asked) == 3
    assert connected.retry_at is not None
    assert connected.retry_at > clock.now() + timedelta(minutes=4)


def test_pop3_renews_a_token_that_is_refused(
    connected: Mailbox, identity_provider: IdentityProvider, imap_user: ImapUser
) -> None:
    if not imap_user.server.has_pop3:
        pytest.skip("Dovecot has no POP3: apt-get install dovecot-pop3d")
    Mailbox.objects.update(fetch_protocol=Protocol.POP3, imap_port=imap_user.server.pop3_port)
    identity_provider.withdraw_access()
    fetch(connected)

    assert connected.trouble == ""
    assert len(identity_provider.asked) == 2


def test_a_consent_taken_back_is_said_plainly_and_connecting_again_mends_it(
    connected: Mailbox, identity_provider: IdentityProvider, imap_user: ImapUser
) -> None:
    identity_provider.withdraw()
    fetch(connected)
    assert "taken back its consent. Press “Connect again”" in connected.trouble
    assert connected.retry_at is not None
    assert connected.retry_at > clock.now() + timedelta(minutes=4)
    asked = len(identity_provider.asked)
    fetch(connected)
    assert len(identity_provider.asked) == asked, "a provider is not asked for what it has refused for good"
    connect(connected, identity_provider)
    imap_user.put(mail())
    fetch(connected)

    assert connected.trouble == ""
    assert RawMail.objects.count() == 1


def test_a_mailbox_not_connected_and_a_server_without_tokens_are_said_plainly(unconnected: Mailbox) -> None:
    assert "not connected with its provider yet" in check_mailbox(unconnected)[0].text
    with offering(b"AUTH=PLAIN"):
        assert "does not let anybody sign in by a provider's consent" in check_mailbox(unconnected)[0].text


def test_smtp_lets_the_token_in_and_renews_one_that_is_refused(
    connected: Mailbox, identity_provider: IdentityProvider
) -> None:
    with smtp_server(identity_provider) as port:
        connected.smtp_on, connected.smtp_host, connected.smtp_port = True, "127.0.0.1", port
        connected.smtp_security, connected.smtp_username = Security.PLAIN, connected.imap_username
        account = smtp_account(connected)
        assert account is not None
        identity_provider.withdraw_access()
        with smtp.connected(account) as server:
            assert server.noop()[0] == 250
        assert len(identity_provider.asked) == 2
        identity_provider.withdraw()
        results = [result.text for result in check_mailbox(connected)]

    assert "taken back its consent" in results[1]
    assert results[1].startswith("Sending does not work.")


def test_sessions_are_shared_within_one_consent_of_one_mailbox_only(
    connected: Mailbox, identity_provider: IdentityProvider
) -> None:
    """Two mailboxes that name the same user each have a consent of their own, and it may be anybody's."""
    other = make_mailbox(connected.department, "other@acme.example", sign_in=connected.sign_in)
    before = key_of(connected)
    assert key_of(other) != before
    Consent.objects.update(access_token="renewed")
    assert key_of(connected) == before
    connect(connected, identity_provider)
    assert key_of(connected) != before


def key_of(mailbox: Mailbox) -> tuple[str, ...]:
    mailbox.smtp_on, mailbox.smtp_host, mailbox.smtp_username = True, "smtp.example", "one@acme.example"
    account = smtp_account(mailbox)
    assert account is not None
    return account.key


@contextmanager
def smtp_server(provider: IdentityProvider) -> Iterator[int]:
    """Takes mail from who brings a token that the provider knows."""

    class Authenticating(Sink):
        async def auth_XOAUTH2(self, server: SMTP, words: list[bytes]) -> AuthResult:  # noqa: N802 - aiosmtpd's name
            said = await server.challenge_auth("") if len(words) < 2 else _decoded(words[1])
            token = said.decode().partition("Bearer ")[2].rstrip("\1") if isinstance(said, bytes) else ""
            return AuthResult(success=provider.knows(token)["active"], handled=False)

    port = free_port()
    controller = Controller(
        Authenticating(),
        hostname="127.0.0.1",
        port=port,
        auth_require_tls=False,
        auth_exclude_mechanism=["LOGIN", "PLAIN"],
    )
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def _decoded(word: bytes | str) -> bytes:
    return base64.b64decode(word)
