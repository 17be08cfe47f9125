"""What a customer reads whose link leads nowhere, whether it never did or does no longer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from tugi.channels.email.models import Mailbox
from tugi.core.errors import NotFound
from tugi.core.models import DeskSettings
from tugi.core.pages import page

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def led_back(view: View) -> View:
    """Let whoever stands before nothing read where to write."""

    @wraps(view)
    def leading(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotFound:
            return _stray(request)

    return cast(View, leading)


def _stray(request: HttpRequest) -> HttpResponse:
    mailbox = Mailbox.objects.active().only("address").order_by("id").first()
    context = {"company": DeskSettings.load().company, "address": mailbox.address if mailbox else ""}
    return page(request, "portal/stray.html", context, status=NotFound.status)
