"""`/healthz`: whether this process can answer and reach its database. For load balancers and supervisors."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 and `{"database": true}`, or 503. Says nothing that a stranger may not know."""
    reachable = _reaches_database()
    return JsonResponse({"database": reachable}, status=200 if reachable else 503)


def _reaches_database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True
