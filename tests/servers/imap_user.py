"""A person's account at the test's Dovecot, used as their mail program would."""

from __future__ import annotations

import imaplib
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.servers.dovecot import Dovecot


@dataclass(frozen=True)
class ImapUser:
    server: Dovecot
    name: str
    password: str = "right horse"

    @contextmanager
    def session(self, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4(self.server.host, self.server.port) as client:
            client.login(self.name, self.password)
            client.select(folder)
            yield client

    def make(self, *folders: str) -> None:
        with self.session() as client:
            for folder in folders:
                assert client.create(folder)[0] == "OK"

    def put(self, *raws: bytes, folder: str = "INBOX", flags: str = "") -> None:
        with self.session() as client:
            for raw in raws:
                assert client.append(folder, flags, "", raw)[0] == "OK"

    def mark(self, uids: Iterable[int], flag: str, folder: str = "INBOX") -> None:
        with self.session(folder) as client:
            client.uid("STORE", ",".join(map(str, uids)), "+FLAGS", flag)

    def find(self, folder: str = "INBOX", criteria: str = "ALL") -> list[int]:
        """UIDs."""
        with self.session(folder) as client:
            return [int(uid) for uid in client.uid("SEARCH", criteria)[1][0].split()]

    def number_anew(self) -> None:
        """As after a restored backup: the inbox has another UIDVALIDITY, which is a time in seconds."""
        time.sleep(1.1)
        for file in self.server.maildir(self.name).glob("dovecot*"):
            file.unlink()
