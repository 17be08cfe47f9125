"""`/csp`: where browsers tell what the content security policy stopped."""

from __future__ import annotations

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

LONGEST = 4096
log = logging.getLogger(__name__)


@login_not_required
@csrf_exempt
@require_POST
def take_csp_report(request: HttpRequest) -> HttpResponse:
    """Log the report, shortened: anybody can send one, so it is never believed further than that."""
    text = request.read(LONGEST).decode("utf-8", "replace")
    log.warning("The browser stopped something that the policy forbids.", extra={"report": text})
    return HttpResponse(status=204)
