from __future__ import annotations

import imaplib
import smtplib
import time
from email.message import EmailMessage

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.postfix import can_run, postfix
from tests.servers.smtp_sink import SmtpSink

pytestmark = pytest.mark.once


def mail(to: str, subject: str = "Hello") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "dora@customer.example", to, subject
    message.set_content("Good day.")
    return message


def count_mails(server: Dovecot, user: str) -> int:
    with imaplib.IMAP4(server.host, server.port) as client:
        client.login(user, "secret")
        client.select("INBOX")
        return len(client.search(None, "ALL")[1][0].split())


def test_dovecot_lets_a_user_in_and_keeps_mail(dovecot: Dovecot) -> None:
    dovecot.add_user("appended")
    with imaplib.IMAP4(dovecot.host, dovecot.port) as client:
        client.login("appended", "secret")
        client.append("INBOX", "", imaplib.Time2Internaldate(time.time()), mail("appended@tests.example").as_bytes())

    assert count_mails(dovecot, "appended") == 1


def test_dovecot_refuses_a_wrong_password(dovecot: Dovecot) -> None:
    dovecot.add_user("guarded")
    with imaplib.IMAP4(dovecot.host, dovecot.port) as client, pytest.raises(imaplib.IMAP4.error):
        client.login("guarded", "wrong")


@pytest.mark.skipif(not can_run(), reason="Postfix wants root")
def test_postfix_delivers_to_dovecot_and_relays_the_rest(dovecot: Dovecot, smtp_sink: SmtpSink) -> None:
    dovecot.add_user("delivered")
    mailboxes = {"support@desk.example": dovecot.maildir("delivered")}
    relays = {"customer.example": (smtp_sink.host, smtp_sink.port)}

    with postfix(mailboxes, (dovecot.uid, dovecot.gid), relays=relays) as server:
        with smtplib.SMTP(server.host, server.port) as client:
            client.send_message(mail("support@desk.example"))
            client.send_message(mail("dora@customer.example", "Relayed"))
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                client.send_message(mail("nobody@desk.example"))
        smtp_sink.wait_for(1)
        deadline = time.monotonic() + 20
        while count_mails(dovecot, "delivered") == 0:
            assert time.monotonic() < deadline, server.log()
            time.sleep(0.1)

    assert smtp_sink.deliveries[0].message["Subject"] == "Relayed"
    assert count_mails(dovecot, "delivered") == 1


def test_the_sink_answers_as_it_is_told(smtp_sink: SmtpSink) -> None:
    smtp_sink.answers = ["451 4.3.0 later"]
    smtp_sink.refused = {"gone@customer.example": "550 5.1.1 no such user"}

    with smtplib.SMTP(smtp_sink.host, smtp_sink.port) as client:
        with pytest.raises(smtplib.SMTPDataError):
            client.send_message(mail("dora@customer.example"))
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.send_message(mail("gone@customer.example"))
        client.send_message(mail("dora@customer.example"))

    assert [delivery.recipients for delivery in smtp_sink.deliveries] == [("dora@customer.example",)]
