"""Owns the reading of mail: bytes in, dataclasses out, never an error, linear time. Must not know Django."""

from __future__ import annotations

from tugi.channels.email.parsing.limits import Limits
from tugi.channels.email.parsing.mail import (
    Attachment,
    Bounce,
    FailedRecipient,
    Forwarded,
    MachineSigns,
    ParsedMail,
)
from tugi.channels.email.parsing.reading import parse_mail

__all__ = [
    "Attachment",
    "Bounce",
    "FailedRecipient",
    "Forwarded",
    "Limits",
    "MachineSigns",
    "ParsedMail",
    "parse_mail",
]
