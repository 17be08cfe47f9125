"""An SMTP server that misbehaves by the letter: for each command it can be told what to say instead, and how.

    with scripted_smtp() as server:
        server.script("DATA-END", Cut(after=b"250 OK\r\n"))

Each thing told is used up once, in order; then it behaves. `mails` are those whose end it has seen.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cut:
    """Say `after`, if anything, and hang up."""

    after: bytes = b""


@dataclass(frozen=True)
class Drip:
    """Say it letter by letter."""

    words: bytes
    seconds: float


@dataclass(frozen=True)
class Endless:
    """Say it again and again, until nobody listens."""

    words: bytes


Said = bytes | Cut | Drip | Endless
USUAL = {
    "EHLO": b"250-scripted\r\n250-SIZE 50000000\r\n250 HELP\r\n",
    "DATA": b"354 go on\r\n",
    "QUIT": b"221 bye\r\n",
    "GREETING": b"220 scripted ESMTP\r\n",
}


@dataclass
class ScriptedSmtp:
    """`commands` are all lines that came; `connections` how often somebody called."""

    port: int
    mails: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    _told: dict[str, list[Said]] = field(default_factory=lambda: defaultdict(list))
    _open: list[socket.socket] = field(default_factory=list)

    def script(self, command: str, *said: Said) -> None:
        """What to say to the next of these: GREETING, EHLO, MAIL, RCPT, DATA, DATA-END, RSET, STARTTLS, QUIT."""
        self._told[command] += said

    def hang_up(self) -> None:
        """Close every connection there is."""
        for line in self._open:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def serve(self, line: socket.socket) -> None:
        self.connections += 1
        self._open.append(line)
        with line, suppress(OSError, EOFError, ssl.SSLError):
            self._say(line, "GREETING")
            stream = line.makefile("rb")
            while words := stream.readline():
                command = words.decode("latin-1").strip()
                self.commands.append(command)
                verb = command.split(" ")[0].upper()
                self._say(line, verb)
                if verb == "QUIT":
                    return
                if verb == "DATA":
                    self.mails.append(_mail(stream.readline))
                    self._say(line, "DATA-END")

    def _say(self, line: socket.socket, command: str) -> None:
        said = self._told[command].pop(0) if self._told[command] else USUAL.get(command, b"250 OK\r\n")
        match said:
            case Cut(after):
                line.sendall(after)
                line.shutdown(socket.SHUT_RDWR)
                raise EOFError
            case Drip(words, seconds):
                for letter in words:
                    line.sendall(bytes([letter]))
                    time.sleep(seconds)
            case Endless(words):
                while True:
                    line.sendall(words * 100)
            case bytes():
                line.sendall(said)


def _mail(readline: object) -> bytes:
    assert callable(readline)
    lines: list[bytes] = []
    while (line := readline()) != b".\r\n":
        if not line:
            raise EOFError
        lines.append(line[1:] if line.startswith(b".") else line)
    return b"".join(lines)


@contextmanager
def scripted_smtp() -> Iterator[ScriptedSmtp]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = ScriptedSmtp(listener.getsockname()[1])
    thread = threading.Thread(target=_accept, args=(listener, server), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        # A blocked accept is not woken by close alone.
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        server.hang_up()
        thread.join(5)


def _accept(listener: socket.socket, server: ScriptedSmtp) -> None:
    with suppress(OSError):
        while True:
            line, _peer = listener.accept()
            threading.Thread(target=server.serve, args=(line,), daemon=True).start()
