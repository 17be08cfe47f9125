"""What the holder of a ticket link may see: one ticket, its public side, as one contact."""

from __future__ import annotations

from dataclasses import dataclass

from tugi.core.errors import NotFound
from tugi.people.models import Contact, IdentityKind
from tugi.tickets.actions.links import link_for
from tugi.tickets.models import Attachment, Delivery, Message, Participant, Ticket


@dataclass(frozen=True)
class Visit:
    """A contact at the page of a ticket. A merged ticket's link leads to where its conversation went on."""

    key: str
    ticket: Ticket
    contact: Contact

    def address(self) -> str:
        """The contact's e-mail address, which stands for a name that is not known; empty without one."""
        emails = self.contact.identities.filter(kind=IdentityKind.EMAIL)
        return emails.values_list("value", flat=True).first() or ""

    def messages(self) -> list[Message]:
        """The newest 200 public messages, oldest first; replies that may still be taken back are not among them."""
        public = Message.objects.filter(ticket=self.ticket).public().exclude(delivery=Delivery.WAITING)
        newest = public.select_related("contact", "agent").prefetch_related("attachments").order_by("-id")
        return list(reversed(newest[:200]))

    def attachment(self, attachment_id: int) -> Attachment:
        """A file of a public message of this ticket. Raises NotFound, also for what a virus was found in."""
        files = Attachment.objects.select_related("message").filter(id=attachment_id)
        public = Message.objects.filter(ticket=self.ticket).public().exclude(delivery=Delivery.WAITING)
        file = files.filter(message__in=public).exclude(scan=Attachment.Scan.INFECTED).first()
        if file is None or file.message.was_opened:
            raise NotFound
        return file


def visit_for(key: str) -> Visit:
    """Who stands before which ticket with this key. Raises NotFound for an unknown or revoked one, and for that of a
    merged ticket whose holder was removed from the one it went into."""
    link = link_for(key)
    if link is None:
        raise NotFound
    ticket = link.ticket
    while ticket.merged_into_id is not None:
        ticket = Ticket.objects.select_related("status").get(id=ticket.merged_into_id)
    if ticket != link.ticket and _was_removed(link.contact, ticket):
        raise NotFound
    return Visit(key=key, ticket=ticket, contact=link.contact)


def _was_removed(contact: Contact, ticket: Ticket) -> bool:
    removed = Participant.objects.filter(ticket=ticket, contact=contact, removed_at__isnull=False)
    return contact.pk != ticket.contact_id and removed.exists()
