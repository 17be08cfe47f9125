"""How agents sign in: allauth's flow (second factors and single sign-on plug in there), with our bounds."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from tugi.core import crypto, limits

TRIES = {"most": 10, "seconds": 900}
TRIES_FROM_ONE_PLACE = {"most": 60, "seconds": 900}


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth comes without types
    """No sign-up, no names but addresses, tries counted in the database for all processes together."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse after too many tries, per address and per place, whether or not the address exists."""
        address = str(credentials.get("email") or credentials.get("username") or "").lower()
        place = request.META.get("REMOTE_ADDR", "")
        within = limits.try_take(f"sign-in:{_hashed(address + '|' + place)}", **TRIES)
        if not (within and limits.try_take(f"sign-in-from:{_hashed(place)}", **TRIES_FROM_ONE_PLACE)):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """As allauth does, but a shut account answers like a wrong password."""
        agent = super().authenticate(request, **credentials)
        return agent if agent is not None and agent.is_active else None

    def is_safe_url(self, url: str | None) -> bool:
        """Whether one may be led there after signing in; what is no address at all is not."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Pages say for themselves what happened."""


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page is for signed-in agents unless its view says otherwise (`login_not_required`)."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:  # type: ignore[override]
        if request.headers.get("HX-Request") == "true":
            # A piece of a page cannot become the sign-in page: let htmx go there as a whole.
            there = redirect_to_login(request.headers.get("HX-Current-URL", "/"), self.get_login_url(view_func))
            return HttpResponse(status=401, headers={"HX-Redirect": there["Location"]})
        return super().handle_no_permission(request, view_func)


def _hashed(value: str) -> str:
    return crypto.token_hash("sign-in-limit", value)[:40]
