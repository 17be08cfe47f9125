"""Where sessions are kept. The browser holds the key; the table holds only its SHA-256.

An agent's session ends 12 hours after it was last used and 7 days after sign-in, whichever is first.
Use is noted at most every ten minutes, so that reading a page seldom writes. Sessions of anybody else
follow Django's own settings.
"""

from __future__ import annotations

import hashlib
from base64 import b85encode
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.contrib.sessions.serializers import JSONSerializer
from django.db import connection
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare

from tugi.core import clock, instants
from tugi.people.models import Agent

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
NOTED_EVERY = timedelta(minutes=10)
BEGUN = "_begun"


_OPEN = "SELECT session_data, expire_date FROM django_session WHERE session_key = %s AND expire_date > %s"


class _Found(NamedTuple):
    """An open session: the digest of its key, its data as stored, and when it ends."""

    digest: str
    data: str
    ends_at: datetime


def digest(session_key: str) -> str:
    """All that is stored of a session's key: its SHA-256, in the 40 characters that the column takes."""
    return b85encode(hashlib.sha256(session_key.encode()).digest()).decode()


class SessionStore(DatabaseStore):
    """Django's database sessions with hashed keys and an agent's two limits. Always JSON."""

    # Django's asynchronous twins would look for the bare key; these go through the methods below.
    aload = SessionBase.aload
    acreate = SessionBase.acreate
    asave = SessionBase.asave
    aexists = SessionBase.aexists
    adelete = SessionBase.adelete

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.serializer = JSONSerializer
        self._is_new = False

    def load(self) -> dict[str, Any]:
        found = _read(self.session_key) if self.session_key else None
        if found is None:
            self._session_key = None
            return {}
        data = self.decode(found.data)
        _note_use(found, data)
        return data

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=digest(session_key)).exists()

    def create(self) -> None:
        """Also what a sign-in and a changed password do: the session begins anew under another key."""
        super().create()
        self._is_new = True

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        if self._is_new or BEGUN not in data:
            data[BEGUN] = int(clock.now().timestamp())
            self._is_new = False
        row = super().create_model_instance(data)
        row.session_key = digest(row.session_key)
        row.expire_date = min(row.expire_date, _end(data))
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=digest(key)).delete()


def signed_in_agent(session_key: str) -> Agent | None:
    """The agent whose session this is, if it is open and the password is still the one of its beginning.

    Looking does not count as use.
    """
    found = _read(session_key)
    data = SessionStore().decode(found.data) if found else {}
    if SESSION_KEY not in data:
        return None
    agent = Agent.objects.filter(pk=data[SESSION_KEY], is_active=True).first()
    return agent if agent and _fits(agent, data.get(HASH_SESSION_KEY, "")) else None


def still_open(digests: Iterable[str]) -> set[str]:
    """Which of these sessions (by `digest`) have neither expired nor been ended."""
    return set(_open_sessions().filter(session_key__in=list(digests)).values_list("session_key", flat=True))


def end_sessions(agent: Agent, *, but: str | None = None) -> int:
    """End the agent's sessions, `but` the one with this key, and say how many ended.

    Reads every open session: the table does not say whose they are. For rare events only, such as
    switching off an account, so that its sessions do not come back with it.
    """
    kept = digest(but) if but else None
    store = SessionStore()
    ended = [
        key
        for key, data in _open_sessions().values_list("session_key", "session_data").iterator()
        if key != kept and store.decode(data).get(SESSION_KEY) == str(agent.pk)
    ]
    return Session.objects.filter(session_key__in=ended).delete()[0]


def _read(session_key: str) -> _Found | None:
    """The session with this key, if it is open. Every page asks: the statement is ready."""
    key = digest(session_key)
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [key, instants.stored(clock.now())])
        row = cursor.fetchone()
    return _Found(key, row[0], instants.read(row[1])) if row else None


def _open_sessions() -> QuerySet[Session]:
    return Session.objects.filter(expire_date__gt=clock.now())


def _end(data: dict[str, Any]) -> datetime:
    if SESSION_KEY not in data:
        return datetime.max.replace(tzinfo=UTC)
    begun = datetime.fromtimestamp(data[BEGUN], UTC)
    return min(clock.now() + IDLE, begun + LONGEST)


def _note_use(found: _Found, data: dict[str, Any]) -> None:
    """Move the end of an agent's session. Only that column, and only of a session that still is: what
    another request writes or ends at the same moment stays so."""
    if BEGUN not in data:
        return
    end = _end(data)
    if SESSION_KEY in data and end - found.ends_at >= NOTED_EVERY:
        Session.objects.filter(session_key=found.digest).update(expire_date=end)


def _fits(agent: Agent, session_hash: str) -> bool:
    hashes = [agent.get_session_auth_hash(), *agent.get_session_auth_fallback_hash()]
    return any(constant_time_compare(session_hash, known) for known in hashes)
