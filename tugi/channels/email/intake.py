"""From raw bytes to a ticket: read in a child, then everything in one transaction, once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from tugi.channels.email import bounces
from tugi.channels.email.actions import note_withheld
from tugi.channels.email.forwarding import Forward, passed_on, read_forward
from tugi.channels.email.judging import Fate, Verdict, judge
from tugi.channels.email.marks import read_message_id
from tugi.channels.email.models import KnownMessageId, Mailbox, Outcome, RawMail, Via
from tugi.channels.email.models.raw import MADE_SOMETHING
from tugi.channels.email.own_links import carries_own_link, keys_in
from tugi.channels.email.parsing import ParsedMail
from tugi.channels.email.parsing.isolated import parse_isolated
from tugi.channels.email.placing import Arrival, place
from tugi.channels.email.protected_mail import read_protected
from tugi.channels.email.routing import others, own_addresses, reached_mailbox
from tugi.channels.email.sender import NOBODY, Sender, add_people, check_sender, read_sender
from tugi.channels.email.threading import id_hash, names_a_thread
from tugi.core import blobs
from tugi.core.html import text_to_html
from tugi.core.inserting import insert
from tugi.core.languages import detect
from tugi.core.mail_addresses import Address
from tugi.core.prepared import prepared
from tugi.core.protection import Layer
from tugi.events import actors, work
from tugi.people.models import Contact
from tugi.tickets.actions.participants import MOST_PARTICIPANTS
from tugi.tickets.content import Content, Incoming, NewFile
from tugi.tickets.models import Message, Proof

CHANNEL = "email"
NEEDED = ("address", "aliases", "department_id", "language", "authserv_id", "late_reply", "late_after_days")
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
    content = blobs.read(row.sha256)
    raw = _with_envelope(row, content)
    parsed = parse_isolated(raw)
    row.mailbox = _meant(row, parsed)
    parsed, layers = read_protected(raw, parsed, row.mailbox_id)
    check_sender(parsed, row, content)
    files = _keep_files(parsed)
    language = detect(parsed.reply_text or parsed.text, row.mailbox.language)
    keys = keys_in(parsed)
    with suppress(TakenInAlready):
        try:
            with transaction.atomic():
                _place(parsed, row, files, language, keys, layers)
        except IntegrityError:
            if not _came_before(row):
                raise
            _conclude(row, Outcome.DUPLICATE)


class TakenInAlready(Exception):
    """Another worker has given this mail its outcome; what was done here is undone."""


def _place(
    parsed: ParsedMail,
    raw: RawMail,
    files: tuple[NewFile, ...],
    language: str,
    keys: tuple[str, ...],
    layers: tuple[Layer, ...],
) -> None:
    own = own_addresses()
    if _came_before(raw):
        return _conclude(raw, Outcome.DUPLICATE)
    if carries_own_link(keys):
        return _withhold(raw)
    if parsed.machine.bounce is not None:
        came_to = [*raw.envelope_to, *parsed.delivered_to, *(each.addr for each in parsed.to)]
        return _conclude(raw, bounces.take_bounce(parsed.machine.bounce, raw.mailbox, came_to))
    if read_message_id(parsed.message_id) is not None:
        return _conclude(raw, Outcome.LOOP)
    sender = read_sender(parsed, raw, own)
    if sender.is_ours:
        return _conclude(raw, Outcome.LOOP)
    verdict = judge(parsed, raw, sender)
    forward = read_forward(parsed, sender, own) if verdict.fate == Fate.OPEN else None
    arrival = _arrival(parsed, raw, sender, verdict, own, forward, _content(parsed, files, language))
    incoming = replace(arrival.incoming, protection=layers, invitations=parsed.invitations)
    arrival = replace(arrival, incoming=incoming)
    outcome, message = place(arrival)
    if forward is not None:
        # The id of the agent's own mail is nobody's to answer, and nothing to refer to before the customer.
        return _conclude(raw, outcome, message, proof=arrival.incoming.proof)
    may_answer = outcome == Outcome.OPENED and parsed.machine.may_answer
    return _conclude(raw, outcome, message, parsed, arrival.incoming.proof, may_answer=may_answer)


def _arrival(
    parsed: ParsedMail,
    raw: RawMail,
    sender: Sender,
    verdict: Verdict,
    own: frozenset[str],
    forward: Forward | None,
    content: Content,
) -> Arrival:
    """The mail with its people. Of a forward they are those of the mail that was passed on."""
    if forward is not None and forward.sender is not None:
        sender, verdict = forward.sender, replace(verdict, proof=Proof.NONE)
        content = passed_on(parsed, content)
    people = [] if forward is not None else _who_takes_part(parsed, raw, verdict, own)
    contact, copied = add_people(sender, people, language=content.language)
    incoming = _incoming(parsed, raw, contact, sender, verdict, content)
    return Arrival(parsed, raw, verdict, incoming, tuple(copied), forward)


def _withhold(raw: RawMail) -> None:
    """Keep the mail from everybody and raise the alarm."""
    _conclude(raw, Outcome.WITHHELD)
    note_withheld(raw, actor=actors.system("channel"))


def _who_takes_part(parsed: ParsedMail, raw: RawMail, verdict: Verdict, own: frozenset[str]) -> list[Address]:
    """To and Cc besides ourselves. Never by a third party, nor by an unproven mail that claims to follow something."""
    if not verdict.is_public or (verdict.proof == Proof.NONE and names_a_thread(parsed, raw)):
        return []
    return others((*parsed.to, *parsed.cc), own)[:MOST_PARTICIPANTS]


def _conclude(
    raw: RawMail,
    outcome: Outcome,
    message: Message | None = None,
    parsed: ParsedMail | None = None,
    proof: Proof = Proof.NONE,
    *,
    may_answer: bool = False,
) -> None:
    """Write what became of the mail and that it is done, and remember its id for answers to it.

    Raises TakenInAlready if another worker was faster.
    """
    became: dict[str, Any] = {
        "outcome": outcome,
        "message": message,
        "proof": proof if message else "",
        "may_answer": may_answer,
    }
    if outcome in MADE_SOMETHING:
        became["mailbox_id"] = raw.mailbox_id  # where it was meant for, which may be another than it came to
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


def _content(parsed: ParsedMail, files: tuple[NewFile, ...], language: str) -> Content:
    return Content(
        html=parsed.reply_html or text_to_html(parsed.reply_text),
        text=parsed.reply_text,
        quoted_html=parsed.quoted_html or text_to_html(parsed.quoted_text),
        quoted_text=parsed.quoted_text,
        language=language,
        files=files,
    )


def _incoming(
    parsed: ParsedMail, raw: RawMail, contact: Contact, sender: Sender, verdict: Verdict, content: Content
) -> Incoming:
    return Incoming(
        content=content,
        channel=CHANNEL,
        contact_id=contact.pk,
        proof=verdict.proof,
        author_name=sender.address.name,
        author_address="" if sender.address.addr == NOBODY.addr else sender.address.addr,
        to=tuple(each.addr for each in parsed.to),
        cc=tuple(each.addr for each in parsed.cc),
        is_automatic=not parsed.machine.is_person,
        raw_blob=raw.sha256,
        written_at=parsed.date,
        received_at=raw.received_at,
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


def _meant(row: RawMail, parsed: ParsedMail) -> Mailbox:
    """The mailbox it was written to. Where there is an envelope it was asked; others have noted it in the mail."""
    if row.envelope_to:
        return row.mailbox
    meant = reached_mailbox(row.mailbox, parsed.delivered_to)
    return row.mailbox if meant.pk == row.mailbox_id else Mailbox.objects.only(*NEEDED).get(pk=meant.pk)


def _with_envelope(row: RawMail, raw: bytes) -> bytes:
    """The mail with its envelope's sender written on top, as at final delivery (RFC 5321 4.4)."""
    if row.via == Via.IMAP or row.envelope_from is None:
        return raw
    return f"Return-Path: <{row.envelope_from}>\r\n".encode("utf-8", "replace") + raw
