"""The door to the outside: which addresses, and for how long and how much (SECURITY E1)."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from pytest_django import Settings

from tugi.core import outbound
from tugi.core.reasons import tell

pytestmark = pytest.mark.once
INSIDE = [
    "127.0.0.1", "0.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "198.18.0.1",
    "224.0.0.1", "255.255.255.255", "240.0.0.1", "::1", "::", "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1", "fe80::1", "fc00::1", "ff02::1", "2002:0a00:0001::1", "2001:db8::1",
]  # fmt: skip
OUTSIDE = ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
NO_URLS = [
    "", "ftp://x.example/", "file:///etc/passwd", "gopher://x/", "unix:/run/x", "//x.example", "https://",
    "https://user@x.example/", "https://user:word@x.example/", "https://x.example:99999/", "https://[::1", "https://x\n",
]  # fmt: skip
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


@contextmanager
def server(*pieces: bytes, pause: float = 0) -> Iterator[tuple[int, list[bytes]]]:
    """Says this, piece by piece, to whoever asks; its port, and what it was asked."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, pieces, pause, heard))
        thread.start()
        try:
            yield listener.getsockname()[1], heard
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listener: socket.socket, pieces: tuple[bytes, ...], pause: float, heard: list[bytes]) -> None:
    try:
        line, _address = listener.accept()
    except OSError:
        return
    with line:
        line.settimeout(0.1)
        try:
            while said := line.recv(65536):
                heard.append(said)
        except TimeoutError:
            pass
        try:
            for piece in pieces:
                line.sendall(piece)
                time.sleep(pause)
        except OSError:
            return


def refusal(url: str) -> str:
    with pytest.raises(outbound.OutboundError) as caught:
        outbound.post_form(url, {"a": "b"})
    return tell(caught.value.reason)


@pytest.mark.parametrize("address", INSIDE)
def test_an_inner_address_is_not_asked(address: str) -> None:
    assert not outbound.may_be_asked(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_public_address_is_asked(address: str) -> None:
    assert outbound.may_be_asked(ipaddress.ip_address(address))


def test_what_the_one_who_runs_the_machine_allows_is_asked(settings: Settings) -> None:
    settings.OUTBOUND_ALLOW = (ipaddress.ip_network("10.0.0.0/8"),)
    assert outbound.may_be_asked(ipaddress.ip_address("10.1.2.3"))
    assert outbound.may_be_asked(ipaddress.ip_address("::ffff:10.1.2.3"))
    assert not outbound.may_be_asked(ipaddress.ip_address("127.0.0.1"))


@pytest.mark.parametrize("url", NO_URLS)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with patch("socket.getaddrinfo") as look_up:
        assert refusal(url)
    assert not look_up.called


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "127.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_however_it_is_spelt_nothing_inside_is_connected_to(host: str) -> None:
    with patch("socket.create_connection") as connect:
        assert "TUGI_OUTBOUND_ALLOW" in refusal(f"https://{host}:9/token")
    assert not connect.called


def test_a_name_with_one_inner_address_among_others_is_not_connected_to() -> None:
    found = [(2, 1, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]
    with patch("socket.getaddrinfo", return_value=found), patch("socket.create_connection") as connect:
        refusal("https://both.example/")
    assert not connect.called


def test_the_line_goes_to_the_address_that_was_checked() -> None:
    answers = [[(2, 1, 6, "", ("8.8.8.8", 443))], [(2, 1, 6, "", ("10.0.0.1", 443))]]
    refused = patch("socket.create_connection", side_effect=ConnectionRefusedError)
    with patch("socket.getaddrinfo", side_effect=answers) as look_up, refused as connect:
        refusal("https://rebinds.example/")
    assert look_up.call_count == 1
    assert connect.call_args.args[0] == ("8.8.8.8", 443)


def test_without_encryption_only_this_machine_is_asked() -> None:
    found = [(2, 1, 6, "", ("8.8.8.8", 80))]
    with patch("socket.getaddrinfo", return_value=found), patch("socket.create_connection") as connect:
        refusal("http://plain.example/")
    assert not connect.called


def test_a_form_is_asked_and_answered(settings: Settings) -> None:
    settings.OUTBOUND_ALLOW = LOOPBACK
    with server(b"HTTP/1.1 400 Bad\r\nContent-Length: 2\r\n\r\n{}") as (port, heard):
        answer = outbound.post_form(f"http://127.0.0.1:{port}/token?x=1", {"a": "b c"})
    assert (answer.status, answer.body) == (400, b"{}")
    asked = b"".join(heard)
    assert asked.startswith(b"POST /token?x=1 HTTP/1.1\r\n")
    assert asked.count(b"Host: ") == 1
    assert asked.endswith(b"\r\n\r\na=b+c")


def test_a_redirect_is_not_followed(settings: Settings) -> None:
    settings.OUTBOUND_ALLOW = LOOPBACK
    with server(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n") as (port, _heard):
        assert outbound.post_form(f"http://127.0.0.1:{port}/", {}).status == 302


def test_an_endless_answer_ends(settings: Settings) -> None:
    settings.OUTBOUND_ALLOW = LOOPBACK
    with server(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 600_000) as (port, _heard):
        assert "far too much" in refusal(f"http://127.0.0.1:{port}/")


def test_an_answer_that_drips_ends_at_the_deadline(settings: Settings) -> None:
    settings.OUTBOUND_ALLOW = LOOPBACK
    began = time.monotonic()
    with patch.object(outbound, "DEADLINE_SECONDS", 0.4), server(*[b"H"] * 40, pause=0.05) as (port, _heard):
        assert "did not answer" in refusal(f"http://127.0.0.1:{port}/")
        assert time.monotonic() - began < 1.5


def test_a_certificate_that_nobody_vouches_for_is_said_plainly(settings: Settings) -> None:
    settings.OUTBOUND_ALLOW = LOOPBACK
    with server(b"220 CANARY\r\n") as (port, _heard):
        told = refusal(f"https://127.0.0.1:{port}/")
    assert "CANARY" not in told
    assert "127.0.0.1" in told
