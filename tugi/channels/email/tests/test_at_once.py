"""Two workers that read mail at the same moment: twins say something once, and nobody waits in a circle."""

from __future__ import annotations

import threading
from contextlib import suppress
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tugi.channels.email import intake
from tugi.channels.email.actions import accept_raw
from tugi.channels.email.models import Mailbox, Outcome, RawMail, Via
from tugi.channels.email.testing import mail, make_mailbox
from tugi.people.actions import find_or_add_contact
from tugi.people.models import Contact
from tugi.people.testing import make_department
from tugi.tickets.models import Category, Message, Status, Ticket


def twins(mailbox: Mailbox) -> list[RawMail]:
    """The same mail twice, as two servers handed it over."""
    said = mail(message_id="<once@dora.example>")
    roads = (b"Received: by one.example\r\n" + said, b"Received: by two.example\r\n" + said)
    return [accept_raw(mailbox, each, via=Via.IMAP) for each in roads]


def read_at_once(rows: list[RawMail]) -> None:
    """Each by a worker of its own."""

    def read(row: RawMail) -> None:
        intake.take_in(row)
        connection.close()

    workers = [threading.Thread(target=read, args=(row,)) for row in rows]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)


@pytest.mark.django_db(transaction=True)
def test_strangers_who_copy_each_other_are_added_without_a_deadlock(monkeypatch: pytest.MonkeyPatch) -> None:
    Status.objects.get_or_create(name="New", defaults={"category": Category.NEW})
    mailbox = make_mailbox(make_department("North"))
    rows = [
        accept_raw(
            mailbox, mail(sender=f"{first}@dora.example", headers={"Cc": f"{second}@dora.example"}), via=Via.IMAP
        )
        for first, second in (("ann", "bob"), ("bob", "ann"))
    ]
    both_have_added = threading.Barrier(2)

    def add_together(**wanted: Any) -> Contact:
        contact = find_or_add_contact(**wanted)
        # Where the second waits for the first to have ended, there is no such moment.
        with suppress(threading.BrokenBarrierError):
            both_have_added.wait(0.5)
        return contact

    monkeypatch.setattr("tugi.channels.email.sender.find_or_add_contact", add_together)
    read_at_once(rows)

    assert list(RawMail.objects.values_list("outcome", flat=True)) == ["opened", "opened"]
    assert Contact.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_twins_read_at_once_open_one_ticket(monkeypatch: pytest.MonkeyPatch) -> None:
    Status.objects.get_or_create(name="New", defaults={"category": Category.NEW})
    rows = twins(make_mailbox(make_department("North")))
    both_have_looked = threading.Barrier(2)
    look = intake._came_before

    def look_together(row: RawMail) -> bool:
        found = look(row)
        # With SQLite one waits for the other to have ended: there is no such moment.
        with suppress(threading.BrokenBarrierError):
            both_have_looked.wait(1)
        return found

    monkeypatch.setattr(intake, "_came_before", look_together)
    read_at_once(rows)

    assert sorted(RawMail.objects.values_list("outcome", "state")) == [("duplicate", "done"), ("opened", "done")]
    assert (Ticket.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_migration_lets_the_oldest_of_each_mail_speak() -> None:
    first, second = twins(make_mailbox(make_department("North")))
    third = twins(make_mailbox(make_department("South"), "south@acme.example"))[0]
    migration = import_module("tugi.channels.email.migrations.0002_mails_told_once")
    constraint = next(each for each in RawMail._meta.constraints if each.name == "raw_mail_told_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(RawMail, constraint)
    RawMail.objects.update(outcome=Outcome.OPENED)
    migration.let_the_oldest_speak(apps, None)
    with connection.schema_editor() as editor:
        editor.add_constraint(RawMail, constraint)

    outcomes = dict(RawMail.objects.values_list("id", "outcome"))
    assert [outcomes[each.pk] for each in (first, second, third)] == ["opened", "duplicate", "opened"]
