"""Tickets on both sides of the wall between departments, each with one of everything, every word of it known."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from tugi.channels.email.actions import accept_raw
from tugi.channels.email.models import AutomaticPause, Mailbox, MailboxKey, RawMail, Via
from tugi.channels.email.testing import make_mailbox
from tugi.core import blobs, clock
from tugi.events import actors
from tugi.people.models import Agent, Contact, Department
from tugi.tickets import actions
from tugi.tickets.models import Attachment, Delivery, Merge, Message, Ticket
from tugi.tickets.testing import make_file, make_ticket, merge, note, receive, reply


@dataclass
class Side:
    """A ticket and what belongs to it. `word` begins every text in it."""

    word: str
    ticket: Ticket
    asked: Message
    answered: Message
    failed: Message
    noted: Message
    picture: Attachment
    paper: Attachment
    merged: Merge
    mailbox: Mailbox
    raw_mail: RawMail
    pause: AutomaticPause
    mail_key: MailboxKey
    key: str

    @property
    def arguments(self) -> dict[str, int | str]:
        """What the addresses of this side name, by the name of the part."""
        return {
            "number": self.ticket.number,
            "message_id": self.asked.pk,
            "attachment_id": self.picture.pk,
            "merge_id": self.merged.pk,
            "department_id": self.ticket.department_id,
            "mailbox_id": self.mailbox.pk,
            "raw_mail_id": self.raw_mail.pk,
            "pause_id": self.pause.pk,
            "key_id": self.mail_key.pk,
            "key": self.key,
        }


def make_side(word: str, department: Department, contact: Contact, agent: Agent) -> Side:
    """`agent` works in `department`; `word` should occur nowhere else."""
    ticket = make_ticket(department, contact, subject=f"{word}subject", text=f"{word}opening", tags=[f"{word}tag"])
    files = [
        make_file(f"{word}shot.png", png(), "image/png", content_id=f"<{word}shot@x>"),
        make_file(f"{word}paper.txt", f"{word}bytes".encode()),
    ]
    html = f'<table><tr><td>{word}question <img src="cid:{word}shot@x"></td></tr></table>'
    raw = blobs.put(f"From: a@b.example\r\n\r\n{word}raw".encode()).sha256
    asked = receive(ticket, f"{word}question", html=html, files=files, raw_blob=raw)
    failed = reply(ticket, f"{word}failed", author=agent)
    actions.record_delivery(failed.pk, delivery=Delivery.FAILED, error="550", actor=actors.system("channel"))
    answered = reply(ticket, f"{word}answer", author=agent)
    noted = note(ticket, f"{word}note", author=agent)
    absorbed = make_ticket(department, contact, subject=f"{word}absorbed", text=f"{word}absorbedtext")
    merged = merge(absorbed, into=ticket, agent=agent)
    mailbox = make_mailbox(department, f"{word}@acme.example", smtp_on=False)
    return Side(
        word=word,
        ticket=ticket,
        asked=asked,
        answered=answered,
        failed=failed,
        noted=noted,
        picture=asked.attachments.get(name=f"{word}shot.png"),
        paper=asked.attachments.get(name=f"{word}paper.txt"),
        merged=merged,
        mailbox=mailbox,
        raw_mail=unprocessed(mailbox, word),
        pause=AutomaticPause.objects.create(key=word, mailbox=mailbox, since=clock.now(), until=clock.now()),
        mail_key=MailboxKey.objects.create(
            mailbox=mailbox,
            system="smime",
            fingerprint="ab" * 32,
            owner=f"{word}owner",
            public="-",
            created_at=clock.now(),
        ),
        key=actions.make_link(ticket.pk, contact_id=contact.pk),
    )


def unprocessed(mailbox: Mailbox, word: str) -> RawMail:
    """A mail that could not be read."""
    row = accept_raw(mailbox, f"From: x@y.example\r\nSubject: {word}lost\r\n\r\n{word}".encode(), via=Via.IMAP)
    RawMail.objects.filter(id=row.pk).update(state=RawMail.State.FAILED, last_error="unreadable")
    return row


def png(size: tuple[int, int] = (40, 30)) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, "navy").save(target, "PNG")
    return target.getvalue()
