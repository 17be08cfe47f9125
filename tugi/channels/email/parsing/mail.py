"""What reading a mail yields: plain frozen data that crosses the border of a process as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from tugi.core.invitations import Invitation
from tugi.core.mail_addresses import Address


@dataclass(frozen=True)
class Attachment:
    """A file of the mail, or a picture of its text.

    `content_type` is what the bytes are, `declared_type` what the mail says. `inline` means that the HTML shows it by
    `cid:content_id`. `hidden` is noise that lists need not show (signatures, delivery reports, an event's twin).
    """

    name: str
    content_type: str
    declared_type: str
    content_id: str
    inline: bool
    hidden: bool
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(frozen=True)
class FailedRecipient:
    """One recipient of a delivery report (RFC 3464): `action` is failed, delayed, delivered, relayed or expanded."""

    addr: str
    action: str
    status: str
    text: str


@dataclass(frozen=True)
class Bounce:
    """A mail system's report on a mail that we may have sent.

    `kind` is permanent, transient, delayed or delivered; `original_message_id` is empty if the report does not say.
    """

    kind: str
    original_message_id: str
    recipients: tuple[FailedRecipient, ...]

    @property
    def is_failure(self) -> bool:
        return self.kind in ("permanent", "transient")


@dataclass(frozen=True)
class MachineSigns:
    """Two questions kept apart: may a machine answer this mail, and did a person write it?

    `may_answer` is False for anything that could start a loop. `is_person` is False if the mail must not reopen a
    ticket, stop a clock or count as the customer's answer. `reasons` are short words for the log and the agent.
    """

    may_answer: bool = True
    is_person: bool = True
    is_bounce: bool = False
    is_list: bool = False
    is_auto_reply: bool = False
    is_receipt: bool = False
    reasons: tuple[str, ...] = ()
    bounce: Bounce | None = None


@dataclass(frozen=True)
class Forwarded:
    """The mail that a mail passes on. Each field is empty where nothing says it; nothing of it is proven."""

    from_email: str
    from_name: str
    subject: str
    text: str


@dataclass(frozen=True)
class ParsedMail:
    """A mail, read. Nothing in it is proven: who wrote it and where it belongs is decided by others.

    `in_reply_to` and `references` hold ids without brackets, the newest (right-most) first. `html` is what the mail
    carries, decoded and NOT cleaned; `reply_html` and `quoted_html` are cleaned and may be shown. `delivered_to` are
    the addresses by which the mail came, as the servers on its way noted them. `auth_results` are raw values of
    Authentication-Results in the order of the mail, ours and forged ones alike; `headers` are raw values by
    lower-case name, for the few headers that the intake asks for.
    """

    message_id: str
    message_id_made: bool
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    from_: Address | None
    reply_to: tuple[Address, ...]
    sender: Address | None
    return_path: str | None
    """None if the header is missing, empty for `<>`."""
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[str, ...]
    date: datetime | None
    date_written: datetime | None
    """What the field Date says, in its own zone, however wrong; `date` is what may be believed of it."""
    html: str
    text: str
    reply_html: str
    quoted_html: str
    reply_text: str
    quoted_text: str
    attachments: tuple[Attachment, ...]
    machine: MachineSigns
    forwarded: Forwarded | None
    auth_results: tuple[str, ...]
    headers: dict[str, list[str]]
    problems: tuple[str, ...]
    invitations: tuple[Invitation, ...] = ()
    is_protected: bool = False
    """Is some of it signed or encrypted, so that `protection` should look at it?"""

    def to_data(self) -> dict[str, Any]:
        """What JSON can hold, without the bytes of the attachments (`content` is their length)."""
        bare = replace(self, attachments=tuple(replace(each, content=b"") for each in self.attachments))
        data = asdict(bare)
        for name in ("date", "date_written"):
            at = getattr(self, name)
            data[name] = at.isoformat() if at else None
        for row, attachment in zip(data["attachments"], self.attachments, strict=True):
            row["content"] = attachment.size
        return data

    @classmethod
    def from_data(cls, data: dict[str, Any], contents: Sequence[bytes]) -> ParsedMail:
        """The mail again from `to_data` and the bytes of its attachments, in order."""
        rows = zip(data["attachments"], contents, strict=True)
        attachments = tuple(Attachment(**{**row, "content": content}) for row, content in rows)
        known = {
            "from_": _address(data["from_"]),
            "sender": _address(data["sender"]),
            "date": _time(data["date"]),
            "date_written": _time(data["date_written"]),
            "forwarded": Forwarded(**data["forwarded"]) if data["forwarded"] else None,
            "attachments": attachments,
            "machine": _machine(data["machine"]),
            "invitations": tuple(Invitation.from_data(row) for row in data["invitations"]),
        }
        people = {name: tuple(Address(**row) for row in data[name]) for name in ("reply_to", "to", "cc")}
        words = ("in_reply_to", "references", "delivered_to", "auth_results", "problems")
        return cls(**{**data, **known, **people, **{name: tuple(data[name]) for name in words}})


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _address(row: dict[str, str] | None) -> Address | None:
    return Address(**row) if row else None


def _machine(row: dict[str, Any]) -> MachineSigns:
    bounce = row["bounce"]
    if bounce is not None:
        failed = tuple(FailedRecipient(**each) for each in bounce["recipients"])
        bounce = Bounce(**{**bounce, "recipients": failed})
    return MachineSigns(**{**row, "reasons": tuple(row["reasons"]), "bounce": bounce})
