"""E1, E2.1: what an administrator's mail servers may tell.

The desk is on its owner's own machine, and mail servers stand in the owner's own network: whoever manages mail may
name any host. But the answer of a program that is no mail server is told to nobody, and no password is sent to it.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.urls import reverse

from tugi.channels.email.checking import check_mailbox
from tugi.channels.email.models import Mailbox, Protocol, Security
from tugi.channels.email.testing import MailTest

PASSWORD = "CANARY-password"
BANNERS = {
    "ssh": b"SSH-2.0-CANARY_9.2p1 Debian\r\n",
    "ftp": b"220 CANARY FTP ready\r\n530 CANARY: please log in\r\n",
    "redis": b"-DENIED CANARY is in protected mode\r\n",
    "mysql": b"J\x00\x00\x00\x0a8.0.CANARY\x00\x08\x00\x00\x00",
    "http": b"HTTP/1.1 400 Bad Request\r\nServer: CANARY\r\n\r\nCANARY",
    "pop": b"+OK CANARY ready <1@x>\r\n-ERR CANARY\r\n",
    "memcached": b"ERROR CANARY\r\n",
    "json": b'{"secret": "CANARY"}\n',
    "bytes": bytes(range(256)) + b"CANARY\r\n",
    "long": b"CANARY" * 20_000 + b"\r\n",
    "nothing": b"",
}
ODD_HOSTS = [
    "a" * 64 + ".example", "a..example", ".", "-", "unix:/run/x", "file:///etc/passwd", "http://127.0.0.1", "[::1",
    "user@127.0.0.1", "127.0.0.1:22", "xn--\u00e9", "\u0130.example", "a b", "%00", "::ffff:127.0.0.1", "64:ff9b::1",
]  # fmt: skip


@contextmanager
def saying(banner: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A program that says this to whoever connects; its port, and all that it was told."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, banner, heard))
        thread.start()
        try:
            yield listener.getsockname()[1], heard
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listener: socket.socket, banner: bytes, heard: list[bytes]) -> None:
    while True:
        try:
            line, _ = listener.accept()
        except OSError:
            return
        with line:
            line.settimeout(0.3)
            try:
                line.sendall(banner)
                while said := line.recv(4096):
                    heard.append(said)
            except OSError:
                continue


class BannersTest(MailTest):
    def tried(self, port: int, security: Security) -> str:
        """What is said of a mailbox whose servers both are at this port."""
        servers = {f"{kind}_{what}": value for kind in ("imap", "smtp") for what, value in {
            "on": True, "host": "127.0.0.1", "port": port, "security": security,
            "username": "support", "password": PASSWORD,
        }.items()}  # fmt: skip
        mailbox = Mailbox(address="x@acme.example", department=self.cast.north, **servers)
        return "\n".join(result.text for result in check_mailbox(mailbox))

    def test_what_no_mail_server_says_is_not_repeated(self) -> None:
        for name, banner in BANNERS.items():
            for security in (Security.PLAIN, Security.STARTTLS) if name != "ssh" else Security:
                with saying(banner) as (port, heard):
                    told = self.tried(port, security)
                assert "CANARY" not in told, f"{name} {security}: {told}"
                assert told.count("does not work") == 2, told
                assert PASSWORD.encode() not in b"".join(heard), name

    def test_what_no_pop3_server_says_is_not_repeated_either(self) -> None:
        for name, banner in BANNERS.items():
            if name == "pop":
                continue
            with saying(banner) as (port, heard):
                mailbox = Mailbox(
                    address="x@acme.example", department=self.cast.north, fetch_protocol=Protocol.POP3, imap_on=True,
                    imap_host="127.0.0.1", imap_port=port, imap_security=Security.PLAIN,
                    imap_username="support", imap_password=PASSWORD,
                )  # fmt: skip
                told = check_mailbox(mailbox)[0].text
            assert "CANARY" not in told, f"{name}: {told}"
            assert "does not work" in told, told
            assert PASSWORD.encode() not in b"".join(heard), name

    def test_what_a_mail_server_says_is_repeated(self) -> None:
        """It says why it refuses, and only who reads it can mend that."""
        with saying(b"554 5.7.1 Your address is on a list of the unwelcome\r\n") as (port, _):
            assert "on a list of the unwelcome" in self.tried(port, Security.PLAIN)
        with saying(b"* BYE Too many connections from your address\r\n") as (port, _):
            assert "Too many connections" in self.tried(port, Security.PLAIN)

    def test_a_host_that_cannot_be_is_refused_in_words(self) -> None:
        self.sign_in(self.cast.ada)
        told = {
            "address": "x@acme.example",
            "department": self.cast.north.pk,
            "language": "en",
            "imap_folders": "INBOX",
        }
        servers = {"on": "on", "port": "1", "security": "tls", "password": PASSWORD}
        both = {f"{kind}_{what}": value for kind in ("imap", "smtp") for what, value in servers.items()}
        for host in ODD_HOSTS:
            with mock.patch("socket.getaddrinfo", no_such_name):
                hosts = {"imap_host": host, "smtp_host": host, "test": "1"}
                answer = self.client.post(reverse("email:mailbox-new"), {**told, **both, **hosts})
            assert answer.status_code in (200, 422), host
            assert PASSWORD not in answer.content.decode(), host


def no_such_name(host: str, *_: object, **__: object) -> None:
    """As the system answers without a network: what cannot be a name fails before it is asked for."""
    host.encode("idna")
    raise socket.gaierror(-2, "Name or service not known")
