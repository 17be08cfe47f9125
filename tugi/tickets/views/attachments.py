"""Files of messages: always a download, or a picture drawn anew."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from tugi.people.request import agent_of
from tugi.tickets.access import attachment_for
from tugi.tickets.file_links import attachment_behind
from tugi.tickets.files import UNTRUSTED, download_of
from tugi.tickets.models import Attachment
from tugi.tickets.thumbnails import thumbnail


@require_safe
def attachment(request: HttpRequest, number: int, attachment_id: int) -> HttpResponseBase:
    return download_of(attachment_for(agent_of(request), number, attachment_id))


@require_safe
def preview(request: HttpRequest, number: int, attachment_id: int) -> HttpResponseBase:
    return _picture(attachment_for(agent_of(request), number, attachment_id))


@require_safe
@login_not_required
def signed_preview(request: HttpRequest, token: str) -> HttpResponseBase:
    """A picture inside a mail's frame, which has no cookie to show: the link itself says for whom."""
    response = _picture(attachment_behind(token))
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _picture(file: Attachment) -> HttpResponse:
    response = HttpResponse(thumbnail(file.sha256), content_type="image/webp")
    response["Content-Security-Policy"] = UNTRUSTED
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, no-store"
    return response
