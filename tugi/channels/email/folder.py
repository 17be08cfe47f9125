"""Mail put into a folder instead of being sent: how a demo shows what a customer would get.

Each mail is there twice: the mail itself (`.eml`, which any mail program opens) and its words to be read at
the console (`.txt`). A second try is the same mail, so it gets the same name.
"""

from __future__ import annotations

import logging
import re
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings

from tugi.channels.email.compose import Mail
from tugi.channels.email.models import OutboundMessage
from tugi.core.reasons import reason
from tugi.events.senders import DeliveryError

log = logging.getLogger(__name__)
SHOWN = ("From", "To", "Cc", "Subject", "Date")


def keep(row: OutboundMessage, mail: Mail) -> None:
    """Put the mail into `settings.MAIL_FOLDER`. Raises DeliveryError where that cannot be written."""
    folder = settings.MAIL_FOLDER
    assert folder is not None, "asked without a folder"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(folder / f"{_name(row)}.eml", mail.raw)
        _write(folder / f"{_name(row)}.txt", readable(mail.raw).encode())
    except OSError as error:
        raise DeliveryError(reason("mail.folder_not_written", error.strerror or "", folder=str(folder))) from error
    log.info("mail put into the folder", extra={"file": str(folder / f"{_name(row)}.txt")})


def readable(raw: bytes) -> str:
    """What a mail says to its reader: the lines of its head that people look at, and its text."""
    mail = message_from_bytes(raw, policy=policy.default)
    head = [f"{name}: {mail[name]}" for name in SHOWN if mail[name]]
    files = [f"File: {part.get_filename()}" for part in mail.iter_attachments()]
    body = mail.get_body(("plain",))
    text = str(body.get_content()).replace("\r\n", "\n") if body is not None else ""
    return "\n".join([*head, *files, "", text])


def _name(row: OutboundMessage) -> str:
    to = re.sub(r"[^\w.@+-]", "_", row.to[0] if row.to else "nobody", flags=re.ASCII)[:80]
    return f"{row.pk:06d}-{row.kind}-{to}"


def _write(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(data)
    draft.replace(path)
