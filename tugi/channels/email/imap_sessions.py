"""A session with an IMAP server (RFC 3501): the line made private, signed in, a folder opened."""

from __future__ import annotations

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from tugi.channels.email.accounts import Account
from tugi.channels.email.bearer import mechanism_of, present
from tugi.channels.email.models import Security
from tugi.channels.email.tokens import NoToken
from tugi.channels.email.words import LONGEST, CannotFetch, connection_reason, told_by
from tugi.core.reasons import reason
from tugi.core.text import shorten, single_line

TIMEOUT = SocketTimeout(connect=15, read=60)


@contextmanager
def signed_in(account: Account, *, timeout: SocketTimeout | None = None) -> Iterator[IMAPClient]:
    """A session as the account asks. Raises CannotFetch for whatever goes wrong in it."""
    try:
        client = _connect(account, timeout or TIMEOUT)
    except (OSError, IMAPClientError, imaplib.IMAP4.error) as error:
        raise CannotFetch(connection_reason(error, account)) from error
    try:
        _sign_in(client, account)
        yield client
    except (OSError, IMAPClientError, imaplib.IMAP4.error) as error:
        raise CannotFetch(connection_reason(error, account)) from error
    finally:
        _leave(client)


def open_folder(client: IMAPClient, folder: str, *, readonly: bool = True) -> dict[bytes, Any]:
    """The server's answer to the opening. Raises CannotFetch if there is no folder of that name."""
    try:
        answer: dict[bytes, Any] = client.select_folder(folder, readonly=readonly)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        raise CannotFetch(reason("mail.no_folder", name=folder)) from error
    return answer


def folder_size(client: IMAPClient, folder: str) -> int:
    """How many mails lie in the folder. Raises CannotFetch if there is none of that name."""
    return int(open_folder(client, folder).get(b"EXISTS", 0))


def _leave(client: IMAPClient) -> None:
    try:
        client.logout()
    except (OSError, IMAPClientError, imaplib.IMAP4.error):
        with suppress(OSError, IMAPClientError, imaplib.IMAP4.error):
            client.shutdown()


def _connect(account: Account, timeout: SocketTimeout) -> IMAPClient:
    if account.security == Security.PLAIN and not account.may_be_plain:
        raise CannotFetch(reason("mail.not_private"))
    is_tls = account.security == Security.TLS
    context = ssl.create_default_context()
    try:
        client = IMAPClient(
            account.host,
            account.port,
            ssl=is_tls,
            ssl_context=context if is_tls else None,
            timeout=timeout,
            use_uid=True,
        )
        client.normalise_times = False  # moments with their zone
    except imaplib.IMAP4.error as error:
        raise CannotFetch(_greeting_reason(error, account)) from error
    except UnicodeError as error:
        raise socket.gaierror(str(error)) from error
    if account.security == Security.STARTTLS:
        _start_tls(client, account, context)
    return client


def _greeting_reason(error: imaplib.IMAP4.error, account: Account) -> str:
    """Why a server greets us with a refusal. What another program says there is nobody's business."""
    said = error.args[0] if error.args else b""
    if isinstance(said, bytes) and said.startswith(b"* "):
        return reason("desk.said", shorten(single_line(said[2:].decode("utf-8", "replace")), LONGEST))
    return reason("mail.no_imap", host=account.host, port=account.port)


def _start_tls(client: IMAPClient, account: Account, context: ssl.SSLContext) -> None:
    if not client.has_capability("STARTTLS"):
        with suppress(OSError, IMAPClientError, imaplib.IMAP4.error):
            client.shutdown()
        raise CannotFetch(reason("mail.no_starttls", host=account.host, port=account.port))
    client.starttls(context)


def _sign_in(client: IMAPClient, account: Account) -> None:
    if account.tokens is not None:
        _present_token(client, account)
        return
    try:
        client.login(account.username, account.password.reveal())
    except LoginError as error:
        raise CannotFetch(reason("mail.sign_in_refused"), is_password=True) from error


def _present_token(client: IMAPClient, account: Account) -> None:
    offered = {name.decode().removeprefix("AUTH=") for name in client.capabilities() if name.startswith(b"AUTH=")}
    mechanism = mechanism_of(offered)
    if mechanism is None:
        raise CannotFetch(reason("mail.no_oauth", host=account.host))

    def sign_in(token: str) -> None:
        if mechanism == "XOAUTH2":
            client.oauth2_login(account.username, token)
        else:
            client.oauthbearer_login(account.username, token)

    try:
        present(account, sign_in, LoginError)
    except NoToken as error:
        raise CannotFetch(error.reason, is_password=error.is_final) from error
    except LoginError as error:
        raise CannotFetch(reason("mail.token_refused", told_by(error)), is_password=True) from error
