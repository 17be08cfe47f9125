from __future__ import annotations

import pytest

from tugi import __version__, cli


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["version"]) == 0
    assert capsys.readouterr().out == f"Tugi {__version__}\n"


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])

    text = capsys.readouterr().out
    for words in ("serve", "web", "worker", "migrate", "doctor", "log tail", "mail receive", "set-up-link", "manage"):
        assert words in text


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


def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TUGI_PORT", "8000")

    assert cli.main(["serve", "--port", "0"]) == 2
    assert "TUGI_PORT" in capsys.readouterr().err
