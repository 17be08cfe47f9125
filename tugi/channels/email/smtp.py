"""Handing a mail to an SMTP server (RFC 5321), and what its refusals mean."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tugi.channels.email import smtp_trouble
from tugi.channels.email.accounts import Account
from tugi.channels.email.bearer import first_words, mechanism_of, present
from tugi.channels.email.models import Security
from tugi.channels.email.smtp_pool import end, pool
from tugi.channels.email.smtp_session import AnySession, Session, TlsSession
from tugi.channels.email.words import NotPrivate, connection_reason, server_words, sign_in_reason
from tugi.core.reasons import reason
from tugi.events.senders import DeliveryError

ANSWERS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError)
"""After these the connection is as good as before."""


@dataclass(frozen=True)
class Refusal:
    """The server's words on one recipient; `is_for_now`: another try may help (RFC 5321 4.2.1)."""

    words: str
    is_for_now: bool


class AllRefused(DeliveryError):
    """Not one recipient was taken; `refusals` says why, by address."""

    def __init__(self, refusals: dict[str, Refusal]) -> None:
        said = "\n".join(f"{address}: {each.words}" for address, each in refusals.items())
        is_over = not any(each.is_for_now for each in refusals.values())
        super().__init__(reason("desk.said", said), permanent=is_over)
        self.refusals = refusals


def send(
    account: Account, raw: bytes, *, envelope_from: str, recipients: list[str], plain_from: str | None = None
) -> dict[str, Refusal]:
    """Hand the mail over; gives the refused recipients, if others were taken.

    Where the server does not let us send as `envelope_from`, `plain_from` is tried at once.

    Raises AllRefused, DeliveryError: permanent for what another try cannot change.
    """
    key = account.key
    smtp_trouble.raise_if_met(key)
    try:
        return _under_either_name(account, raw, (envelope_from, plain_from), recipients)
    except smtplib.SMTPRecipientsRefused as error:
        raise AllRefused(_refusals(error.recipients)) from error
    except smtplib.SMTPResponseException as error:
        refused = _refused(error)
        if isinstance(error, smtplib.SMTPAuthenticationError):
            smtp_trouble.remember(key, refused, smtp_trouble.REFUSED_SECONDS)
        raise refused from error
    except (smtplib.SMTPException, OSError) as error:
        permanent = isinstance(error, smtplib.SMTPNotSupportedError) and "SMTPUTF8" in str(error)
        failed = DeliveryError(connection_reason(error, account), permanent=permanent)
        if isinstance(error, TimeoutError):
            smtp_trouble.remember(key, failed, smtp_trouble.SILENT_SECONDS)
        raise failed from error


class Closing(smtplib.SMTPResponseException):
    """421: the server is about to hang up, whatever was said (RFC 5321 3.8)."""


@contextmanager
def connected(account: Account) -> Iterator[AnySession]:
    """A session of its own, encrypted and signed in as the account asks. Raises SMTPException, OSError."""
    session = _sign_in(account)
    try:
        yield session
    finally:
        end(session)


def _under_either_name(
    account: Account, raw: bytes, names: tuple[str, str | None], recipients: list[str]
) -> dict[str, Refusal]:
    signed, plain = names
    try:
        return _hand_over(account, raw, signed, recipients)
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        if plain in (None, signed) or not _is_no(error.smtp_code) or not _is_about_sender(error):
            raise
    return _hand_over(account, raw, plain or "", recipients)


def _is_about_sender(error: smtplib.SMTPResponseException) -> bool:
    """Exchange says only after the mail that the account may not send under this address (5.7.60)."""
    said = server_words(error.smtp_code, error.smtp_error)
    return isinstance(error, smtplib.SMTPSenderRefused) or "5.7.60" in said or "SendAsDenied" in said


def _hand_over(account: Account, raw: bytes, envelope_from: str, recipients: list[str]) -> dict[str, Refusal]:
    """Over a kept connection, or a new one. A kept one that dies before the mail has begun says nothing about
    the server: a new one takes its place at once."""
    key = account.key  # once: a consent given meanwhile is not the one that this session was signed in by
    while True:
        session, was_used = pool.borrow(key, lambda: _sign_in(account))
        try:
            refused = _converse(session, raw, envelope_from, recipients)
        except ANSWERS as error:
            if isinstance(error, Closing) and was_used:
                session.close()
                continue
            pool.give_back(key, session)
            raise
        except (smtplib.SMTPException, OSError):
            session.close()
            if was_used and not session.has_begun:
                continue
            raise
        pool.give_back(key, session)
        return refused


def _converse(session: AnySession, raw: bytes, envelope_from: str, recipients: list[str]) -> dict[str, Refusal]:
    code, words = session.mail(envelope_from, _options(session, raw, envelope_from, recipients))
    _raise_if_closing(code, words)
    if not _is_yes(code):
        raise smtplib.SMTPSenderRefused(code, words, envelope_from)
    refused: dict[str, tuple[int, bytes]] = {}
    for each in recipients:
        code, words = session.rcpt(each)
        _raise_if_closing(code, words)
        if not _is_yes(code):
            refused[each] = (code, words)
    if len(refused) == len(recipients):
        raise smtplib.SMTPRecipientsRefused(refused)
    code, words = session.data(raw)
    if not _is_yes(code):
        raise smtplib.SMTPDataError(code, words)
    return _refusals(refused)


def _options(session: AnySession, raw: bytes, envelope_from: str, recipients: list[str]) -> list[str]:
    options = [f"SIZE={len(raw)}"] if session.has_extn("size") else []
    return options if "".join([envelope_from, *recipients]).isascii() else [*options, "SMTPUTF8"]


def _raise_if_closing(code: int, words: bytes) -> None:
    if code == 421:
        raise Closing(code, words)


def _is_yes(code: int) -> bool:
    return 200 <= code < 300


def _is_no(code: int) -> bool:
    return 500 <= code < 600


def _sign_in(account: Account) -> AnySession:
    session = _open(account)
    try:
        session.ehlo_or_helo_if_needed()
        if account.security == Security.STARTTLS:
            session.starttls(context=ssl.create_default_context())
            session.ehlo_or_helo_if_needed()
        if account.tokens is not None:
            _present_token(session, account)
        elif account.username:
            session.login(account.username, account.password.reveal())
    except BaseException:
        session.close()
        raise
    return session


def _open(account: Account) -> AnySession:
    if account.security == Security.PLAIN and not account.may_be_plain:
        raise NotPrivate
    try:
        return (TlsSession if account.security == Security.TLS else Session)(account.host, account.port)
    except UnicodeError as error:
        raise socket.gaierror(str(error)) from error


def _refusals(answers: dict[str, tuple[int, bytes]]) -> dict[str, Refusal]:
    return {address: Refusal(server_words(*answer), not _is_no(answer[0])) for address, answer in answers.items()}


def _present_token(server: AnySession, account: Account) -> None:
    mechanism = mechanism_of(server.esmtp_features.get("auth", "").upper().split())
    if mechanism is None:
        raise smtplib.SMTPNotSupportedError("no way to sign in with a token")

    def sign_in(token: str) -> None:
        words = first_words(mechanism, account.username, token)
        server.auth(mechanism, lambda challenge=None: words if challenge is None else "\1")

    present(account, sign_in, smtplib.SMTPAuthenticationError)


def _refused(error: smtplib.SMTPResponseException) -> DeliveryError:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return DeliveryError(sign_in_reason(error))
    said = server_words(error.smtp_code, error.smtp_error)
    # Refused before the mail was named, it was not the mail that was refused.
    is_about_us = isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError)
    return DeliveryError(reason("desk.said", said), permanent=_is_no(error.smtp_code) and not is_about_us)
