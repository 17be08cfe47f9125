"""A conversation with an SMTP server (RFC 5321) that nothing the server does can make endless or large.

Python's library speaks; how long it may take and how much it listens to is decided here. Its time limits hold
for each single byte, so that a server that drips holds it for hours, and its answers may have any length.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from functools import lru_cache
from typing import Any

CONNECT_SECONDS = 30.0
DEADLINE_SECONDS = 240.0
"""For one whole mail."""
ANSWER_SECONDS = 60.0
LAST_ANSWER_SECONDS = 180.0
"""For the answer to the mail itself: servers read it through before they say yes, and a retry would double it."""
LONGEST_ANSWER = 64 * 1024


class BadAnswer(smtplib.SMTPException):
    """What the server said is not SMTP, or has no end."""


class _Bounded(smtplib.SMTP):
    """`has_begun`: the words of a mail are on their way, so that only the server knows whether it has it.
    `mails`: how many went through. `patience`: seconds for an answer."""

    has_begun = False
    mails = 0
    patience = ANSWER_SECONDS
    _rest = b""
    _ends_at = 0.0

    def begin(self, patience: float = ANSWER_SECONDS) -> None:
        """Start the time of one mail."""
        self.patience = patience
        self._ends_at = time.monotonic() + DEADLINE_SECONDS
        self.has_begun = False

    def getreply(self) -> tuple[int, bytes]:
        """The server's next answer: its code and its lines. Raises BadAnswer, SMTPServerDisconnected, TimeoutError."""
        lines: list[bytes] = []
        ends_at = min(time.monotonic() + self.patience, self._ends_at)
        size = 0
        while True:
            line = self._line(ends_at)
            size += len(line)
            if size > LONGEST_ANSWER:
                raise self._bad("an answer without end")
            lines.append(line[4:].strip())
            if not line[:3].isdigit() or line[3:4] not in (b" ", b"-", b""):
                raise self._bad("no code")
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(lines)

    def send(self, s: Any) -> None:
        """As the library does, but within the time of this mail: a large one takes longer than one answer."""
        if self.sock is not None:
            self.sock.settimeout(self._left(self._ends_at))
        super().send(s)

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.has_begun = True
        self.patience = LAST_ANSWER_SECONDS
        return super().data(msg)

    def starttls(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        answer = super().starttls(*args, **kwargs)
        if self._rest:
            # Said in the open before the line was private: somebody on the way may have put it there (CVE-2011-0411).
            raise self._bad("words before TLS")
        return answer

    def _line(self, ends_at: float) -> bytes:
        while b"\n" not in self._rest:
            if len(self._rest) > LONGEST_ANSWER:
                raise self._bad("a line without end")
            self._rest += self._more(ends_at)
        line, _newline, self._rest = self._rest.partition(b"\n")
        return line.rstrip(b"\r")

    def _more(self, ends_at: float) -> bytes:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        self.sock.settimeout(self._left(ends_at))
        try:
            heard = self.sock.recv(4096)
        except OSError:
            self.close()
            raise
        if not heard:
            self.close()
            raise smtplib.SMTPServerDisconnected("closed by the server")
        return heard

    def _left(self, ends_at: float) -> float:
        left = ends_at - time.monotonic()
        if left <= 0:
            self.close()
            raise TimeoutError("the server took too long")
        return left

    def _bad(self, why: str) -> BadAnswer:
        self.close()
        return BadAnswer(why)


class Session(_Bounded):
    """A connection in the open, perhaps until STARTTLS."""

    def __init__(self, host: str, port: int) -> None:
        self.begin()
        super().__init__(host, port, local_hostname=own_name(), timeout=CONNECT_SECONDS)


class TlsSession(_Bounded, smtplib.SMTP_SSL):
    """A connection that is private from its first byte."""

    def __init__(self, host: str, port: int) -> None:
        self.begin()
        smtplib.SMTP_SSL.__init__(
            self,
            host,
            port,
            local_hostname=own_name(),
            timeout=CONNECT_SECONDS,
            context=ssl.create_default_context(),
        )


AnySession = Session | TlsSession


@lru_cache(maxsize=1)
def own_name() -> str:
    """What we call ourselves in EHLO; asking the system may ask the DNS, so it is asked once."""
    name = socket.getfqdn()
    return name if "." in name and name.isascii() else "[127.0.0.1]"
