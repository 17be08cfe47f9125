"""Handing a mail to an SMTP server (RFC 5321), and what its refusals mean."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tugi.channels.email.accounts import Account
from tugi.channels.email.bearer import first_words, mechanism_of, present
from tugi.channels.email.models import Security
from tugi.channels.email.words import NotPrivate, connection_reason, server_words, sign_in_reason
from tugi.core.reasons import reason
from tugi.events.senders import DeliveryError

TIMEOUT_SECONDS = 30
DEADLINE_SECONDS = 240
"""For one whole mail: a server that answers a letter a second must not hold a sender for hours."""


def send(account: Account, raw: bytes, *, envelope_from: str, recipients: list[str]) -> dict[str, str]:
    """Hand the mail over; gives the refused recipients with the server's words, if others were taken.

    Raises DeliveryError: permanent for what another try cannot change.
    """
    try:
        with connected(account) as server:
            options = ["SMTPUTF8"] if not "".join([envelope_from, *recipients]).isascii() else []
            refused = server.sendmail(envelope_from, recipients, raw, mail_options=options)
    except smtplib.SMTPRecipientsRefused as error:
        raise _all_refused(error) from error
    except smtplib.SMTPResponseException as error:
        raise _refused(error) from error
    except (smtplib.SMTPException, OSError) as error:
        permanent = isinstance(error, smtplib.SMTPNotSupportedError) and "SMTPUTF8" in str(error)
        raise DeliveryError(connection_reason(error, account), permanent=permanent) from error
    return {address: server_words(*answer) for address, answer in refused.items()}


@contextmanager
def connected(account: Account) -> Iterator[smtplib.SMTP]:
    """A session that is encrypted and signed in as the account asks. Raises SMTPException, OSError."""
    server = _open(account)
    watchdog = threading.Timer(DEADLINE_SECONDS, _cut, [server])
    watchdog.daemon = True
    watchdog.start()
    try:
        server.ehlo_or_helo_if_needed()
        if account.security == Security.STARTTLS:
            server.starttls(context=ssl.create_default_context())
        if account.tokens is not None:
            _present_token(server, account)
        elif account.username:
            server.login(account.username, account.password.reveal())
        yield server
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
    finally:
        watchdog.cancel()
        server.close()


def _open(account: Account) -> smtplib.SMTP:
    if account.security == Security.PLAIN and not account.may_be_plain:
        raise NotPrivate
    try:
        if account.security == Security.TLS:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(account.host, account.port, timeout=TIMEOUT_SECONDS, context=context)
        return smtplib.SMTP(account.host, account.port, timeout=TIMEOUT_SECONDS)
    except UnicodeError as error:
        raise socket.gaierror(str(error)) from error


def _present_token(server: smtplib.SMTP, account: Account) -> None:
    mechanism = mechanism_of(server.esmtp_features.get("auth", "").upper().split())
    if mechanism is None:
        raise smtplib.SMTPNotSupportedError("no way to sign in with a token")

    def sign_in(token: str) -> None:
        words = first_words(mechanism, account.username, token)
        server.auth(mechanism, lambda challenge=None: words if challenge is None else "\1")

    present(account, sign_in, smtplib.SMTPAuthenticationError)


def _cut(server: smtplib.SMTP) -> None:
    if server.sock is not None:
        with suppress(OSError):
            server.sock.shutdown(socket.SHUT_RDWR)


def _all_refused(error: smtplib.SMTPRecipientsRefused) -> DeliveryError:
    answers = error.recipients
    said = "\n".join(f"{address}: {server_words(*answer)}" for address, answer in answers.items())
    return DeliveryError(reason("desk.said", said), permanent=all(code >= 500 for code, _words in answers.values()))


def _refused(error: smtplib.SMTPResponseException) -> DeliveryError:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return DeliveryError(sign_in_reason(error))
    said = server_words(error.smtp_code, error.smtp_error)
    return DeliveryError(reason("desk.said", said), permanent=500 <= error.smtp_code < 600)
