"""Settings → Mail → Health: how mail is, and what to do with the mails that could not be processed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from tugi.channels.email import actions, health, queries
from tugi.channels.email.access import may_manage
from tugi.channels.email.exporting import zipped
from tugi.core.pages import page
from tugi.core.storage import storage
from tugi.people.request import actor_of, agent_of


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    agent = agent_of(request)
    may_manage(request)
    mailboxes = queries.mailboxes_for(agent)
    room = storage()
    context = {
        "healths": health.healths(mailboxes),
        "room": room,
        "room_tone": health.storage_tone(room),
        "unprocessed": health.unprocessed(mailboxes),
        "failed": queries.failed_mails(agent, before=_before(request)),
        "is_first_page": _before(request) is None,
    }
    return page(request, "email/health.html", context)


@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    agent = agent_of(request)
    may_manage(request)
    ids = list(queries.mailboxes_for(agent).values_list("id", flat=True))
    actions.retry_all_raw(ids, actor=actor_of(request))
    return redirect("email:health")


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    agent = agent_of(request)
    may_manage(request)
    answer = StreamingHttpResponse(zipped(queries.failed_for(agent)), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="unprocessed-mail.zip"'
    return answer


def _before(request: HttpRequest) -> int | None:
    told = request.GET.get("before", "")
    return int(told) if told.isdecimal() and len(told) < 19 else None
