"""Settings → Mail: the mailboxes, how they are, and the mail that could not be processed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tugi.channels.email import actions, health, queries
from tugi.channels.email.access import managed_mailbox, may_manage
from tugi.channels.email.actions.mailboxes import SETTINGS
from tugi.channels.email.checking import check_mailbox
from tugi.channels.email.consent_views import connection_of
from tugi.channels.email.forms import MailboxForm
from tugi.channels.email.models import Mailbox
from tugi.core.errors import Invalid, NotFound
from tugi.core.pages import page
from tugi.core.storage import storage
from tugi.people.request import actor_of, agent_of
from tugi.tickets.files import download


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    may_manage(request)
    agent = agent_of(request)
    context = {
        "rows": queries.mailbox_rows(agent),
        "pauses": queries.pauses_for(agent),
        "unprocessed": health.unprocessed(queries.mailboxes_for(agent)),
        "room": storage(),
    }
    return page(request, "email/mailboxes.html", context)


@sensitive_post_parameters("imap_password", "imap_kept", "smtp_password", "smtp_kept", "oauth_client_secret")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    may_manage(request)
    return _edit(request, None)


@sensitive_post_parameters("imap_password", "imap_kept", "smtp_password", "smtp_kept", "oauth_client_secret")
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    return _edit(request, managed_mailbox(request, mailbox_id))


@require_POST
def retry(request: HttpRequest, raw_mail_id: int) -> HttpResponse:
    may_manage(request)
    row = queries.raw_mails_for(agent_of(request)).filter(id=raw_mail_id).first()
    if row is None:
        raise NotFound
    actions.retry_raw(row.pk, actor=actor_of(request))
    return redirect("email:health")


@require_POST
def dismiss(request: HttpRequest, raw_mail_id: int) -> HttpResponse:
    may_manage(request)
    row = queries.raw_mails_for(agent_of(request)).filter(id=raw_mail_id).first()
    if row is None:
        raise NotFound
    actions.dismiss_raw(row.pk, actor=actor_of(request))
    return redirect("email:health")


@require_POST
def resume(request: HttpRequest, pause_id: int) -> HttpResponse:
    """Let automatic mail leave again."""
    may_manage(request)
    pause = queries.pauses_for(agent_of(request)).filter(id=pause_id).first()
    if pause is None:
        raise NotFound
    actions.resume_automatic_mail(pause.pk, actor=actor_of(request))
    return redirect("email:mailboxes")


@require_GET
def original(request: HttpRequest, raw_mail_id: int) -> HttpResponseBase:
    may_manage(request)
    row = queries.failed_for(agent_of(request)).filter(id=raw_mail_id).first()
    if row is None:
        raise NotFound
    return download(row.sha256, f"mail-{row.pk}.eml")


def _edit(request: HttpRequest, mailbox: Mailbox | None) -> HttpResponse:
    form = _form(request, mailbox)
    context: dict[str, Any] = {"form": form, "mailbox": mailbox, "results": [], **connection_of(request, mailbox)}
    if request.method == "POST" and form.is_valid():
        if "test" in request.POST:
            context["results"] = check_mailbox(form.unsaved())
            return page(request, "email/mailbox.html", context)
        try:
            _save(request, mailbox, form.cleaned_data)
        except Invalid as refused:
            form.add_error("address", str(refused.message))
        else:
            return redirect("email:mailboxes")
    return page(request, "email/mailbox.html", context, status=422 if form.is_bound else 200)


def _form(request: HttpRequest, mailbox: Mailbox | None) -> MailboxForm:
    agent = agent_of(request)
    departments = queries.departments_for(agent)
    return MailboxForm(
        request.POST or None, initial=_known(mailbox), agent=agent, departments=departments, mailbox=mailbox
    )


def _known(mailbox: Mailbox | None) -> dict[str, Any] | None:
    if mailbox is None:
        return None
    known = {name: getattr(mailbox, name) for name in SETTINGS}
    return {**known, "aliases": "\n".join(mailbox.aliases)}


def _save(request: HttpRequest, mailbox: Mailbox | None, told: dict[str, Any]) -> None:
    actor = actor_of(request)
    if mailbox is None:
        actions.add_mailbox(actor=actor, **told)
    else:
        actions.change_mailbox(mailbox.pk, actor=actor, **told)
