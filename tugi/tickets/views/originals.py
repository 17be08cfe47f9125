"""A message as it was sent: laid out in a frame that can do nothing, or as the mail itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from tugi.core.errors import NotFound
from tugi.core.html import text_to_html
from tugi.people.request import agent_of
from tugi.tickets import bodies, file_links
from tugi.tickets.access import message_for
from tugi.tickets.files import download
from tugi.tickets.models import Attachment
from tugi.tickets.queries.thread import PREVIEWED

POLICY = (
    "default-src 'none'; img-src {images}; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


@require_safe
@xframe_options_sameorigin
def body(request: HttpRequest, number: int, message_id: int) -> HttpResponseBase:
    """The message as a document of its own. `?images=1`: the agent asked for pictures from the web."""
    message = message_for(agent_of(request), number, message_id)
    remote = request.GET.get("images") == "1"
    own = f"{request.scheme}://{request.get_host()}"
    files = Attachment.objects.filter(message=message, content_type__in=PREVIEWED).exclude(content_id="")
    images = {
        file.content_id.strip("<>"): own + file_links.preview_link(agent_of(request), file)
        for file in files.exclude(scan=Attachment.Scan.INFECTED)
    }
    html = bodies.for_frame(message.html or text_to_html(message.text), images, remote=remote)
    response = HttpResponse(render_to_string("tickets/body.html", {"html": html}))
    policy = POLICY.format(images=f"data: {own}/files/ https:" if remote else f"data: {own}/files/")
    response["Content-Security-Policy"] = policy
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def original(request: HttpRequest, number: int, message_id: int) -> HttpResponseBase:
    """The mail as it came, byte for byte."""
    message = message_for(agent_of(request), number, message_id)
    if not message.raw_blob:
        raise NotFound
    return download(message.raw_blob, f"{number}-{message_id}.eml", "application/octet-stream")
