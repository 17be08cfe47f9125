"""The signed-in agent of a request, typed."""

from __future__ import annotations

from django.http import HttpRequest

from tugi.events import actors
from tugi.events.actors import Actor
from tugi.people.models import Agent


def agent_of(request: HttpRequest) -> Agent:
    """Who is signed in; only for views that need somebody (all but those marked `login_not_required`)."""
    assert request.user.is_authenticated
    return request.user


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in agent as the one who acts."""
    return actors.agent(agent_of(request).pk)
