"""What went wrong between us and a mail server, so that whoever reads it knows what to do."""

from __future__ import annotations

import smtplib
import socket
import ssl

from django.utils.translation import gettext as _

from tugi.channels.email.accounts import Account
from tugi.core.text import shorten, single_line

LONGEST = 400


def server_words(code: int, text: bytes | str) -> str:
    """A server's answer on one line, with its number."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return shorten(single_line(f"{code} {said}"), LONGEST)


def connection_words(error: Exception, account: Account) -> str:
    """Why there is no conversation with the server: its name, its port, or how the line is made private."""
    place = {"host": account.host, "port": account.port}
    if isinstance(error, socket.gaierror):
        return _("There is no server called “%(host)s”. Check the name.") % place
    if isinstance(error, ssl.SSLCertVerificationError):
        why = single_line(error.verify_message or str(error))
        text = _("The certificate of %(host)s cannot be trusted, so nothing was sent to it: %(why)s.")
        return text % {**place, "why": why}
    if isinstance(error, ssl.SSLError):
        return _("%(host)s does not speak TLS on port %(port)s. Check port and encryption.") % place
    if isinstance(error, TimeoutError):
        return _("%(host)s did not answer on port %(port)s in time.") % place
    if isinstance(error, ConnectionRefusedError):
        return _("Nothing answers at %(host)s, port %(port)s.") % place
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _not_supported(error, place)
    if isinstance(error, smtplib.SMTPResponseException):
        return _refusal(error, place)
    if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError):
        return _("%(host)s broke the connection off.") % place
    return shorten(single_line(str(error)), LONGEST) or _("%(host)s could not be reached.") % place


def _refusal(error: smtplib.SMTPResponseException, place: dict[str, object]) -> str:
    """The server's words; those of a program that is no mail server are nobody's business."""
    if 200 <= error.smtp_code < 600:
        return server_words(error.smtp_code, error.smtp_error)
    return _("%(host)s does not speak SMTP on port %(port)s. Check the port.") % place


def _not_supported(error: Exception, place: dict[str, object]) -> str:
    said = str(error)
    if "STARTTLS" in said:
        return _("%(host)s offers no STARTTLS on port %(port)s, so no password was sent to it.") % place
    if "SMTPUTF8" in said:
        return _("%(host)s cannot send to addresses with letters beyond ASCII before the @.") % place
    return _("%(host)s offers no way to sign in that Tugi knows.") % place
