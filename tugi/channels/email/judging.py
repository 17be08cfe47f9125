"""What a mail may do: the table of SECURITY A1, and what the ticket that it names has come to meanwhile.

| proof | may |
|---|---|
| none | open a ticket, unverified; it never touches one that is there |
| the sender, no token | open a ticket; join one it takes part in, by a genuine thread header |
| a token, and the sender takes part | join |
| a token in other hands | leave an internal note, so that an agent decides |
| an agent's token, the agent's proof, and access now | answer as that agent |
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from tugi.channels.email.agent_mail import AgentWish, read_wish
from tugi.channels.email.marks import AgentToken
from tugi.channels.email.models import LateReply, Mailbox, RawMail
from tugi.channels.email.parsing import ParsedMail
from tugi.channels.email.refusals import Refusal
from tugi.channels.email.sender import Sender
from tugi.channels.email.threading import Thread, answers_note, find_agent_thread, find_threads
from tugi.core.mail_addresses import address_key
from tugi.people.actions import find_contact
from tugi.people.models import Agent, Contact
from tugi.tickets.models import Participant, Proof, Ticket


class Fate(Enum):
    """What becomes of a mail."""

    OPEN = auto()
    JOIN = auto()
    FOLLOW_UP = auto()
    """Open a ticket that says which one it follows."""
    REFUSE = auto()
    """Be told that the ticket is closed."""
    THIRD_PARTY = auto()
    INTERNAL = auto()
    AGENT = auto()
    AGENT_REFUSED = auto()


@dataclass(frozen=True)
class Verdict:
    """What the proof lets the mail do. `thread` is there for all but OPEN, `wish` for AGENT, `refusal` for
    AGENT_REFUSED; `agent_id` for both."""

    fate: Fate
    proof: Proof
    thread: Thread | None = None
    wish: AgentWish | None = None
    refusal: Refusal | None = None
    agent_id: int = 0

    @property
    def is_public(self) -> bool:
        """Does the customer's side see it, and those whom it names take part?"""
        return self.fate in (Fate.OPEN, Fate.JOIN, Fate.FOLLOW_UP)

    @property
    def ticket(self) -> Ticket:
        assert self.thread is not None, self.fate
        return self.thread.ticket


def judge(parsed: ParsedMail, raw: RawMail, sender: Sender) -> Verdict:
    """The strongest thread decides; the agent's address is the strongest of all."""
    for_agent = find_agent_thread(parsed, raw)
    if for_agent is not None:
        return _judge_agent(parsed, sender, *for_agent)
    for thread in find_threads(parsed, raw):
        writer = find_contact(sender.address.key)
        takes_part = thread.takes_part(writer.pk) if writer else False
        if not thread.is_token and not (takes_part and sender.proof == Proof.SENDER):
            continue
        if writer is None or not takes_part or not _may_be_shown(parsed, thread.ticket, writer):
            return Verdict(Fate.THIRD_PARTY, sender.proof, thread)
        return _in_its_state(parsed, raw, Verdict(Fate.JOIN, _stronger(thread, sender), thread))
    return Verdict(Fate.OPEN, sender.proof)


def _may_be_shown(parsed: ParsedMail, ticket: Ticket, writer: Contact) -> bool:
    """A machine's words are for its own contact alone: a service that sends a code to the ticket's address must not
    show it to somebody who had it copied in, or who wrote in its name (SECURITY A2.1)."""
    if parsed.machine.is_person and "no-reply" not in parsed.machine.reasons:
        return True
    others = Participant.objects.filter(ticket=ticket, removed_at=None).exclude(contact=writer)
    return ticket.contact_id == writer.pk and not others.exists()


def _stronger(thread: Thread, sender: Sender) -> Proof:
    return Proof.TOKEN if thread.is_token else sender.proof


def _in_its_state(parsed: ParsedMail, raw: RawMail, joining: Verdict) -> Verdict:
    """What joining comes to: an answer to a note is one, and a ticket may be done for too long to be reopened.

    A machine's mail stays where it belongs, and reopens nothing.
    """
    mailbox = raw.mailbox
    if answers_note(parsed, mailbox, joining.ticket):
        return replace(joining, fate=Fate.INTERNAL)
    if not parsed.machine.is_person or not _is_done_for_long(joining.ticket, mailbox, raw.received_at):
        return joining
    late = {LateReply.NEW: Fate.FOLLOW_UP, LateReply.REFUSE: Fate.REFUSE}
    return replace(joining, fate=late.get(LateReply(mailbox.late_reply), Fate.JOIN))


def _is_done_for_long(ticket: Ticket, mailbox: Mailbox, received_at: datetime) -> bool:
    age = timedelta(days=mailbox.late_after_days)
    return ticket.is_done and ticket.resolved_at is not None and received_at - ticket.resolved_at >= age


def _judge_agent(parsed: ParsedMail, sender: Sender, thread: Thread, token: AgentToken) -> Verdict:
    """Its agent, proven, with access now; anybody else is refused."""
    wish = read_wish(parsed, is_internal=token.is_internal)
    refusal = _refusal(parsed, sender, thread.ticket, token, wish)
    if refusal is not None:
        return Verdict(Fate.AGENT_REFUSED, sender.proof, thread, refusal=refusal, agent_id=token.agent_id)
    return Verdict(Fate.AGENT, sender.proof, thread, wish=wish, agent_id=token.agent_id)


def _refusal(parsed: ParsedMail, sender: Sender, ticket: Ticket, token: AgentToken, wish: AgentWish) -> Refusal | None:
    if not parsed.machine.is_person:
        return Refusal.MACHINE
    agent = Agent.objects.filter(id=token.agent_id).first()
    if agent is None or address_key(agent.email) != sender.address.key:
        return Refusal.OTHER_SENDER
    if sender.proof != Proof.SENDER:
        return Refusal.NOT_PROVEN
    may = all(Ticket.objects.visible_to(agent, needed).filter(pk=ticket.pk).exists() for needed in wish.needs)
    return None if may else Refusal.NO_ACCESS
