"""Signing in to a mail server with a token for a password: OAUTHBEARER (RFC 7628), or XOAUTH2, its forerunner."""

from __future__ import annotations

from collections.abc import Callable, Collection

from tugi.channels.email.accounts import Account

MECHANISMS = ("OAUTHBEARER", "XOAUTH2")


def mechanism_of(offered: Collection[str]) -> str | None:
    """The one to use of those that a server offers."""
    return next((name for name in MECHANISMS if name in offered), None)


def first_words(mechanism: str, username: str, token: str) -> str:
    """What the client says; to a server's explanation of a refusal there is nothing to add."""
    if mechanism == "XOAUTH2":
        return f"user={username}\1auth=Bearer {token}\1\1"
    name = username.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={name},\1auth=Bearer {token}\1\1"


def present(account: Account, sign_in: Callable[[str], object], refused: type[Exception]) -> None:
    """Sign in with a good token, and with a new one if it is refused: it may have been taken back before its time.

    Raises NoToken, and `refused` for the second refusal.
    """
    assert account.tokens is not None
    token = account.tokens.current()
    try:
        sign_in(token)
    except refused:
        sign_in(account.tokens.instead_of(token))
