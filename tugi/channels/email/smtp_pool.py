"""Open connections to mail servers, kept for the next mail: a new one costs more than the mail itself.

One process, all its threads. A connection is lent to one mail at a time, asked with RSET whether it still lives
before the next (which also forgets what a refused mail left), and closed when it has been idle for a while.
"""

from __future__ import annotations

import smtplib
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from tugi.channels.email.smtp_session import AnySession

IDLE_SECONDS = 20.0
"""Servers close what is idle for longer: Postfix after 300 seconds, some providers after 30."""
SHORT_SECONDS = 10.0
MOST_IDLE = 8
MOST_MAILS = 100
"""Providers limit the mails of one connection."""


class Pool:
    """Sessions by the account they are signed in at."""

    def __init__(self) -> None:
        self._idle: list[tuple[float, object, AnySession]] = []
        self._lock = threading.Lock()
        self._sweeper: threading.Timer | None = None

    def borrow(self, key: object, connect: Callable[[], AnySession]) -> tuple[AnySession, bool]:
        """A session for one mail, and whether it was used before. Raises what `connect` raises."""
        while (session := self._take(key)) is not None:
            session.begin(SHORT_SECONDS)
            with suppress(smtplib.SMTPException, OSError):
                if session.rset()[0] == 250:
                    session.begin()
                    return session, True
            session.close()
        return connect(), False

    def give_back(self, key: object, session: AnySession) -> None:
        """Keep the session for the next mail, if it may be of use."""
        session.mails += 1
        if session.sock is None or session.mails >= MOST_MAILS:
            end(session)
            return
        with self._lock:
            self._idle.append((time.monotonic(), key, session))
            surplus = self._idle[:-MOST_IDLE]
            self._idle = self._idle[-MOST_IDLE:]
            self._arm()
        for _since, _key, old in surplus:
            end(old)

    def close_idle(self, seconds: float = IDLE_SECONDS) -> None:
        """Close what nobody has used for so long."""
        with self._lock:
            self._sweeper = None
            before = time.monotonic() - seconds
            done = [session for since, _key, session in self._idle if since <= before]
            self._idle = [each for each in self._idle if each[0] > before]
            self._arm()
        for session in done:
            end(session)

    def __len__(self) -> int:
        return len(self._idle)

    def _take(self, key: object) -> AnySession | None:
        """The one that was used last: it is the likeliest to live."""
        with self._lock:
            for place in range(len(self._idle) - 1, -1, -1):
                if self._idle[place][1] == key:
                    return self._idle.pop(place)[2]
        return None

    def _arm(self) -> None:
        if self._idle and self._sweeper is None:
            self._sweeper = threading.Timer(IDLE_SECONDS, self.close_idle)
            self._sweeper.daemon = True
            self._sweeper.start()


def end(session: AnySession) -> None:
    """Say goodbye, without waiting long for an answer."""
    with suppress(smtplib.SMTPException, OSError):
        session.begin(SHORT_SECONDS)
        session.quit()
    session.close()


pool = Pool()
