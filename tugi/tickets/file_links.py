"""Addresses of files that work without a cookie for five minutes, for one agent and one file.

Needed where a browser sends no cookie: a picture inside a mail's sandboxed frame. Who opens the link
is asked again whether the agent may still see the ticket.
"""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from tugi.core.errors import NotFound
from tugi.people.models import Agent
from tugi.tickets.models import Attachment, Delivery, Ticket

SALT = "tugi.tickets.preview"
SECONDS = 300


def preview_link(agent: Agent, attachment: Attachment) -> str:
    token = signing.TimestampSigner(salt=SALT).sign(f"{agent.pk}-{attachment.pk}")
    return reverse("file-preview", args=[token])


def attachment_behind(token: str) -> Attachment:
    """The file that a link opens. Raises NotFound when it is forged, too old, or no longer allowed."""
    try:
        signed = signing.TimestampSigner(salt=SALT).unsign(token, max_age=SECONDS)
    except signing.BadSignature as forged:
        raise NotFound from forged
    agent_id, _, attachment_id = signed.partition("-")
    agent = Agent.objects.filter(id=agent_id, is_active=True).first()
    if agent is None:
        raise NotFound
    seen = Ticket.objects.visible_to(agent).values("id")
    files = Attachment.objects.filter(id=attachment_id, message__ticket__in=seen)
    file = files.exclude(message__delivery=Delivery.WITHDRAWN).exclude(scan=Attachment.Scan.INFECTED).first()
    if file is None:
        raise NotFound
    return file
