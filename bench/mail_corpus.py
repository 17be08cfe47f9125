"""How many mails of tests/mail are read as expected: by Tugi, by Python's library used plainly, by mail-parser-reply.

`bin/bench reading`. The corpus is ours, so this compares readers and guards against getting worse; it is no
proof of how well mail is read that nobody here wrote.
"""

from __future__ import annotations

import email
import email.policy
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from mailparser_reply import EmailReplyParser

from tests.mail.corpus import KINDS, Sample, samples, wrong_keys
from tugi.channels.email.inspection import as_data
from tugi.channels.email.parsing import parse_mail

Reader = Callable[[bytes], dict[str, Any]]
LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pl", "da", "sv", "cs", "ja", "ko", "zh", "david"]
"""Those that mail-parser-reply knows."""


@dataclass
class Rate:
    """Of how many mails each key was read as expected; a mail counts if all of its keys were."""

    mails: int = 0
    right: int = 0
    replies: int = 0
    right_replies: int = 0
    seconds: float = 0.0

    def add(self, sample: Sample, read: Reader) -> None:
        started = time.process_time()
        try:
            wrong = wrong_keys(sample.expected, read(sample.raw))
        except Exception:  # noqa: BLE001 - a reader that raises has read nothing
            wrong = list(sample.expected)
        self.seconds += time.process_time() - started
        self.mails += 1
        self.right += not wrong
        if "reply_text" in sample.expected:
            self.replies += 1
            self.right_replies += "reply_text" not in wrong


def lines() -> Iterator[str]:
    """The table, a line at a time."""
    yield f"{'kind':<12}{'mails':>6}{'Tugi':>9}{'library':>9}   reply text: {'Tugi':>7}{'library':>9}{'m-p-reply':>11}"
    total = {name: Rate() for name in READERS}
    for kind in KINDS:
        found = {name: _rate(kind, read) for name, read in READERS.items()}
        yield _line(kind, found)
        for name, rate in found.items():
            for field in vars(rate):
                setattr(total[name], field, getattr(total[name], field) + getattr(rate, field))
    yield _line("all", total)
    costs = (f"{name} {rate.seconds / rate.mails * 1000:.1f} ms" for name, rate in total.items())
    yield "CPU a mail: " + ", ".join(costs)


def by_library(raw: bytes) -> dict[str, Any]:
    """What Python's email package gives when it is used as its documentation shows."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    name, address = parseaddr(str(message["From"] or ""))
    text = _content(message, "plain") or _content(message, "html")
    ids = f"{message['References'] or ''} {message['In-Reply-To'] or ''}".split()
    return {
        "subject": str(message["Subject"] or ""),
        "from_email": address or None,
        "from_name": name,
        "to": [each.addr_spec for each in message["To"].addresses] if message["To"] else [],
        "cc": [each.addr_spec for each in message["Cc"].addresses] if message["Cc"] else [],
        "date": parsedate_to_datetime(str(message["Date"])).isoformat() if message["Date"] else None,
        "message_id": str(message["Message-ID"] or "").strip("<>") or None,
        "references": list(dict.fromkeys(each.strip("<>") for each in ids)),
        "text": text,
        "html": _content(message, "html"),
        "reply_text": text,
        "attachments": [_file(part) for part in message.iter_attachments()],
        "auto_reply": str(message["Auto-Submitted"] or "no").lower() != "no",
        "bounce": message.get_content_type() == "multipart/report",
        "forwarded": None,
    }


def by_reply_parser(raw: bytes) -> dict[str, Any]:
    """The library's text, cut by mail-parser-reply in all the languages that it knows."""
    found = by_library(raw)
    return found | {"reply_text": _parser.parse_reply(text=found["text"]) or ""}


def _content(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""


def _file(part: EmailMessage) -> dict[str, Any]:
    content = part.get_content()
    size = len(content) if isinstance(content, bytes | str) else len(content.as_bytes())
    cid = str(part["Content-ID"] or "").strip("<>") or None
    return {"name": part.get_filename(), "size": size, "cid": cid, "content_type": part.get_content_type()}


def _rate(kind: str, read: Reader) -> Rate:
    rate = Rate()
    for sample in samples(kind):
        rate.add(sample, read)
    return rate


def _line(kind: str, found: dict[str, Rate]) -> str:
    ours, library, parser = found["Tugi"], found["library"], found["mail-parser-reply"]
    whole = f"{_share(ours.right, ours.mails):>9}{_share(library.right, library.mails):>9}"
    shares = [_share(each.right_replies, each.replies) for each in (ours, library, parser)]
    return f"{kind:<12}{ours.mails:>6}{whole}   {'':<12}{shares[0]:>7}{shares[1]:>9}{shares[2]:>11}"


def _share(right: int, of: int) -> str:
    return f"{right / of * 100:.1f} %" if of else "-"


def _by_tugi(raw: bytes) -> dict[str, Any]:
    return as_data(parse_mail(raw))


_parser = EmailReplyParser(languages=LANGUAGES)
READERS: dict[str, Reader] = {"Tugi": _by_tugi, "library": by_library, "mail-parser-reply": by_reply_parser}
