"""A line to a server that can go dead: what is sent into it is then swallowed, and nobody is told."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class FaultyLine:
    """Passes every connection to `port` on to `target` until `is_dead` is set; `cut` ends them all at once."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.is_dead = False
        self.connections = 0
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        for line in self._open:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._listener.accept()
                self.connections += 1
                far = socket.create_connection(self._target)
                self._open += [near, far]
                threading.Thread(target=self._pass, args=(near, far), daemon=True).start()

    def _pass(self, near: socket.socket, far: socket.socket) -> None:
        with near, far, suppress(OSError):
            while True:
                for line in select.select([near, far], [], [])[0]:
                    said = line.recv(65536)
                    if not said:
                        return
                    if not self.is_dead:
                        (far if line is near else near).sendall(said)


@contextmanager
def faulty_line(target: tuple[str, int]) -> Iterator[FaultyLine]:
    line = FaultyLine(target)
    try:
        yield line
    finally:
        line.close()
