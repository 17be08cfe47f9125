"""The newcomer's first minutes: the demo starts, takes a mail, and its answer can be seen."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator

import pytest

from tests.servers.processes import folder, is_open, wait_until
from tests.servers.tugi_server import TugiServer, prepare, started

pytestmark = pytest.mark.once

IN_USE = """
from tugi.setup.actions import FirstDesk, set_up_desk
set_up_desk(FirstDesk("Acme", "en", "UTC", "Ada", "ada@acme.example", "slow purple tractor 17", "help@acme.example"))
"""


@pytest.fixture
def desk() -> Iterator[TugiServer]:
    """Its database is made; nobody has set it up."""
    with folder("tugi-demo") as home:
        made = prepare(home)
        assert made.command("migrate").returncode == 0
        yield made


def test_a_mail_to_the_demo_is_answered_into_the_folder(desk: TugiServer) -> None:
    filled = desk.command("demo", "--tickets=8")
    assert filled.returncode == 0, filled.stderr

    with started(desk, ("--demo",)):
        wait_until(lambda: "Sign in:" in desk.log() and is_open(desk.smtp_port), "the demo's listener")
        with smtplib.SMTP("127.0.0.1", desk.smtp_port) as client:
            letter = "From: you@example.com\nTo: support@northlight.example\nSubject: Hello\n\nIs anybody there?"
            client.sendmail("you@example.com", "support@northlight.example", letter)
        outgoing = desk.data_dir / "outgoing"
        wait_until(lambda: any(outgoing.glob("*-acknowledgement-you@example.com.txt")), "the acknowledgement")

        [words] = outgoing.glob("*.txt")
        assert re.search(rf"{desk.url}/t/[\w-]+", words.read_text())
        assert f"cat {outgoing}/*.txt" in desk.log()
        said = desk.command("doctor").stdout.decode()
        assert f"Mail that leaves support@northlight.example is put into {outgoing}." in said
        assert "has no server to send through" not in said


def test_a_desk_in_use_is_never_filled(desk: TugiServer) -> None:
    assert desk.command("manage", "shell", "-c", IN_USE).returncode == 0

    refused = desk.command("serve", "--demo")

    assert refused.returncode == 2
    assert "This desk is in use" in refused.stderr.decode()
    assert "Traceback" not in refused.stderr.decode()
