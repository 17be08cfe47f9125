"""Settings → Mail → a mailbox's domain: whether others believe its mail, and the key that signs it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from tugi.channels.email import actions
from tugi.channels.email.access import managed_mailbox
from tugi.channels.email.domain_advice import advice_for
from tugi.channels.email.models import DkimKey
from tugi.core.mail_addresses import domain_to_ascii
from tugi.core.pages import page
from tugi.people.request import actor_of


@require_GET
def show(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    mailbox = managed_mailbox(request, mailbox_id)
    key = DkimKey.objects.filter(domain=domain_to_ascii(mailbox.host)).first()
    context = {"mailbox": mailbox, "advice": advice_for(mailbox), "key": key}
    return page(request, "email/domain.html", context)


@require_POST
def make_key(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    mailbox = managed_mailbox(request, mailbox_id)
    actions.make_dkim_key(mailbox, actor=actor_of(request))
    return redirect("email:domain", mailbox.pk)


@require_POST
def set_signing(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    mailbox = managed_mailbox(request, mailbox_id)
    actions.set_dkim_signing(mailbox, is_on=bool(request.POST.get("on")), actor=actor_of(request))
    return redirect("email:domain", mailbox.pk)
