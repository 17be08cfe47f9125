"""An encryption key that is lost: the desk does not start as if nothing had happened, and a way leads on."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from tugi.channels.email.models import Mailbox
from tugi.channels.email.testing import make_mailbox
from tugi.core import checks
from tugi.core.doctor import examine
from tugi.events.testing import assert_events
from tugi.people.testing import make_department
from tugi.serve.readiness import refuse_errors
from tugi.serve.refusal import StartRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(settings: Settings) -> Mailbox:
    """With a password that another key than today's has closed."""
    made = make_mailbox(make_department("North"), imap_password="right horse")
    make_mailbox(make_department("South"), "south@acme.example")
    settings.KEYS = replace(settings.KEYS, encryption_key=("x8mKd2RrJx7vTqLw4zYbN1cPf6hGs9oUe3aXiW5uZtE0kQyBn",))
    return made


def forget(*words: str) -> str:
    out = StringIO()
    call_command("forget_secrets", *words, stdout=out)
    return out.getvalue()


def test_a_desk_whose_key_is_here_has_nothing_to_say() -> None:
    make_mailbox(make_department("North"), imap_password="right horse")
    assert checks.lost_key() == []
    assert "can be read" in forget()


def test_without_the_key_it_does_not_start_and_says_what_to_do(mailbox: Mailbox) -> None:
    found = checks.lost_key()
    assert [message.id for message in found] == ["tugi.E022"]
    assert "forget-secrets" in str(found[0].hint)
    with pytest.raises(StartRefused, match=r"tugi\.E022"):
        refuse_errors()


def test_the_doctor_is_red(mailbox: Mailbox) -> None:
    red = [finding.text for name, finding in examine() if name == "configuration" and finding.state == "red"]
    assert any("tugi.E022" in text for text in red)


def test_an_older_key_that_was_kept_opens_what_it_closed(mailbox: Mailbox, settings: Settings) -> None:
    old = settings.CONFIG.keys.encryption_key
    settings.KEYS = replace(settings.KEYS, encryption_key=(*settings.KEYS.encryption_key, *old))
    assert checks.lost_key() == []


def test_lost_passwords_are_named_and_emptied_only_on_demand(mailbox: Mailbox) -> None:
    assert "support@acme.example: imap_password" in forget()
    assert checks.lost_key()
    with assert_events("mailbox.changed") as said:
        assert "enter them again" in forget("--yes")
    assert [event.data["fields"] for event in said] == [["imap_password"]]
    assert checks.lost_key() == []
    mailbox.refresh_from_db()
    assert not mailbox.imap_password
