from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from tugi.portal.access import visit_for
from tugi.portal.views.strays import led_back
from tugi.tickets.files import download_of


@login_not_required
@require_GET
@led_back
def download(request: HttpRequest, key: str, attachment_id: int) -> HttpResponseBase:
    return download_of(visit_for(key).attachment(attachment_id))
