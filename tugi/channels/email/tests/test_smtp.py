"""Speaking to mail servers that are broken, slow, or not who they say (SECURITY E2.1, R14)."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.servers.processes import free_port
from tests.servers.smtp_sink import SmtpSink
from tugi.channels.email import smtp
from tugi.channels.email.accounts import Account
from tugi.channels.email.models import Security
from tugi.core.reasons import tell
from tugi.core.secret_field import Secret
from tugi.events.senders import DeliveryError

RAW = b"Subject: hello\r\n\r\nHello\r\n"
SECRET = "CANARY-PASSWORD"


def account(port: int, security: Security = Security.PLAIN, *, host: str = "127.0.0.1", user: str = "") -> Account:
    return Account(host, port, security, user, Secret("test", SECRET if user else ""))


def send(to: Account) -> dict[str, smtp.Refusal]:
    return smtp.send(to, RAW, envelope_from="support@acme.example", recipients=["dora@dora.example"])


def refusal(to: Account) -> DeliveryError:
    with pytest.raises(DeliveryError) as refused:
        send(to)
    assert SECRET not in str(refused.value)
    return refused.value


def test_a_mail_is_handed_over(smtp_sink: SmtpSink) -> None:
    assert send(account(smtp_sink.port)) == {}
    assert smtp_sink.deliveries[0].recipients == ("dora@dora.example",)


def test_a_server_that_hangs_up_after_the_mail_is_tried_again(smtp_sink: SmtpSink) -> None:
    smtp_sink.answers = ["hang up"]
    error = refusal(account(smtp_sink.port))
    assert not error.permanent
    assert "broke the connection off" in tell(error.reason)


@pytest.mark.parametrize(("answer", "permanent"), [("451 4.3.0 later", False), ("554 5.7.1 spam", True)])
def test_the_first_digit_says_whether_another_try_helps(smtp_sink: SmtpSink, answer: str, permanent: bool) -> None:
    smtp_sink.answers = [answer]
    error = refusal(account(smtp_sink.port))
    assert (error.permanent, answer in tell(error.reason)) == (permanent, True)


def test_a_port_where_nobody_answers_is_named() -> None:
    port = free_port()
    error = refusal(account(port))
    assert (tell(error.reason), error.permanent) == (f"Nothing answers at 127.0.0.1, port {port}.", False)


def test_an_unknown_name_is_named() -> None:
    error = refusal(account(25, Security.TLS, host="no-such-host.invalid"))
    assert "no server called “no-such-host.invalid”" in tell(error.reason)


def test_no_password_and_no_mail_on_an_open_line_to_another_machine() -> None:
    with patch("socket.create_connection") as connect:
        error = refusal(account(25, Security.PLAIN, host="smtp.elsewhere.example", user="ben"))
    assert not connect.called
    assert "Without encryption" in tell(error.reason)


def test_a_stripped_starttls_gets_no_password(smtp_sink: SmtpSink) -> None:
    with patch("smtplib.SMTP.login") as login:
        error = refusal(account(smtp_sink.port, Security.STARTTLS, user="ben"))
    assert not login.called
    assert "offers no STARTTLS" in tell(error.reason)
    assert not smtp_sink.deliveries


@pytest.mark.parametrize("name", ["127.0.0.1", "other.example"])
def test_a_certificate_that_nobody_vouches_for_gets_no_password(name: str) -> None:
    with server_with_certificate(name) as (port, seen):
        error = refusal(account(port, Security.STARTTLS, user="ben"))
    assert "certificate of 127.0.0.1 cannot be trusted" in tell(error.reason)
    assert seen == []


def test_a_wrong_password_is_said_plainly_and_may_be_repaired() -> None:
    with server_with_certificate("127.0.0.1") as (port, seen):
        unverified = ssl._create_unverified_context
        with patch("ssl.create_default_context", unverified):
            error = refusal(account(port, Security.STARTTLS, user="ben"))
    assert "refused the user name or the password" in tell(error.reason)
    assert not error.permanent
    assert set(seen) == {SECRET}


@contextmanager
def server_with_certificate(name: str) -> Iterator[tuple[int, list[str]]]:
    """A server with STARTTLS under a certificate of its own making, and the passwords it was told."""
    seen: list[str] = []

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        seen.append(data.password.decode())
        return AuthResult(success=False, handled=False)

    with TemporaryDirectory() as home:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_certificate(Path(home), name))
        port = free_port()
        controller = Controller(
            Sink(),
            hostname="127.0.0.1",
            port=port,
            tls_context=context,
            authenticator=authenticate,
        )
        controller.start()
        try:
            yield port, seen
        finally:
            controller.stop()


def _certificate(home: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = home / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return path
