"""A session with a POP3 server (RFC 1939): the line made private, signed in, mails listed and read.

The standard library's client refuses lines over 2048 bytes, which mails have, and forgets how lines ended: mails are
read here byte for byte.
"""

from __future__ import annotations

import base64
import hashlib
import poplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from tugi.channels.email.accounts import Account
from tugi.channels.email.bearer import first_words, mechanism_of, present
from tugi.channels.email.models import Security
from tugi.channels.email.tokens import NoToken
from tugi.channels.email.words import LONGEST, CannotFetch, connection_reason
from tugi.core.reasons import reason
from tugi.core.text import shorten, single_line

TIMEOUT_SECONDS = 60.0
PIECE = 64 * 1024
LONGEST_UIDL = 100
TEMPORARY = re.compile(r"\[(?:IN-USE|LOGIN-DELAY|SYS/)", re.IGNORECASE)
"""Why a good password may be refused (RFC 2449 8.1, RFC 3206)."""


class Pop3(poplib.POP3):
    """What we ask of such a server. Raises poplib.error_proto, OSError."""

    def __init__(self, *words: Any, **options: Any) -> None:
        try:
            super().__init__(*words, **options)
        except BaseException:
            self.shut()  # the standard library leaves the line open when the greeting is none
            raise

    def shut(self) -> None:
        with suppress(OSError, AttributeError):  # there may have been no line yet
            self.close()

    def unique_ids(self) -> dict[str, int]:
        """The number of each mail by its unique id, the first where two share one. Raises error_proto without UIDL."""
        found: dict[str, int] = {}
        for line in self.uidl()[1]:
            number, _space, uidl = line.decode("latin-1").strip().partition(" ")
            found.setdefault(_short(uidl.strip()), int(number))
        return found

    def mechanisms(self) -> list[str]:
        """How one may sign in besides with a plain password."""
        try:
            return [name.upper() for name in self.capa().get("SASL", [])]
        except poplib.error_proto:
            return []

    def authenticate(self, mechanism: str, words: str) -> None:
        """By AUTH (RFC 5034), in two steps: a token is too long for one line. Raises error_proto."""
        self._shortcmd(f"AUTH {mechanism}")  # type: ignore[attr-defined]
        answer = self._shortcmd(base64.b64encode(words.encode()).decode())  # type: ignore[attr-defined]
        if not answer.startswith(b"+OK"):  # a refusal, explained: the server waits for us to take note
            self._shortcmd(base64.b64encode(b"\1").decode())  # type: ignore[attr-defined]
            raise poplib.error_proto(b"-ERR refused")

    def sizes(self) -> dict[int, int]:
        """How large each mail is, by its number."""
        return {int(line.split()[0]): int(line.split()[1]) for line in self.list()[1]}

    def mail(self, number: int, most: int) -> tuple[bytes, int]:
        """A mail, no more than its first `most` bytes, and its whole size."""
        self._shortcmd(f"RETR {number}")  # type: ignore[attr-defined]
        return self._text(most)

    def header(self, number: int, most: int) -> bytes:
        self._shortcmd(f"TOP {number} 0")  # type: ignore[attr-defined]
        return self._text(most)[0]

    def _text(self, most: int) -> tuple[bytes, int]:
        """What follows an answer, up to the line with a dot alone; another dot in front was put there (RFC 1939 3)."""
        text, size, is_line_start = bytearray(), 0, True
        while True:
            piece: bytes = self.file.readline(PIECE)
            if not piece:
                raise ConnectionResetError
            if is_line_start and piece.startswith(b"."):
                piece = piece[1:]
                if piece in (b"\r\n", b"\n"):
                    return bytes(text[:most]), size
            is_line_start = piece.endswith(b"\n")
            size += len(piece)
            if len(text) < most:
                text += piece


class Pop3Tls(Pop3, poplib.POP3_SSL):
    """The same under TLS from the first byte."""


@contextmanager
def signed_in(account: Account) -> Iterator[Pop3]:
    """A session as the account asks; what was deleted in it is gone when it ends well, and only then.

    Raises CannotFetch for whatever goes wrong in it.
    """
    try:
        server = _connect(account)
    except (OSError, poplib.error_proto, EOFError) as error:
        raise CannotFetch(_why(error, account)) from error
    try:
        _sign_in(server, account)
        yield server
        server.quit()
    except (OSError, poplib.error_proto, EOFError, ValueError) as error:
        raise CannotFetch(_why(error, account)) from error
    finally:
        server.shut()


def _connect(account: Account) -> Pop3:
    if account.security == Security.PLAIN and not account.may_be_plain:
        raise CannotFetch(reason("mail.not_private"))
    context = ssl.create_default_context()
    try:
        if account.security == Security.TLS:
            return Pop3Tls(account.host, account.port, timeout=TIMEOUT_SECONDS, context=context)
        server = Pop3(account.host, account.port, timeout=TIMEOUT_SECONDS)
    except UnicodeError as error:
        raise socket.gaierror(str(error)) from error
    if account.security == Security.STARTTLS:
        _start_tls(server, account, context)
    return server


def _start_tls(server: Pop3, account: Account, context: ssl.SSLContext) -> None:
    try:
        server.stls(context)
    except poplib.error_proto as error:
        server.shut()
        raise CannotFetch(reason("mail.no_stls", host=account.host, port=account.port)) from error
    except OSError:
        server.shut()
        raise


def _sign_in(server: Pop3, account: Account) -> None:
    if account.tokens is not None:
        _present_token(server, account)
        return
    password = account.password.reveal()
    if any(ord(letter) < 32 for letter in account.username + password):
        raise CannotFetch(reason("mail.sign_in_refused"), is_password=True)  # it would be read as a command of its own
    try:
        server.user(account.username)
        server.pass_(password)
    except poplib.error_proto as error:
        raise sign_in_refused(error) from error


def _present_token(server: Pop3, account: Account) -> None:
    mechanism = mechanism_of(server.mechanisms())
    if mechanism is None:
        raise CannotFetch(reason("mail.no_oauth", host=account.host))

    def sign_in(token: str) -> None:
        server.authenticate(mechanism, first_words(mechanism, account.username, token))

    try:
        present(account, sign_in, poplib.error_proto)
    except NoToken as error:
        raise CannotFetch(error.reason, is_password=error.is_final) from error
    except poplib.error_proto as error:
        if TEMPORARY.search(_said(error)):
            raise sign_in_refused(error) from error
        raise CannotFetch(reason("mail.token_refused", _said(error)), is_password=True) from error


def sign_in_refused(error: poplib.error_proto) -> CannotFetch:
    said = _said(error)
    if "[IN-USE]" in said.upper():
        return CannotFetch(reason("mail.in_use", said))
    if TEMPORARY.search(said):
        return CannotFetch(reason("desk.said", said))
    return CannotFetch(reason("mail.sign_in_refused", said), is_password=True)


def _why(error: Exception, account: Account) -> str:
    """What a POP3 server says is told; what another program says there is nobody's business."""
    if not isinstance(error, poplib.error_proto):
        return connection_reason(error, account)
    said = _said(error)
    if said == "EOF":
        return reason("mail.was_cut_off", host=account.host)
    return reason("desk.said", said) if said else reason("mail.no_pop3", host=account.host, port=account.port)


def _said(error: poplib.error_proto) -> str:
    """A POP3 server's refusal; empty if this is none."""
    told = error.args[0] if error.args else b""
    text = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    return shorten(single_line(text[4:]), LONGEST).strip() if text.startswith("-ERR") else ""


def _short(uidl: str) -> str:
    """At most 70 characters, says the standard; some servers do not know that."""
    return uidl if len(uidl) <= LONGEST_UIDL else hashlib.sha256(uidl.encode()).hexdigest()
