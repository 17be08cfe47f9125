"""What can happen to a ticket, as facts in the log: ids and small values, never the words of a message."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tugi.events.facts import Fact, Names, fact
from tugi.tickets.models import Priority


@dataclass(frozen=True)
class TicketFact(Fact):
    """A fact about one ticket; `department_id` is the department it was in when it happened."""

    ticket_id: int
    department_id: int

    @property
    def subject(self) -> tuple[str, int]:
        return ("ticket", self.ticket_id)


@fact("ticket.opened", public=True)
@dataclass(frozen=True)
class TicketOpened(TicketFact):
    """A new request reached the desk. Its first message has a fact of its own."""

    channel: str
    contact_id: int

    def sentence(self, name: Names) -> str:
        return _("opened the ticket in %(department)s") % {"department": name("department", self.department_id)}


@fact("message.received", public=True)
@dataclass(frozen=True)
class MessageReceived(TicketFact):
    """The customer's side said something. `automatic`: a machine wrote it (RFC 3834)."""

    message_id: int
    automatic: bool = False
    first: bool = False

    def sentence(self, name: Names) -> str:
        return _("wrote a message")


@fact("message.reply_written", public=True)
@dataclass(frozen=True)
class ReplyWritten(TicketFact):
    """An agent answered the customer; it travels when the undo window has passed."""

    message_id: int

    def sentence(self, name: Names) -> str:
        return _("replied")


@fact("message.reply_withdrawn", public=False)
@dataclass(frozen=True)
class ReplyWithdrawn(TicketFact):
    """An agent took a reply back before it left; the customer never saw it."""

    message_id: int

    def sentence(self, name: Names) -> str:
        return _("took a reply back before it was sent")


@fact("message.note_added", public=False)
@dataclass(frozen=True)
class NoteAdded(TicketFact):
    """An agent left an internal note."""

    message_id: int

    def sentence(self, name: Names) -> str:
        return _("added an internal note")


@fact("message.delivery_changed", public=True)
@dataclass(frozen=True)
class DeliveryChanged(TicketFact):
    """What became of an outbound message: sent, failed, or to be tried again."""

    message_id: int
    delivery: str

    def sentence(self, name: Names) -> str:
        if self.delivery == "sent":
            return _("the reply was delivered to the mail server")
        if self.delivery == "failed":
            return _("the reply could not be delivered")
        return _("the reply will be sent again")


@fact("ticket.acknowledged", public=True)
@dataclass(frozen=True)
class TicketAcknowledged(TicketFact):
    """The customer was told that the request has arrived, with its number."""

    def sentence(self, name: Names) -> str:
        return _("the customer was told that the request has arrived")


@fact("ticket.assigned", public=True)
@dataclass(frozen=True)
class TicketAssigned(TicketFact):
    """An agent became, or ceased to be (`after` None), the ticket's assignee."""

    before: int | None
    after: int | None

    def sentence(self, name: Names) -> str:
        if self.after is None:
            return _("took the ticket from %(agent)s") % {"agent": name("agent", self.before)}
        return _("assigned the ticket to %(agent)s") % {"agent": name("agent", self.after)}


@fact("ticket.moved", public=True)
@dataclass(frozen=True)
class TicketMoved(TicketFact):
    """The ticket went to another department; `department_id` is the new one."""

    before: int

    def sentence(self, name: Names) -> str:
        return _("moved the ticket from %(before)s to %(after)s") % {
            "before": name("department", self.before),
            "after": name("department", self.department_id),
        }


@fact("ticket.status_changed", public=True)
@dataclass(frozen=True)
class StatusChanged(TicketFact):
    """The ticket's status changed; ids of statuses, and the fixed categories behind them."""

    before: int
    after: int
    category_before: str
    category_after: str

    def sentence(self, name: Names) -> str:
        return _("changed the status from %(before)s to %(after)s") % {
            "before": name("status", self.before),
            "after": name("status", self.after),
        }


@fact("ticket.priority_changed", public=True)
@dataclass(frozen=True)
class PriorityChanged(TicketFact):
    """The ticket's priority changed."""

    before: str
    after: str

    def sentence(self, name: Names) -> str:
        return _("changed the priority from %(before)s to %(after)s") % {
            "before": Priority(self.before).label,
            "after": Priority(self.after).label,
        }


@fact("ticket.subject_changed", public=True)
@dataclass(frozen=True)
class SubjectChanged(TicketFact):
    """The ticket got another subject (the words stay in the table)."""

    def sentence(self, name: Names) -> str:
        return _("changed the subject")


@fact("ticket.tagged", public=True)
@dataclass(frozen=True)
class TagsChanged(TicketFact):
    """Tags came or went; ids of tags."""

    added: list[int]
    removed: list[int]

    def sentence(self, name: Names) -> str:
        parts = []
        if self.added:
            tags = ", ".join(name("tag", tag_id) for tag_id in self.added)
            parts.append(ngettext("added the tag %(tags)s", "added the tags %(tags)s", len(self.added)))
            parts[-1] %= {"tags": tags}
        if self.removed:
            tags = ", ".join(name("tag", tag_id) for tag_id in self.removed)
            parts.append(ngettext("removed the tag %(tags)s", "removed the tags %(tags)s", len(self.removed)))
            parts[-1] %= {"tags": tags}
        return _(" and ").join(parts)


@fact("ticket.participant_added", public=True)
@dataclass(frozen=True)
class ParticipantAdded(TicketFact):
    """Somebody besides the requester takes part from now on."""

    contact_id: int

    def sentence(self, name: Names) -> str:
        return _("added %(contact)s to the conversation") % {"contact": name("contact", self.contact_id)}


@fact("ticket.participant_removed", public=True)
@dataclass(frozen=True)
class ParticipantRemoved(TicketFact):
    """Somebody takes part no more: no copies of replies, and their keys to the ticket's page are void."""

    contact_id: int

    def sentence(self, name: Names) -> str:
        return _("removed %(contact)s from the conversation") % {"contact": name("contact", self.contact_id)}


@fact("ticket.merged", public=True)
@dataclass(frozen=True)
class TicketMerged(TicketFact):
    """This ticket's messages went into another ticket. `target_number` is that ticket's number."""

    target_id: int
    target_number: int
    merge_id: int

    def sentence(self, name: Names) -> str:
        return _("merged the ticket into #%(number)s") % {"number": self.target_number}


@fact("ticket.absorbed", public=True)
@dataclass(frozen=True)
class TicketAbsorbed(TicketFact):
    """Another ticket's messages came into this one. `source_number` is that ticket's number."""

    source_id: int
    source_number: int
    merge_id: int

    def sentence(self, name: Names) -> str:
        return _("merged #%(number)s into this ticket") % {"number": self.source_number}


@fact("ticket.merge_undone", public=True)
@dataclass(frozen=True)
class MergeUndone(TicketFact):
    """A merge was undone: the messages that had come with it went back."""

    source_id: int
    source_number: int
    merge_id: int

    def sentence(self, name: Names) -> str:
        return _("undid the merge of #%(number)s") % {"number": self.source_number}


@fact("ticket.follows", public=True)
@dataclass(frozen=True)
class TicketFollows(TicketFact):
    """The ticket was opened by an answer to another one that had been done for too long to be reopened."""

    earlier_id: int
    earlier_number: int

    def sentence(self, name: Names) -> str:
        return _("continued #%(number)s, which was resolved long before") % {"number": self.earlier_number}


@fact("ticket.followed_up", public=True)
@dataclass(frozen=True)
class TicketFollowedUp(TicketFact):
    """An answer to this ticket came so late that it opened another one."""

    later_id: int
    later_number: int

    def sentence(self, name: Names) -> str:
        return _("answered late, and so opened #%(number)s") % {"number": self.later_number}


@fact("ticket.links_revoked", public=False)
@dataclass(frozen=True)
class LinksRevoked(TicketFact):
    """The keys to the ticket's customer page were made void."""

    def sentence(self, name: Names) -> str:
        return _("revoked the customer's links")
