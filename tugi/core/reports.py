"""`/csp`: where browsers tell what the content security policy stopped."""

from __future__ import annotations

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tugi.core import clock

LONGEST = 4096
MOST_A_MINUTE = 20
log = logging.getLogger(__name__)


@login_not_required
@csrf_exempt
@require_POST
def take_csp_report(request: HttpRequest) -> HttpResponse:
    """Log the report, shortened: anybody can send one, so it is never believed further than that.

    Only so many a minute, in each process: a stranger must not fill the disk with them.
    """
    minute = f"csp-reports-{int(clock.now().timestamp()) // 60}"
    cache.add(minute, 0, timeout=120)
    if cache.incr(minute) > MOST_A_MINUTE:
        return HttpResponse(status=204)
    text = request.read(LONGEST).decode("utf-8", "replace")
    log.warning("The browser stopped something that the policy forbids.", extra={"report": text})
    return HttpResponse(status=204)
