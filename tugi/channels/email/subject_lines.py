from __future__ import annotations

from django.utils.translation import gettext as _

from tugi.core.subjects import strip_prefixes, with_token
from tugi.core.text import shorten, single_line
from tugi.tickets.models import Ticket

LONGEST = 240


def subject_line(ticket: Ticket, *, quiet: bool = False) -> str:
    """The subject of a mail about the ticket: an answer's, with the number. `quiet` repeats nothing of the sender's."""
    if quiet:
        return with_token(_("We have received your request"), ticket.number)
    said = shorten(strip_prefixes(single_line(ticket.subject)), LONGEST) or _("Your request")
    return f"Re: {with_token(said, ticket.number)}"
