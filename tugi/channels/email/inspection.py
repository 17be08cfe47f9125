"""`bin/tugi mail inspect FILE`: what Tugi makes of a raw mail, as JSON. Needs no desk, and changes nothing in one.

With `--jsonl` it stays open: each line of its input names a file as `{"path": "…"}`, each line of its output answers,
with `error` where there is nothing to say. Mails are read as always, in a process of their own with limits.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import IO, Any

from tugi.channels.email.parsing import Attachment, ParsedMail
from tugi.channels.email.parsing.isolated import MailUnreadable, parse_isolated
from tugi.core import config as configuration
from tugi.core.database import no_desk
from tugi.core.html import clean_html
from tugi.core.mail_addresses import Address
from tugi.core.written_language import written_language

LARGEST = 200 << 20
NOTHING: dict[str, Any] = {
    "subject": "", "from_email": None, "from_name": "", "to": [], "cc": [], "date": None, "message_id": None,
    "references": [], "text": "", "html": "", "reply_text": "", "attachments": [], "auto_reply": False,
    "bounce": False, "forwarded": None, "language": "", "proof": "none",
}  # fmt: skip
"""What there is to say of a mail that cannot be read."""
_REASONS = {"time": "it took too long", "memory": "it took too much memory", "crash": "the reader ended over it"}


class NotInspected(Exception):
    """There is nothing to say about the mail; the text says why."""


def main(words: Sequence[str]) -> int:
    """Runs the command. Returns the exit code: 1 if the one file could not be read."""
    options = _parser().parse_args(words)
    with contextlib.suppress(BrokenPipeError):
        if options.jsonl:
            answer_lines(sys.stdin.buffer, sys.stdout.buffer)
            return 0
        found = inspected(options.file)
        sys.stdout.buffer.write(json.dumps(found, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
        return 1 if "error" in found else 0
    return 1


def answer_lines(requests: IO[bytes], answers: IO[bytes]) -> None:
    """One object a line, in order, for each line that asks for a file. Blank lines are not asked."""
    for line in iter(requests.readline, b""):
        if line.strip():
            answers.write(json.dumps(_answer(line)).encode("ascii") + b"\n")
            answers.flush()


def inspected(path: str) -> dict[str, Any]:
    """What Tugi makes of the mail in the file; with `error`, and nothing else in it, if nothing. Never raises."""
    try:
        mail = parse_isolated(_bytes_of(path))
        return as_data(mail, _proof(mail))
    except NotInspected as refusal:
        return NOTHING | {"error": str(refusal)}
    except MailUnreadable as refusal:
        return NOTHING | {"error": f"The mail could not be read: {_REASONS.get(refusal.reason, refusal.reason)}."}
    except Exception as error:  # noqa: BLE001 - one mail must not end a run over thousands
        return NOTHING | {"error": f"The mail could not be read: {type(error).__name__}."}


def as_data(mail: ParsedMail, proof: str = "none") -> dict[str, Any]:
    """The reading under the names that operators and tests know."""
    return {
        "subject": mail.subject,
        "from_email": mail.from_.addr if mail.from_ else None,
        "from_name": mail.from_.name if mail.from_ else "",
        "to": _addresses(mail.to),
        "cc": _addresses(mail.cc),
        "date": _time(mail.date_written or mail.date),
        "message_id": None if mail.message_id_made else mail.message_id,
        "references": _references(mail),
        "text": mail.text,
        "html": clean_html(mail.html) if mail.html else "",
        "reply_text": mail.reply_text,
        "attachments": [_attachment(each) for each in mail.attachments],
        "auto_reply": not mail.machine.is_person,
        "bounce": mail.machine.bounce is not None and mail.machine.bounce.kind != "delivered",
        "forwarded": _forwarded(mail),
        "language": written_language(mail.reply_text or mail.subject, _declared_language(mail)),
        "proof": proof,
    }


def _answer(line: bytes) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except ValueError:
        request = None
    path = request.get("path") if isinstance(request, dict) else None
    if not isinstance(path, str):
        return NOTHING | {"error": 'Each line must be an object that names a file: {"path": "message.eml"}.'}
    return inspected(path)


def _bytes_of(path: str) -> bytes:
    try:
        if path == "-":
            return _not_empty(sys.stdin.buffer.read())
        # bin/tugi works in the checkout; the path is meant from where it was called.
        file = Path(os.environ.get("CALLED_FROM", "")) / path
        if file.stat().st_size > LARGEST:
            raise NotInspected(f"The file is larger than {LARGEST >> 20} MB.")
        return _not_empty(file.read_bytes())
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise NotInspected(f"The file could not be read: {reason}.") from error


def _not_empty(raw: bytes) -> bytes:
    if not raw.strip():
        raise NotInspected("There is no mail in it.")
    return raw


def _addresses(found: Sequence[Address]) -> list[str]:
    return [each.addr for each in found]


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _references(mail: ParsedMail) -> list[str]:
    """Oldest first, as References has them; what a bounce returns is the last word."""
    returned = mail.machine.bounce.original_message_id if mail.machine.bounce else ""
    known = [*reversed(mail.references), *reversed(mail.in_reply_to), returned]
    return [each for each in dict.fromkeys(known) if each]


def _attachment(each: Attachment) -> dict[str, Any]:
    return {"name": each.name, "size": each.size, "cid": each.content_id or None, "content_type": each.content_type}


def _forwarded(mail: ParsedMail) -> dict[str, str] | None:
    if mail.forwarded is None:
        return None
    return {name: getattr(mail.forwarded, name) for name in ("from_email", "subject", "text")}


def _proof(mail: ParsedMail) -> str:
    """How well the sender would be proven at the mailbox that the mail names; without a desk nothing is proven."""
    if not _is_desk_here():
        return "none"
    from tugi.channels.email.inspection_desk import proof_of

    return proof_of(mail)


@cache
def _is_desk_here() -> bool:
    config = configuration.load()
    if config.problems or no_desk(config.database, config.data_dir):
        return False
    import django

    django.setup()
    return True


def _declared_language(mail: ParsedMail) -> str:
    return next(iter(mail.headers.get("content-language", [])), "")[:2].lower()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/tugi mail inspect", description="Print as JSON what Tugi makes of a raw mail. Changes nothing."
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", metavar="FILE", help="the mail's bytes (RFC 5322); - for standard input")
    what.add_argument(
        "--jsonl", action="store_true", help='stay open: read {"path": "…"} a line, answer one object a line'
    )
    return parser
