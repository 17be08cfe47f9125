"""What went wrong between us and a mail server, as reasons for whoever reads them to know what to do."""

from __future__ import annotations

import smtplib
import socket
import ssl

from tugi.channels.email.accounts import Account
from tugi.channels.email.smtp_session import BadAnswer
from tugi.channels.email.tokens import NoToken
from tugi.core.reasons import reason
from tugi.core.text import shorten, single_line

LONGEST = 400


class NotPrivate(smtplib.SMTPException):
    """The account would send a password, or mail, over an open line to another machine."""


class CannotFetch(Exception):
    """Why there is no mail, as `reason(…)` makes it. `is_password`: trying again soon could lock the account."""

    def __init__(self, reason: str, *, is_password: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_password = is_password


def server_words(code: int, text: bytes | str) -> str:
    """A server's answer on one line, with its number."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return shorten(single_line(f"{code} {said}"), LONGEST)


def told_by(error: Exception) -> str:
    """What a server says in an error of its library's, on one line."""
    return shorten(single_line(str(error)), LONGEST)


def sign_in_reason(error: smtplib.SMTPAuthenticationError) -> str:
    return reason("mail.sign_in_refused", server_words(error.smtp_code, error.smtp_error))


def connection_reason(error: Exception, account: Account) -> str:
    """Why there is no conversation with the server: its name, its port, or how the line is made private."""
    host, port = account.host, account.port
    if isinstance(error, NotPrivate):
        return reason("mail.not_private")
    if isinstance(error, NoToken):
        return error.reason
    if isinstance(error, socket.gaierror):
        return reason("mail.unknown_host", host=host)
    if isinstance(error, ssl.SSLCertVerificationError):
        return reason("mail.not_trusted", host=host, why=error.verify_message or str(error))
    if isinstance(error, ssl.SSLError):
        return reason("mail.no_tls", host=host, port=port)
    if isinstance(error, TimeoutError):
        return reason("mail.too_slow", host=host, port=port)
    if isinstance(error, ConnectionRefusedError):
        return reason("mail.nothing_there", host=host, port=port)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _not_supported(error, host, port)
    if isinstance(error, smtplib.SMTPResponseException):
        return _refusal(error, host, port)
    if isinstance(error, BadAnswer):
        return reason("mail.no_smtp", host=host, port=port)
    if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError):
        return reason("mail.was_cut_off", host=host)
    said = shorten(single_line(str(error)), LONGEST)
    return reason("desk.said", said) if said else reason("mail.unreachable", host=host)


def _refusal(error: smtplib.SMTPResponseException, host: str, port: int) -> str:
    """The server's words; those of a program that is no mail server are nobody's business."""
    if 200 <= error.smtp_code < 600:
        return reason("desk.said", server_words(error.smtp_code, error.smtp_error))
    return reason("mail.no_smtp", host=host, port=port)


def _not_supported(error: Exception, host: str, port: int) -> str:
    said = str(error)
    if "STARTTLS" in said:
        return reason("mail.no_starttls", host=host, port=port)
    if "SMTPUTF8" in said:
        return reason("mail.no_utf8", host=host)
    return reason("mail.no_way_to_sign_in", host=host)
