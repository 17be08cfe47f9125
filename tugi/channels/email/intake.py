"""From raw bytes to a ticket: read in a child, then everything in one transaction, once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from tugi.channels.email import bounces
from tugi.channels.email.actions import note_withheld
from tugi.channels.email.marks import read_message_id
from tugi.channels.email.models import KnownMessageId, Mailbox, Outcome, RawMail, TicketMailbox, Via
from tugi.channels.email.own_links import carries_own_link, keys_in
from tugi.channels.email.parsing import ParsedMail
from tugi.channels.email.parsing.isolated import parse_isolated
from tugi.channels.email.routing import others, own_addresses
from tugi.channels.email.sender import Sender, add_people, read_sender
from tugi.channels.email.threading import Thread, find_threads, id_hash, names_a_thread
from tugi.core import blobs
from tugi.core.html import text_to_html
from tugi.core.inserting import insert
from tugi.core.languages import detect
from tugi.core.mail_addresses import Address
from tugi.core.prepared import prepared
from tugi.core.subjects import strip_prefixes
from tugi.events import actors, work
from tugi.people.actions import find_contact
from tugi.people.models import Contact
from tugi.tickets import actions
from tugi.tickets.actions.participants import MOST_PARTICIPANTS, add_participants
from tugi.tickets.actions.third_party import add_third_party_note
from tugi.tickets.content import Content, Incoming, NewFile
from tugi.tickets.models import Message, Proof, Ticket

CHANNEL = "email"
NEEDED = ("address", "department_id", "language", "authserv_id")
"""Of the mailbox, whose row is long: every mail reads it."""

NOT_READ = ("", Outcome.TOO_LARGE, Outcome.DUPLICATE, Outcome.WITHHELD)
"""Outcomes of mails whose words have not become a message."""


def take_in(row: RawMail) -> None:
    """Make a raw mail into what it is: a ticket, a message, a note, a bounce, or nothing.

    Reading and files come first, outside the transaction; done twice, they change nothing. Two workers
    that hold the same row do it once: who comes second finds an outcome. Of two that hold twins of one mail
    the second is told by the database, and all it did is undone.
    """
    if row.outcome:
        return
    row.mailbox = _mailboxes(row.mailbox_id)[0]
    parsed = parse_isolated(_with_envelope(row))
    files = _keep_files(parsed)
    language = detect(parsed.reply_text or parsed.text, row.mailbox.language)
    keys = keys_in(parsed)
    with suppress(TakenInAlready):
        try:
            with transaction.atomic():
                _place(parsed, row, files, language, keys)
        except IntegrityError:
            if not _came_before(row):
                raise
            _conclude(row, Outcome.DUPLICATE)


class TakenInAlready(Exception):
    """Another worker has given this mail its outcome; what was done here is undone."""


@dataclass(frozen=True)
class Verdict:
    """What the sender's proof lets the mail do. Without a thread it opens a ticket."""

    thread: Thread | None
    is_third_party: bool
    proof: Proof


def judge(parsed: ParsedMail, raw: RawMail, sender: Sender) -> Verdict:
    """Row by row: a token and a participant join; a token and another one leave a note; a vouched-for
    participant joins by a genuine thread header; everybody else opens a ticket."""
    for thread in find_threads(parsed, raw):
        writer = find_contact(sender.address.key)
        takes_part = writer is not None and thread.takes_part(writer.pk)
        if thread.is_token:
            proof = Proof.TOKEN if takes_part else sender.proof
            return Verdict(thread, is_third_party=not takes_part, proof=proof)
        if takes_part and sender.proof == Proof.SENDER:
            return Verdict(thread, is_third_party=False, proof=Proof.SENDER)
    return Verdict(None, is_third_party=False, proof=sender.proof)


def _place(parsed: ParsedMail, raw: RawMail, files: tuple[NewFile, ...], language: str, keys: tuple[str, ...]) -> None:
    own = own_addresses()
    if _came_before(raw):
        return _conclude(raw, Outcome.DUPLICATE)
    if carries_own_link(keys):
        return _withhold(raw)
    if parsed.machine.bounce is not None:
        return _conclude(raw, bounces.take_bounce(parsed.machine.bounce, raw.mailbox))
    if read_message_id(parsed.message_id) is not None:
        return _conclude(raw, Outcome.LOOP)
    sender = read_sender(parsed, raw, own)
    if sender.is_ours:
        return _conclude(raw, Outcome.LOOP)
    verdict = judge(parsed, raw, sender)
    contact, copied = add_people(sender, _who_takes_part(parsed, raw, verdict, own), language=language)
    incoming = _incoming(parsed, raw, contact, sender, files)
    incoming = replace(incoming, proof=verdict.proof, content=replace(incoming.content, language=language))
    if verdict.thread is not None and verdict.is_third_party:
        note = add_third_party_note(verdict.thread.ticket.pk, incoming, actor=actors.contact(contact.pk))
        return _conclude(raw, Outcome.THIRD_PARTY, note, parsed, verdict.proof)
    if verdict.thread is not None:
        ticket = verdict.thread.ticket
        message = actions.receive_message(ticket.pk, incoming, actor=actors.contact(contact.pk))
        outcome = Outcome.JOINED
    else:
        ticket, message = _open(parsed, raw, incoming)
        outcome = Outcome.OPENED
    if copied:
        add_participants(ticket.pk, [each.pk for each in copied], actor=actors.system("channel"))
    return _conclude(raw, outcome, message, parsed, verdict.proof)


def _withhold(raw: RawMail) -> None:
    """Keep the mail from everybody and raise the alarm."""
    _conclude(raw, Outcome.WITHHELD)
    note_withheld(raw, actor=actors.system("channel"))


def _open(parsed: ParsedMail, raw: RawMail, incoming: Incoming) -> tuple[Ticket, Message]:
    ticket, message = actions.open_ticket(
        incoming,
        subject=strip_prefixes(parsed.subject),
        department_id=raw.mailbox.department_id,
        actor=actors.contact(incoming.contact_id),
    )
    insert(TicketMailbox(ticket=ticket, mailbox_id=raw.mailbox_id))
    return ticket, message


def _who_takes_part(parsed: ParsedMail, raw: RawMail, verdict: Verdict, own: frozenset[str]) -> list[Address]:
    """To and Cc besides ourselves. Never by a third party, nor by an unproven mail that claims to follow something."""
    if verdict.is_third_party or (verdict.proof == Proof.NONE and names_a_thread(parsed, raw)):
        return []
    return others((*parsed.to, *parsed.cc), own)[:MOST_PARTICIPANTS]


def _conclude(
    raw: RawMail,
    outcome: Outcome,
    message: Message | None = None,
    parsed: ParsedMail | None = None,
    proof: Proof = Proof.NONE,
) -> None:
    """Write what became of the mail and that it is done, and remember its id for answers to it.

    Raises TakenInAlready if another worker was faster.
    """
    became = {
        "outcome": outcome,
        "message": message,
        "proof": proof if message else "",
        "may_answer": parsed is not None and outcome == Outcome.OPENED and parsed.machine.may_answer,
    }
    if not work.conclude(raw, {"outcome": ""}, **became):
        raise TakenInAlready
    if message is not None and parsed is not None and not parsed.message_id_made:
        insert(
            KnownMessageId(
                mailbox_id=raw.mailbox_id,
                id_hash=id_hash(parsed.message_id),
                value=parsed.message_id,
                message=message,
            )
        )


def _incoming(
    parsed: ParsedMail, raw: RawMail, contact: Contact, sender: Sender, files: tuple[NewFile, ...]
) -> Incoming:
    content = Content(
        html=parsed.reply_html or text_to_html(parsed.reply_text),
        text=parsed.reply_text,
        quoted_html=parsed.quoted_html or text_to_html(parsed.quoted_text),
        quoted_text=parsed.quoted_text,
        files=files,
    )
    return Incoming(
        content=content,
        channel=CHANNEL,
        contact_id=contact.pk,
        proof=sender.proof,
        author_name=sender.address.name,
        author_address=sender.address.addr,
        to=tuple(each.addr for each in parsed.to),
        cc=tuple(each.addr for each in parsed.cc),
        is_automatic=not parsed.machine.is_person,
        raw_blob=raw.sha256,
        written_at=parsed.date,
    )


def _came_before(raw: RawMail) -> bool:
    """Did the same mail reach this mailbox by another road? The same words, whatever its servers added."""
    return any(outcome not in NOT_READ for outcome in _fates_of_twins(raw.mailbox_id, raw.content_key, raw.pk))


@prepared
def _mailboxes(mailbox_id: Any) -> QuerySet[Mailbox]:
    return Mailbox.objects.only(*NEEDED).filter(pk=mailbox_id)


@prepared
def _fates_of_twins(mailbox_id: Any, content_key: Any, own_id: Any) -> QuerySet[RawMail, str]:
    twins = RawMail.objects.order_by().filter(mailbox=mailbox_id, content_key=content_key).exclude(pk=own_id)
    return twins.values_list("outcome", flat=True)


def _keep_files(parsed: ParsedMail) -> tuple[NewFile, ...]:
    return tuple(
        NewFile(
            name=each.name,
            content_type=each.content_type,
            size=each.size,
            sha256=blobs.put(each.content).sha256,
            content_id=each.content_id,
            is_inline=each.inline,
            is_noise=each.hidden,
        )
        for each in parsed.attachments
    )


def _with_envelope(row: RawMail) -> bytes:
    """The mail with its envelope's sender written on top, as at final delivery (RFC 5321 4.4)."""
    raw = blobs.read(row.sha256)
    if row.via == Via.IMAP or row.envelope_from is None:
        return raw
    return f"Return-Path: <{row.envelope_from}>\r\n".encode("utf-8", "replace") + raw
