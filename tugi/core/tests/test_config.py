from __future__ import annotations

import re
from pathlib import Path

import pytest

from tugi.core import config
from tugi.core.config import Config
from tugi.core.environment import Environment

GOOD_KEY = "k" * 10 + "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefgh"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path


def load(data: Path, **environ: str) -> Config:
    return config.load({"TUGI_DATA": str(data), **environ})


def ids(found: Config) -> list[str]:
    return [problem.id for problem in found.problems]


def test_nothing_told_gives_a_desk_on_loopback_with_sqlite(data: Path) -> None:
    found = load(data)

    assert (found.host, found.port, found.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert found.database["NAME"] == data / "tugi.sqlite3"
    assert found.smtp_listen == ("127.0.0.1", 2525)
    assert found.undo_seconds == 10
    assert not found.debug
    assert not found.problems
    assert not found.warnings


def test_the_file_is_read_and_the_environment_wins(data: Path) -> None:
    (data / "tugi.toml").write_text('TUGI_PORT = 9000\nTUGI_UNDO_SECONDS = 5\nTUGI_ALLOWED_HOSTS = ["a.example"]\n')

    found = load(data, TUGI_PORT="9001")

    assert (found.port, found.undo_seconds) == (9001, 5)
    assert "a.example" in found.allowed_hosts


def test_a_file_that_is_not_toml_is_refused(data: Path) -> None:
    (data / "tugi.toml").write_text("TUGI_PORT: 9000")

    assert ids(load(data)) == ["tugi.E002"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("TUGI_PORT", "http"),
        ("TUGI_PORT", "0"),
        ("TUGI_PORT", "65536"),
        ("TUGI_DEBUG", "maybe"),
        ("TUGI_THREADS", "-1"),
        ("TUGI_UNDO_SECONDS", "10s"),
        ("TUGI_LOG_LEVEL", "loud"),
        ("TUGI_SMTP_LISTEN", "25"),
        ("TUGI_SMTP_LISTEN", "127.0.0.1:x"),
        ("TUGI_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("TUGI_PUBLIC_URL", "desk.example.com"),
        ("TUGI_PUBLIC_URL", "https://desk.example.com/help"),
        ("TUGI_PUBLIC_URL", "javascript:alert(1)"),
        ("TUGI_PUBLIC_URL", "http://[::1"),
        ("TUGI_PUBLIC_URL", "http://desk.example.com:port"),
    ],
)
def test_nonsense_is_refused_with_the_key_and_a_hint(data: Path, key: str, value: str) -> None:
    [problem] = load(data, **{key: value}).problems

    assert problem.id == "tugi.E001"
    assert key in problem.message
    assert problem.hint


def test_mail_may_be_put_into_a_folder_instead_of_being_sent(data: Path) -> None:
    found = load(data, TUGI_SMTP_SEND="folder")

    assert (found.smtp_send, found.mail_folder) == (None, data / "outgoing")
    assert load(data, TUGI_SMTP_SEND="127.0.0.1:25").mail_folder is None
    assert load(data).mail_folder is None


def test_a_star_is_no_host(data: Path) -> None:
    found = load(data, TUGI_ALLOWED_HOSTS="*")

    assert ids(found) == ["tugi.E003"]
    assert "*" not in found.allowed_hosts


@pytest.mark.parametrize("key", ["short", "a" * 60, "changeme-" + GOOD_KEY])
def test_a_weak_secret_key_is_refused(data: Path, key: str) -> None:
    assert ids(load(data, TUGI_SECRET_KEY=key)) == ["tugi.E004"]


def test_a_secret_may_stand_in_a_file(data: Path) -> None:
    (data / "key").write_text(GOOD_KEY + "\n")

    found = load(data, TUGI_SECRET_KEY_FILE=str(data / "key"))

    assert found.keys.secret_key == (GOOD_KEY,)
    assert not found.problems


def test_of_a_secret_file_only_the_first_line_counts(data: Path) -> None:
    (data / "key").write_text(f"{GOOD_KEY}\n# made last year\n")

    assert load(data, TUGI_SECRET_KEY_FILE=str(data / "key")).keys.secret_key == (GOOD_KEY,)


def test_a_secret_file_that_is_no_text_is_refused(data: Path) -> None:
    (data / "key").write_bytes(b"\xff\xfe\x00")

    assert ids(load(data, TUGI_SECRET_KEY_FILE=str(data / "key"))) == ["tugi.E001"]


def test_a_secret_file_that_is_not_there_is_refused(data: Path) -> None:
    assert ids(load(data, TUGI_SECRET_KEY_FILE=str(data / "none"))) == ["tugi.E001"]


def test_old_secret_keys_stay_as_fallbacks(data: Path) -> None:
    older = GOOD_KEY[::-1]

    found = load(data, TUGI_SECRET_KEY=GOOD_KEY, TUGI_SECRET_KEY_FALLBACKS=older)

    assert found.keys.secret_key == (GOOD_KEY, older)


def test_debug_is_for_loopback_only(data: Path) -> None:
    assert ids(load(data, TUGI_DEBUG="on", TUGI_HOST="192.0.2.1")) == ["tugi.E006"]
    assert not load(data, TUGI_DEBUG="on").problems


def test_https_wants_a_trusted_proxy(data: Path) -> None:
    url = "https://desk.example.com"

    assert ids(load(data, TUGI_PUBLIC_URL=url)) == ["tugi.E007"]
    assert not load(data, TUGI_PUBLIC_URL=url, TUGI_TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8").problems


@pytest.mark.parametrize("everybody", ["0.0.0.0/0", "127.0.0.1 ::/0"])
def test_nobody_trusts_the_whole_internet(data: Path, everybody: str) -> None:
    assert ids(load(data, TUGI_TRUSTED_PROXIES=everybody)) == ["tugi.E008"]


def test_a_slip_of_the_pen_is_told_with_what_was_meant(data: Path) -> None:
    (data / "tugi.toml").write_text("TUGI_UNDO_SECOND = 5\n")

    warnings = load(data, TUGI_PROT="80").warnings

    assert {warning.hint for warning in warnings} == {"Did you mean TUGI_PORT?", "Did you mean TUGI_UNDO_SECONDS?"}


def test_a_bad_database_url_is_refused_without_showing_it(data: Path) -> None:
    found = load(data, DATABASE_URL="mysql://root:hunter2@db/x")

    assert ids(found) == ["tugi.E005"]
    assert "hunter2" not in repr(found)


def test_everything_wrong_is_said_at_once(data: Path) -> None:
    found = load(data, TUGI_PORT="x", TUGI_DEBUG="x", DATABASE_URL="x")

    assert ids(found) == ["tugi.E001", "tugi.E001", "tugi.E005"]


def test_every_setting_is_documented(data: Path) -> None:
    env = Environment({})
    config.read(env, data)
    documented = set(re.findall(r"`((?:TUGI_|DATABASE_)[A-Z_]+)`", (config.CHECKOUT / "docs/settings.md").read_text()))

    assert {key for key in env.known if not key.endswith("_FILE")} == documented


@pytest.mark.parametrize(
    ("told", "servers"),
    [
        ("", ()),
        ("system", ()),
        ("OFF", None),
        ("127.0.0.1", (("127.0.0.1", 53),)),
        ("127.0.0.1:5353, 2001:db8::1 [2001:db8::2]:5353",
         (("127.0.0.1", 5353), ("2001:db8::1", 53), ("2001:db8::2", 5353))),
    ],
)  # fmt: skip
def test_name_servers_are_the_systems_or_named_or_none(
    data: Path, told: str, servers: tuple[tuple[str, int], ...] | None
) -> None:
    found = load(data, TUGI_DNS=told)
    assert (found.dns, found.problems) == (servers, ())


@pytest.mark.parametrize("told", ["ns.example.com", "127.0.0.1:x", "off 127.0.0.1", "127.0.0.1:99999"])
def test_what_names_no_name_server_is_refused(data: Path, told: str) -> None:
    assert ids(load(data, TUGI_DNS=told)) == ["tugi.E001"]
