"""Threat B7.4: reading happens in a process with hard limits, and the next mail does not notice what ended the last."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from tugi.channels.email.parsing import child, isolated, parse_mail
from tugi.channels.email.parsing.isolated import MailUnreadable, parse_isolated
from tugi.channels.email.tests.parsing.mails import mail, multipart, text


@pytest.fixture(autouse=True)
def no_process_stays() -> Iterator[None]:
    yield
    isolated._pool.close()


def processes() -> list[int]:
    return [each.process.pid for each in isolated._pool.idle]


def test_a_mail_is_read_as_in_this_process() -> None:
    raw = multipart(
        text("Grüße"),
        "Content-Type: a/b; name=x\n\n\x00\xff",
        "Content-Type: a/b; name=y\n\n",
        From="=?utf-8?q?=C3=84?= <a@b.c>",
    )
    assert parse_isolated(raw) == parse_mail(raw)


def test_one_process_reads_many_mails() -> None:
    parse_isolated(mail())
    first = processes()
    for _ in range(20):
        parse_isolated(mail())
    assert processes() == first


def test_a_worn_process_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "MAILS_PER_PROCESS", 2)
    parse_isolated(mail())
    first = processes()
    parse_isolated(mail())
    parse_isolated(mail())
    assert processes() != first


def test_a_dead_process_is_replaced() -> None:
    parse_isolated(mail())
    isolated._pool.idle[0].process.kill()
    isolated._pool.idle[0].process.wait()
    assert parse_isolated(mail()).subject == "Hello"


def test_too_much_memory_makes_the_mail_unreadable_and_the_next_is_read() -> None:
    with pytest.raises(MailUnreadable) as caught:
        parse_isolated(mail(b"x" * 90_000_000), memory_mb=128)
    assert caught.value.reason in ("memory", "crash")
    assert parse_isolated(mail(), memory_mb=128).subject == "Hello"


def test_too_much_time_makes_the_mail_unreadable_and_the_next_is_read() -> None:
    started = time.monotonic()
    with pytest.raises(MailUnreadable) as caught:
        parse_isolated(mail(b"<" * 40_000_000), seconds=0)
    assert caught.value.reason == "time"
    assert time.monotonic() - started < 5
    assert parse_isolated(mail()).subject == "Hello"


def test_threads_have_processes_of_their_own() -> None:
    found: list[str] = []

    def work(number: int) -> None:
        found.extend(parse_isolated(mail(Subject=f"s{number}")).subject for _ in range(5))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(f"s{number}" for number in range(4) for _ in range(5))


def test_the_process_never_knows_django() -> None:
    code = f"import sys; import {child.__name__}; sys.exit('django' in sys.modules)"
    import subprocess
    import sys
    from pathlib import Path

    import tugi

    root = Path(tugi.__file__).parent.parent
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
