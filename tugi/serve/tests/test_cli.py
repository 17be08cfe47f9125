from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from tests.servers.processes import free_port
from tugi import __version__, cli
from tugi.serve import ground


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["version"]) == 0
    assert capsys.readouterr().out == f"Tugi {__version__}\n"


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])

    text = capsys.readouterr().out
    for words in ("serve", "web", "worker", "migrate", "doctor", "log tail", "mail receive", "set-up-link", "manage"):
        assert words in text


def test_a_command_of_two_words_is_named_as_it_is_typed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["log", "tail", "--help"])

    assert capsys.readouterr().out.startswith("usage: bin/tugi log tail ")


def test_half_a_command_names_the_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["log"]) == 2
    assert "bin/tugi log tail" in capsys.readouterr().err


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["dance"])

    assert ended.value.code == 2


@pytest.mark.parametrize(("words", "code"), [(["mail", "receive", "--mailbox", "a@b.example"], 75), (["consumers"], 2)])
def test_a_mail_server_is_asked_to_come_again_when_the_desk_cannot_start(
    words: list[str], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TUGI_PORT", "http")

    assert cli.main(words) == code
    assert "TUGI_PORT" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (SystemExit(0), 0),
        (SystemExit(65), 65),
        (SystemExit(67), 67),
        (SystemExit(75), 75),
        (SystemExit(2), 75),
        (SystemExit("wrong"), 75),
        (ImportError("No module named tugi"), 75),
        (MemoryError(), 75),
        (KeyboardInterrupt(), 75),
    ],
)
def test_a_mail_server_is_told_nothing_that_would_make_it_bounce_a_mail_for_our_mistake(
    end: BaseException, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(words: list[str]) -> int:
        raise end

    monkeypatch.setattr(cli, "_run", run)

    assert cli.main(["mail", "receive", "--mailbox", "a@b.example"]) == code


@pytest.mark.parametrize(
    ("environment", "python", "code"),
    [
        ("need() { :; }", "exit 0", 0),
        ("need() { :; }", "exit 67", 67),
        ("need() { :; }", "exit 1", 75),
        ("need() { :; }", "kill -9 $$", 75),
        ("set -e; need() { false; }", "exit 0", 75),
        ("need() { exit 2; }", "exit 0", 75),
    ],
)
def test_the_script_before_it_keeps_to_that(tmp_path: Path, environment: str, python: str, code: int) -> None:
    """An environment that cannot be made, a process that is killed: no mail is bounced for it."""
    (tmp_path / "tugi").write_text((Path(__file__).parents[3] / "bin/tugi").read_text())
    (tmp_path / "_env").write_text(f"{environment}\n")
    (tmp_path / "python").write_text(f"#!/bin/sh\n{python}\n")
    for name in ("tugi", "python"):
        (tmp_path / name).chmod(0o755)
    places = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        [tmp_path / "tugi", "mail", "receive"], env={"PATH": places}, check=False, capture_output=True
    )

    assert done.returncode == code, done.stderr


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory in which nothing was ever started."""
    monkeypatch.setenv("TUGI_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["consumers"], 2),
        (["log", "tail"], 2),
        (["replay", "people.anything"], 2),
        (["demo"], 2),
        (["set-up-link"], 2),
        (["forget-secrets"], 2),
        (["web"], 2),
        (["worker"], 2),
        (["mail", "receive", "--mailbox", "a@b.example"], 75),
    ],
)
def test_where_no_desk_was_ever_started_a_command_says_so_and_makes_nothing(
    nowhere: Path, words: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words) == code

    assert capsys.readouterr().err.startswith(f"There is no desk in {nowhere} yet.")
    assert not nowhere.exists()


def test_an_empty_database_is_no_desk(nowhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere.mkdir()
    (nowhere / "tugi.sqlite3").touch()

    assert cli.main(["consumers"]) == 2
    assert "There is no desk" in capsys.readouterr().err


@pytest.mark.parametrize("setting", ["TUGI_PORT", "TUGI_SMTP_LISTEN"])
def test_a_start_refused_for_its_port_makes_nothing(
    nowhere: Path, setting: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TUGI_PORT", str(free_port()))
    monkeypatch.setenv("TUGI_SMTP_LISTEN", "off")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv(setting, str(port) if setting == "TUGI_PORT" else f"127.0.0.1:{port}")

        assert cli.main(["serve"]) == 2

    assert "tugi.E023" in capsys.readouterr().err
    assert not nowhere.exists()


def test_a_desk_that_runs_already_is_named_rather_than_its_port(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere.mkdir()
    with ground.lock(nowhere), socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("TUGI_PORT", str(taken.getsockname()[1]))

        assert cli.main(["serve"]) == 2

    assert "Tugi already runs" in capsys.readouterr().err


def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TUGI_PORT", "8000")

    assert cli.main(["serve", "--port", "0"]) == 2
    assert "TUGI_PORT" in capsys.readouterr().err
