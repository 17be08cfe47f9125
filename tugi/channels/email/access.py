"""Which mailbox a request may manage: the one way to it for every page of the settings."""

from __future__ import annotations

from django.http import HttpRequest

from tugi.channels.email.models import Mailbox
from tugi.channels.email.queries import mailboxes_for
from tugi.core.errors import NotFound
from tugi.people.access import access_of
from tugi.people.models import Permission
from tugi.people.request import agent_of


def may_manage(request: HttpRequest) -> None:
    """Raises Forbidden unless whoever asks manages mail somewhere."""
    access_of(agent_of(request)).require(Permission.MANAGE_MAIL)


def managed_mailbox(request: HttpRequest, mailbox_id: int) -> Mailbox:
    """The mailbox, of a department whose mail this agent manages. Raises Forbidden, and NotFound for any other."""
    may_manage(request)
    mailbox = mailboxes_for(agent_of(request)).filter(id=mailbox_id).first()
    if mailbox is None:
        raise NotFound
    return mailbox
