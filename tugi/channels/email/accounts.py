"""Where a mailbox's mail leaves: its own SMTP account, or the desk's default server."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from tugi.channels.email.models import Mailbox, Security, SignIn
from tugi.channels.email.tokens import Tokens
from tugi.core.config import is_loopback
from tugi.core.secret_field import Secret

NO_PASSWORD = Secret("no-password")


@dataclass(frozen=True)
class Account:
    """A mail server and how to speak to it. `password` does not show itself; `tokens` stand for it."""

    host: str
    port: int
    security: Security
    username: str = ""
    password: Secret = NO_PASSWORD
    tokens: Tokens | None = None

    def __repr__(self) -> str:
        return f"<account at {self.host}:{self.port}>"

    @property
    def key(self) -> tuple[str, ...]:
        """Equal for accounts between which a connection may be shared. Looks up the consent, if there is to be one."""
        consent = () if self.tokens is None else self.tokens.key
        return self.host, str(self.port), self.security, self.username, self.password.ciphertext, *consent

    @property
    def may_be_plain(self) -> bool:
        """Without encryption only inside this machine: a password on the wire is everybody's."""
        return is_loopback(self.host)


def smtp_account(mailbox: Mailbox) -> Account | None:
    """The account that sends for this mailbox; None if neither it nor the desk has one."""
    if mailbox.smtp_on and mailbox.smtp_host:
        return Account(
            host=mailbox.smtp_host,
            port=mailbox.smtp_port,
            security=Security(mailbox.smtp_security),
            username=mailbox.smtp_username,
            password=mailbox.smtp_password,
            tokens=tokens_of(mailbox),
        )
    default: tuple[str, int] | None = settings.SMTP_SEND
    if default is None:
        return None
    host, port = default
    return Account(host, port, Security.PLAIN if is_loopback(host) else Security.STARTTLS)


def imap_account(mailbox: Mailbox) -> Account:
    return Account(
        host=mailbox.imap_host,
        port=mailbox.imap_port,
        security=Security(mailbox.imap_security),
        username=mailbox.imap_username,
        password=mailbox.imap_password,
        tokens=tokens_of(mailbox),
    )


def tokens_of(mailbox: Mailbox) -> Tokens | None:
    return None if mailbox.sign_in == SignIn.PASSWORD else Tokens(mailbox.pk)
