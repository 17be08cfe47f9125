"""Settings → Mail → a mailbox → Keys: what opens its mail and whom it trusts to sign."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tugi.channels.email import actions, queries
from tugi.channels.email.access import managed_mailbox
from tugi.channels.email.key_forms import KeyForm
from tugi.channels.email.models import MailboxKey
from tugi.core import clock
from tugi.core.pages import page
from tugi.people.request import actor_of


@sensitive_post_parameters("key", "passphrase")
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    mailbox = managed_mailbox(request, mailbox_id)
    form = KeyForm(request.POST, request.FILES) if request.method == "POST" else KeyForm()
    if form.is_bound and form.is_valid():
        actions.add_key(mailbox.pk, form.found, actor=actor_of(request))
        return redirect("email:mailbox-keys", mailbox.pk)
    context = {"mailbox": mailbox, "form": form, "keys": queries.key_rows(mailbox, clock.now())}
    return page(request, "email/keys.html", context, status=422 if form.is_bound else 200)


@require_POST
def remove(request: HttpRequest, mailbox_id: int, key_id: int) -> HttpResponse:
    mailbox = managed_mailbox(request, mailbox_id)
    for key in MailboxKey.objects.filter(mailbox=mailbox, id=key_id):
        actions.remove_key(key.pk, actor=actor_of(request))
    return redirect("email:mailbox-keys", mailbox.pk)
