"""`bin/tugi mail inspect`: one object for one mail, whatever the mail; the same from a run over many."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tugi.channels.email import inspection
from tugi.channels.email.inspection_desk import proof_of
from tugi.channels.email.parsing import parse_mail
from tugi.channels.email.parsing.isolated import MailUnreadable
from tugi.channels.email.testing import SUPPORT, VOUCHED, MailTest
from tugi.channels.email.tests.parsing.mails import mail, multipart, text

CHECKOUT = Path(__file__).parents[4]
KEYS = [
    "subject", "from_email", "from_name", "to", "cc", "date", "message_id", "references", "text", "html",
    "reply_text", "attachments", "auto_reply", "bounce", "forwarded", "language", "proof",
]  # fmt: skip


def as_data(raw: bytes) -> dict[str, Any]:
    return inspection.as_data(parse_mail(raw))


def answers(*lines: str) -> list[dict[str, Any]]:
    written = io.BytesIO()
    inspection.answer_lines(io.BytesIO("\n".join(lines).encode()), written)
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_mail_is_told_in_the_names_that_are_promised() -> None:
    raw = mail(
        "It is blue.\n\nOn 2 Nov 2026, Desk <desk@desk.example> wrote:\n> Which colour?\n", cc="Bob <bob@x.example>"
    )
    found = as_data(raw)
    assert list(found) == KEYS
    assert found["from_email"] == "ann@example.com"
    assert found["from_name"] == "Ann"
    assert found["to"] == ["desk@desk.example"]
    assert found["cc"] == ["bob@x.example"]
    assert found["date"] == "2020-11-21T10:00:00+02:00"
    assert found["message_id"] == "1@example.com"
    assert found["reply_text"] == "It is blue."
    assert found["language"] == "en"


def test_references_hold_every_id_once_and_the_oldest_first() -> None:
    found = as_data(mail(references="<a@x> <b@x>", in_reply_to="<b@x> <c@x>"))
    assert found["references"] == ["a@x", "b@x", "c@x"]


def test_a_bounce_names_the_returned_mail() -> None:
    returned = "Content-Type: message/rfc822\n\nMessage-ID: <ours@desk.example>\nSubject: Hello\n\nHello"
    report = "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; x@y.example\nAction: failed"
    raw = multipart(
        text("Not delivered"), report, returned, kind="report", params="; report-type=delivery-status", Return_Path="<>"
    )
    found = as_data(raw)
    assert (found["bounce"], found["auto_reply"], found["references"]) == (True, True, ["ours@desk.example"])


def test_files_come_with_name_size_id_and_type() -> None:
    picture = 'Content-Type: image/png; name="a.png"\nContent-ID: <p@x>\n\n\x89PNG'
    found = as_data(multipart(text("see"), picture, "Content-Type: application/pdf\n\n%PDF-1.4"))
    assert [sorted(each) for each in found["attachments"]] == [["cid", "content_type", "name", "size"]] * 2
    assert found["attachments"][0]["cid"] == "p@x"
    assert found["attachments"][1] == {"name": "file.pdf", "size": 8, "cid": None, "content_type": "application/pdf"}


def test_what_is_not_there_is_null_or_empty() -> None:
    found = as_data(b"\n\n")
    assert {name for name in KEYS if found[name] is None} == {"from_email", "date", "message_id", "forwarded"}


def test_each_line_is_answered_in_order_whatever_it_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "_is_desk_here", lambda: False)
    (tmp_path / "a.eml").write_bytes(mail("first"))
    (tmp_path / "b.eml").write_bytes(b"\xff\x00\r\r\n--")
    asked = [json.dumps({"path": str(tmp_path / name)}) for name in ("a.eml", "missing.eml", "b.eml")]
    found = answers(asked[0], "", asked[1], "no json", "[]", '{"path": 7}', '{"path": "a\\u0000b"}', asked[2])
    assert [list(each)[: len(KEYS)] for each in found] == [KEYS] * 7
    assert ["error" in each for each in found] == [False, True, True, True, True, True, False]
    assert found[0]["text"] == "first"
    assert found[1]["error"] == "The file could not be read: No such file or directory."


def test_a_mail_that_ends_its_reader_is_answered_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(raw: bytes) -> None:
        raise MailUnreadable("time")

    monkeypatch.setattr(inspection, "parse_isolated", end)
    (tmp_path / "a.eml").write_bytes(mail())
    assert inspection.inspected(str(tmp_path / "a.eml"))["error"] == "The mail could not be read: it took too long."


@pytest.mark.once
def test_it_runs_without_a_desk_and_makes_none(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(mail("Kus on minu pakk?"))
    environment = {**os.environ, "TUGI_DATA": str(tmp_path / "data"), "PYTHONPATH": str(CHECKOUT)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "tugi", "mail", "inspect", str(tmp_path / "a.eml")]
    ran = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, check=True, timeout=60)
    assert json.loads(ran.stdout)["reply_text"] == "Kus on minu pakk?"
    assert not (tmp_path / "data").exists()


class ProofTest(MailTest):
    def test_the_proof_is_what_the_mailbox_would_say(self) -> None:
        vouched = VOUCHED.format(domain="example.com")
        assert proof_of(parse_mail(mail(to=SUPPORT, authentication_results=vouched))) == "sender"
        assert proof_of(parse_mail(mail(to=SUPPORT))) == "none"
        assert proof_of(parse_mail(mail(to="other@elsewhere.example", authentication_results=vouched))) == "none"


def test_a_path_is_meant_from_where_the_command_was_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "_is_desk_here", lambda: False)
    (tmp_path / "one.eml").write_bytes(mail(subject="From elsewhere"))
    monkeypatch.setenv("CALLED_FROM", str(tmp_path))

    assert inspection.inspected("one.eml")["subject"] == "From elsewhere"


def test_nothing_is_no_mail(tmp_path: Path) -> None:
    (tmp_path / "empty.eml").write_bytes(b"\r\n")

    assert inspection.inspected(str(tmp_path / "empty.eml"))["error"] == "There is no mail in it."
