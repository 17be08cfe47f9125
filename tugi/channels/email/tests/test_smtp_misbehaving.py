"""Servers that drip, lie, talk without end, or hang up at the worst moment (R14)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from tests.servers.scripted_smtp import Cut, Drip, Endless, ScriptedSmtp, scripted_smtp
from tugi.channels.email import smtp, smtp_session, smtp_trouble
from tugi.channels.email.accounts import Account
from tugi.channels.email.models import Security
from tugi.channels.email.smtp_pool import pool
from tugi.core.reasons import tell
from tugi.core.secret_field import Secret
from tugi.events.senders import DeliveryError

RAW = b"Subject: hello\r\n\r\n.Hello\r\n"
TO = ["dora@dora.example", "eve@cc.example"]


@pytest.fixture
def server() -> Iterator[ScriptedSmtp]:
    with scripted_smtp() as made:
        yield made
    pool.close_idle(0)


def send(to: ScriptedSmtp, recipients: list[str] | None = None) -> dict[str, smtp.Refusal]:
    account = Account("127.0.0.1", to.port, Security.PLAIN)
    return smtp.send(account, RAW, envelope_from="support@acme.example", recipients=recipients or TO[:1])


def refusal(to: ScriptedSmtp, recipients: list[str] | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as refused:
        send(to, recipients)
    return refused.value


def test_one_connection_carries_many_mails(server: ScriptedSmtp) -> None:
    for _turn in range(3):
        assert send(server) == {}
    assert (server.connections, server.mails) == (1, [RAW] * 3)
    assert server.commands.count("rset") == 2


def test_a_refused_mail_leaves_nothing_behind_for_the_next(server: ScriptedSmtp) -> None:
    server.script("RCPT", b"550 5.1.1 nobody here\r\n")
    assert refusal(server).permanent
    assert send(server) == {}
    assert server.connections == 1
    assert server.commands[-4:-2] == [
        "rset",
        f"mail FROM:<support@acme.example> size={len(RAW)}".replace("size", "SIZE"),
    ]


def test_a_kept_connection_that_died_is_replaced_and_the_mail_goes(server: ScriptedSmtp) -> None:
    send(server)
    server.hang_up()
    assert send(server) == {}
    assert (server.connections, len(server.mails)) == (2, 2)


@pytest.mark.parametrize("said", [Cut(), b"421 4.4.2 idle for too long\r\n", Cut(after=b"2")])
def test_a_kept_connection_that_dies_at_the_first_word_is_no_failure(server: ScriptedSmtp, said: Cut | bytes) -> None:
    send(server)
    server.script("MAIL", said)
    assert send(server) == {}
    assert (server.connections, len(server.mails)) == (2, 2)


def test_a_new_connection_that_is_closed_is_a_failure_for_now(server: ScriptedSmtp) -> None:
    server.script("MAIL", b"421 4.7.0 too many connections\r\n")
    error = refusal(server)
    assert (error.permanent, "421 4.7.0 too many connections" in tell(error.reason)) == (False, True)


def test_a_connection_cut_before_the_yes_is_tried_once_and_later_not_at_once(server: ScriptedSmtp) -> None:
    send(server)
    server.script("DATA-END", Cut())
    assert not refusal(server).permanent
    assert len(server.mails) == 2


def test_a_yes_counts_even_if_the_server_hangs_up_after_it(server: ScriptedSmtp) -> None:
    server.script("DATA-END", Cut(after=b"250 OK\r\n"))
    assert send(server) == {}
    assert send(server) == {}
    assert len(server.mails) == 2


def test_a_no_after_the_mail_is_a_no_whatever_was_said_of_the_recipients(server: ScriptedSmtp) -> None:
    server.script("DATA-END", b"554 5.7.1 spam\r\n")
    error = refusal(server)
    assert (error.permanent, "554 5.7.1 spam" in tell(error.reason)) == (True, True)


def test_a_recipient_put_off_is_told_from_one_refused(server: ScriptedSmtp) -> None:
    server.script("RCPT", b"250 OK\r\n", b"450 4.7.1 greylisted\r\n")
    assert send(server, TO) == {TO[1]: smtp.Refusal("450 4.7.1 greylisted", is_for_now=True)}
    server.script("RCPT", b"250 OK\r\n", b"550 5.1.1 gone\r\n")
    assert send(server, TO) == {TO[1]: smtp.Refusal("550 5.1.1 gone", is_for_now=False)}


def test_one_put_off_and_one_refused_is_worth_another_try(server: ScriptedSmtp) -> None:
    server.script("RCPT", b"550 5.1.1 gone\r\n", b"450 4.7.1 greylisted\r\n")
    assert not refusal(server, TO).permanent


@pytest.mark.parametrize("command", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA", "DATA-END"])
def test_a_server_that_drips_is_left_within_the_time_of_one_mail(server: ScriptedSmtp, command: str) -> None:
    server.script(command, Drip(b"250-" + b"x" * 200, seconds=0.05))
    with patch.object(smtp_session, "DEADLINE_SECONDS", 0.4):
        error = refusal(server)
    assert (error.permanent, "did not answer" in tell(error.reason)) == (False, True)


@pytest.mark.parametrize("words", [b"250-more\r\n", b"x", b"\r\n", b"250-" + b"x" * 5000 + b"\r\n"])
def test_an_answer_without_end_is_not_listened_to(server: ScriptedSmtp, words: bytes) -> None:
    server.script("RCPT", Endless(words))
    error = refusal(server)
    assert (error.permanent, "does not speak SMTP" in tell(error.reason)) == (False, True)


@pytest.mark.parametrize("words", [b"OK\r\n", b"25\r\n", b"250?what\r\n", b"\xff\xfe\r\n", b"2500 OK\r\n"])
def test_an_answer_that_is_none_is_no_yes(server: ScriptedSmtp, words: bytes) -> None:
    server.script("DATA-END", words)
    assert not refusal(server).permanent


def test_a_yes_of_several_lines_is_one_yes(server: ScriptedSmtp) -> None:
    server.script("DATA-END", b"250-taken\r\n250-as\r\n250 4711\r\n")
    assert send(server) == {}


def test_a_refusal_before_the_mail_was_named_is_not_the_mails(server: ScriptedSmtp) -> None:
    server.script("GREETING", b"554 5.7.1 your address is on a list\r\n")
    error = refusal(server)
    assert (error.permanent, "on a list" in tell(error.reason)) == (False, True)


def test_words_put_before_tls_are_not_believed(server: ScriptedSmtp) -> None:
    server.script("EHLO", b"250-scripted\r\n250 STARTTLS\r\n")
    server.script("STARTTLS", b"220 go on\r\n250 injected\r\n")
    with pytest.raises(DeliveryError) as refused:
        smtp.send(Account("127.0.0.1", server.port, Security.STARTTLS), RAW, envelope_from="a@b.example", recipients=TO)
    assert not refused.value.permanent


@pytest.mark.parametrize(
    ("command", "words"), [("MAIL", b"553 5.7.1 not your address\r\n"), ("DATA-END", b"550 5.7.60 SendAsDenied\r\n")]
)
def test_who_may_send_under_the_bare_address_only_does(server: ScriptedSmtp, command: str, words: bytes) -> None:
    server.script(command, words)
    account = Account("127.0.0.1", server.port, Security.PLAIN)
    signed, plain = "support+b7-x@acme.example", "support@acme.example"
    assert smtp.send(account, RAW, envelope_from=signed, recipients=TO[:1], plain_from=plain) == {}
    assert [each.split()[1] for each in server.commands if each.startswith("mail")] == [
        f"FROM:<{signed}>",
        f"FROM:<{plain}>",
    ]


def test_a_silent_server_is_not_waited_for_by_every_mail(server: ScriptedSmtp) -> None:
    server.script("GREETING", Drip(b"220-" + b"x" * 200, seconds=0.05))
    with patch.object(smtp_session, "DEADLINE_SECONDS", 0.3):
        first = refusal(server)
    second = refusal(server)
    assert (first.reason, server.connections) == (second.reason, 1)
    later = time.monotonic() + smtp_trouble.SILENT_SECONDS
    with patch.object(smtp_trouble, "now", lambda: later):
        assert send(server) == {}


def test_a_refused_password_is_not_offered_with_every_mail(server: ScriptedSmtp) -> None:
    server.script("EHLO", b"250-scripted\r\n250 AUTH PLAIN\r\n")
    server.script("AUTH", b"535 5.7.8 no\r\n")
    wrong = Account("127.0.0.1", server.port, Security.PLAIN, "ben", Secret("test", "wrong"))
    for _turn in range(3):
        with pytest.raises(DeliveryError) as refused:
            smtp.send(wrong, RAW, envelope_from="a@b.example", recipients=TO[:1])
    assert "refused the user name" in tell(refused.value.reason)
    assert len([each for each in server.commands if each.startswith("AUTH")]) == 1
    # Another password is another account.
    server.script("EHLO", b"250-scripted\r\n250 AUTH PLAIN\r\n")
    server.script("AUTH", b"235 yes\r\n")
    right = Account("127.0.0.1", server.port, Security.PLAIN, "ben", Secret("test", "right"))
    assert smtp.send(right, RAW, envelope_from="a@b.example", recipients=TO[:1]) == {}


def test_what_is_idle_is_closed_with_a_word(server: ScriptedSmtp) -> None:
    send(server)
    pool.close_idle(0)
    assert (len(pool), server.commands[-1]) == (0, "quit")


def test_a_connection_is_changed_before_a_providers_limit(server: ScriptedSmtp) -> None:
    with patch("tugi.channels.email.smtp_pool.MOST_MAILS", 2):
        for _turn in range(3):
            send(server)
    assert server.connections == 2
