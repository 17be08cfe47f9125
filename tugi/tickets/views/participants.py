"""Who else gets the replies: added and removed in the composer."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tugi.core.errors import Invalid
from tugi.core.inflection import fold, plain
from tugi.core.mail_addresses import parse_address
from tugi.people.actions.contacts import find_or_add_contact
from tugi.people.contact_search import FoundContact, find_contacts
from tugi.people.models import Contact, Permission
from tugi.people.our_addresses import is_ours
from tugi.people.request import actor_of, agent_of
from tugi.tickets import actions, forms
from tugi.tickets.access import ticket_for
from tugi.tickets.models import Participant, Ticket
from tugi.tickets.queries.people import name_of
from tugi.tickets.views.answers import address, changed
from tugi.tickets.views.asked import read

HANDFUL = 20


@require_POST
def participants(request: HttpRequest, number: int) -> HttpResponse:
    """`add`: an address, or a name that only one contact has. `remove`: the id of a contact that takes part;
    `again` of one that did."""
    ticket = ticket_for(agent_of(request), number, to=Permission.REPLY)
    given = read(forms.ParticipantsForm, request).cleaned_data
    if given["remove"] is not None:
        return _removed(request, ticket, _known(ticket, given["remove"]))
    if given["again"] is not None:
        return _added(request, ticket, _known(ticket, given["again"]))
    return _added(request, ticket, _contact(request, given["add"]))


def _added(request: HttpRequest, ticket: Ticket, contact: Contact) -> HttpResponse:
    name = name_of(contact)
    if not actions.add_participant(ticket.pk, contact.pk, actor=actor_of(request)):
        return changed(request, ticket.number, _("%(contact)s takes part already.") % {"contact": name})
    undo = address("ticket-participants", ticket.number, remove=contact.pk)
    return changed(
        request, ticket.number, _("%(contact)s gets the replies from now on.") % {"contact": name}, undo=undo
    )


def _removed(request: HttpRequest, ticket: Ticket, contact: Contact) -> HttpResponse:
    name = name_of(contact)
    if not actions.remove_participant(ticket.pk, contact.pk, actor=actor_of(request)):
        return changed(request, ticket.number, _("%(contact)s takes part no longer.") % {"contact": name})
    undo = address("ticket-participants", ticket.number, again=contact.pk)
    return changed(request, ticket.number, _("%(contact)s gets no more replies.") % {"contact": name}, undo=undo)


def _known(ticket: Ticket, contact_id: int) -> Contact:
    """Somebody who takes part in this ticket, or did. Raises Invalid for everybody else."""
    found = Participant.objects.filter(ticket=ticket, contact=contact_id).select_related("contact").first()
    if found is None:
        raise Invalid(_("This person takes no part."), remove="unknown")
    return found.contact


def _contact(request: HttpRequest, typed: str) -> Contact:
    """Whom the agent means by what was typed; an address that nobody has yet becomes a contact.

    Raises Invalid where nobody is meant, or the desk itself.
    """
    found = parse_address(typed) if "@" in typed else None
    if found is not None and found.is_valid:
        _refuse_ours(found.addr)
        return find_or_add_contact(email=found.key, name=found.name, actor=actor_of(request))
    return _of_that_name(request, typed)


def _of_that_name(request: HttpRequest, typed: str) -> Contact:
    """The only one who can be meant: a slip of the finger is forgiven in a list to choose from, not here."""
    found = find_contacts(agent_of(request), typed, HANDFUL)
    meant = [each for each in found if each.address and _has_words(each, typed)]
    if len(meant) != 1 or len(found) == HANDFUL:
        raise Invalid(_("Type an e-mail address, or choose a contact from the list."), add="unknown")
    _refuse_ours(meant[0].address)
    return Contact.objects.get(id=meant[0].id)


def _has_words(contact: FoundContact, typed: str) -> bool:
    known = _plain(f"{contact.name} {contact.address}")
    return all(word in known for word in re.findall(r"[^\W_]+", _plain(typed)))


def _plain(text: str) -> str:
    return plain(fold(text))


def _refuse_ours(email: str) -> None:
    if is_ours(email):
        said = _("%(address)s is an address of this desk: a reply to it would come back here.")
        raise Invalid(said % {"address": email}, add="ours")
