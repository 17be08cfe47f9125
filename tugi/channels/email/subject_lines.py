from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from tugi.core.subjects import strip_prefixes, strip_token, with_token
from tugi.core.text import shorten, single_line
from tugi.tickets.models import Ticket

LONGEST = 240


def subject_line(ticket: Ticket, language: str) -> str:
    """The subject of an answer, with the ticket's number; our own words are in that language."""
    with override(language):
        said = shorten(strip_prefixes(single_line(ticket.subject)), LONGEST) or _("Your request")
    return f"Re: {with_token(said, ticket.number)}"


def refusal_subject_line(ticket: Ticket, language: str) -> str:
    """The same without the number: an answer to a refusal is a new request."""
    with override(language):
        return f"Re: {shorten(strip_prefixes(strip_token(ticket.subject)), LONGEST) or _('Your request')}"


def quiet_subject_line(ticket: Ticket, language: str) -> str:
    """The same for a sender who is not proven: nothing of theirs is repeated."""
    with override(language):
        return with_token(_("We have received your request"), ticket.number)
