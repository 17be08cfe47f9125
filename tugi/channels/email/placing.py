"""What is written for each fate of a mail, inside the transaction of the intake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tugi.channels.email.actions.raw import note_agent_refused, note_forwarded, note_reply_refused
from tugi.channels.email.agent_mail import carry_out
from tugi.channels.email.forwarding import Forward
from tugi.channels.email.judging import Fate, Verdict
from tugi.channels.email.known_words import without_our_words
from tugi.channels.email.models import Outcome, RawMail, TicketMailbox
from tugi.channels.email.parsing import ParsedMail
from tugi.channels.email.refusals import Refusal
from tugi.core.inserting import insert
from tugi.core.subjects import strip_prefixes
from tugi.events import actors
from tugi.events.actors import Actor
from tugi.people.models import Agent, Contact
from tugi.tickets import actions
from tugi.tickets.actions.participants import add_participants
from tugi.tickets.actions.third_party import add_third_party_note
from tugi.tickets.content import Incoming
from tugi.tickets.models import Message, Ticket


@dataclass(frozen=True)
class Arrival:
    """A mail with all that was found out about it. `copied` are those who are to take part."""

    parsed: ParsedMail
    raw: RawMail
    verdict: Verdict
    incoming: Incoming
    copied: tuple[Contact, ...] = ()
    forward: Forward | None = None

    @property
    def actor(self) -> Actor:
        return actors.contact(self.incoming.contact_id)


Placed = tuple[Outcome, Message | None]


def place(arrival: Arrival) -> Placed:
    """Write what the verdict says; gives the outcome and, where there is one, the message."""
    return _PLACES[arrival.verdict.fate](arrival)


def _open(arrival: Arrival) -> Placed:
    """A new ticket of who wrote the mail; of a forward, of who wrote what was passed on."""
    raw, forward = arrival.raw, arrival.forward
    subject = strip_prefixes(arrival.parsed.subject)
    ticket, message = actions.open_ticket(
        arrival.incoming,
        subject=subject,
        department_id=raw.mailbox.department_id,
        actor=actors.agent(forward.agent.pk, "channel") if forward else arrival.actor,
    )
    _settle(arrival, ticket)
    if forward is not None:
        actor = actors.agent(forward.agent.pk, "channel")
        note_forwarded(raw, ticket, found=forward.is_found, actor=actor)
        if forward.comment is not None:
            actions.add_note(ticket.pk, forward.comment, author=forward.agent, actor=actor)
    return Outcome.OPENED, message


def _join(arrival: Arrival) -> Placed:
    ticket = arrival.verdict.ticket
    incoming = without_our_words(arrival.incoming, ticket.pk)
    message = actions.receive_message(ticket.pk, incoming, actor=arrival.actor)
    _let_take_part(arrival, ticket)
    return Outcome.JOINED, message


def _follow_up(arrival: Arrival) -> Placed:
    ticket, message = actions.open_follow_up(
        arrival.verdict.ticket.pk,
        arrival.incoming,
        subject=strip_prefixes(arrival.parsed.subject),
        actor=arrival.actor,
    )
    _settle(arrival, ticket)
    return Outcome.OPENED, message


def _refuse(arrival: Arrival) -> Placed:
    note_reply_refused(arrival.raw, arrival.verdict.ticket, actor=arrival.actor)
    return Outcome.REFUSED, None


def _third_party(arrival: Arrival) -> Placed:
    return Outcome.THIRD_PARTY, _note(arrival)


def _internal(arrival: Arrival) -> Placed:
    return Outcome.INTERNAL, _note(arrival)


def _as_agent(arrival: Arrival) -> Placed:
    verdict = arrival.verdict
    assert verdict.wish is not None
    agent = Agent.objects.get(id=verdict.agent_id)
    return Outcome.AGENT, carry_out(verdict.ticket, verdict.wish, agent, arrival.incoming.content.files)


def _refuse_agent(arrival: Arrival) -> Placed:
    """Said in the ticket's log, and kept there for the desk; an absent agent's machine is not worth a note."""
    verdict = arrival.verdict
    assert verdict.refusal is not None
    note = None if verdict.refusal == Refusal.MACHINE else _note(arrival)
    note_agent_refused(
        arrival.raw,
        verdict.ticket,
        agent_id=verdict.agent_id,
        reason=verdict.refusal.value,
        actor=actors.system("channel"),
    )
    return Outcome.NOT_AGENT, note


_PLACES: dict[Fate, Callable[[Arrival], Placed]] = {
    Fate.OPEN: _open,
    Fate.JOIN: _join,
    Fate.FOLLOW_UP: _follow_up,
    Fate.REFUSE: _refuse,
    Fate.THIRD_PARTY: _third_party,
    Fate.INTERNAL: _internal,
    Fate.AGENT: _as_agent,
    Fate.AGENT_REFUSED: _refuse_agent,
}


def _note(arrival: Arrival) -> Message:
    incoming = replace(arrival.incoming, proof=arrival.verdict.proof)
    return add_third_party_note(arrival.verdict.ticket.pk, incoming, actor=arrival.actor)


def _settle(arrival: Arrival, ticket: Ticket) -> None:
    """A new ticket remembers its mailbox and who was written to besides."""
    insert(TicketMailbox(ticket=ticket, mailbox_id=arrival.raw.mailbox_id))
    _let_take_part(arrival, ticket)


def _let_take_part(arrival: Arrival, ticket: Ticket) -> None:
    if arrival.copied:
        add_participants(ticket.pk, [each.pk for each in arrival.copied], actor=actors.system("channel"))
