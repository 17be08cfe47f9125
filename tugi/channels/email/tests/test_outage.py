"""A desk that was away for ten days comes back to a mailbox that others have used meanwhile (a real Dovecot)."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from email import message_from_bytes
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection

from tests.servers.imap_user import ImapUser
from tugi.channels.email import imap
from tugi.channels.email.actions import accept_raw
from tugi.channels.email.fetchers import fetch_one
from tugi.channels.email.models import Afterwards, Mailbox, MailboxCursor, RawMail, Start
from tugi.channels.email.testing import mail
from tugi.channels.email.tidying import tidy
from tugi.core import blobs

READ_MEANWHILE, IN_A_HURRY = 300, 60


def fetch(mailbox: Mailbox) -> None:
    fetch_one(Mailbox.objects.get(pk=mailbox.pk), threading.Event())


def put_all(imap_user: ImapUser, number: int) -> list[str]:
    """Mails with their subjects; a person has read every one of them, and some have come twice."""
    names = [f"While it was away {place}" for place in range(number)]
    raws = [mail(subject=name) for name in names]
    imap_user.put(*raws, *raws[::10], flags="(\\Seen)")
    return names


def subjects() -> list[str]:
    hashes = RawMail.objects.order_by("id").values_list("sha256", flat=True)
    return [str(message_from_bytes(blobs.read(sha256))["Subject"]) for sha256 in hashes]


@pytest.mark.django_db
def test_after_ten_days_all_are_in_once_though_read_and_numbered_anew(
    fetched_mailbox: Mailbox, imap_user: ImapUser
) -> None:
    Mailbox.objects.update(imap_start=Start.NEW)
    fetch(fetched_mailbox)
    imap_user.put(mail(subject="Before"))
    fetch(fetched_mailbox)
    sent = put_all(imap_user, READ_MEANWHILE)
    imap_user.number_anew()
    fetch(fetched_mailbox)
    fetch(fetched_mailbox)

    assert MailboxCursor.objects.count() == 2, "Dovecot has given another UIDVALIDITY"
    assert sorted(subjects()) == sorted(["Before", *sent])


@pytest.mark.django_db(transaction=True)
def test_two_fetchers_at_once_take_each_mail_once(fetched_mailbox: Mailbox, imap_user: ImapUser) -> None:
    Mailbox.objects.update(imap_afterwards=Afterwards.MOVE, imap_move_to="Done")
    sent = put_all(imap_user, IN_A_HURRY)
    troubles: list[str] = []

    def run() -> None:
        try:
            troubles.append(imap.fetch(Mailbox.objects.get()))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fetch(fetched_mailbox)

    assert troubles == ["", ""]
    assert sorted(subjects()) == sorted(sent)
    assert imap_user.find() == []
    assert len(imap_user.find("Done")) == IN_A_HURRY + IN_A_HURRY // 10


@pytest.mark.once
@pytest.mark.django_db
def test_a_fetcher_killed_again_and_again_loses_nothing(fetched_mailbox: Mailbox, imap_user: ImapUser) -> None:
    Mailbox.objects.update(imap_afterwards=Afterwards.DELETE)
    sent = put_all(imap_user, IN_A_HURRY)
    chance = random.Random(7)  # noqa: S311  places to crash at

    def crashing(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **more: Any) -> Any:
            if chance.random() < 0.05:
                raise KeyboardInterrupt
            done = real(*words, **more)
            if chance.random() < 0.05:
                raise KeyboardInterrupt
            return done

        return call

    crashes = 0
    with (
        patch.object(imap, "accept_raw", crashing(accept_raw)),
        patch.object(imap, "_advance", crashing(imap._advance)),
        patch.object(imap, "tidy", crashing(tidy)),
    ):
        while imap_user.find():
            try:
                fetch(fetched_mailbox)
            except KeyboardInterrupt:
                crashes += 1

    assert crashes >= 10
    assert sorted(subjects()) == sorted(sent)
