"""A password that was typed survives the Test button, and is seen by nobody."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from tests.servers.dovecot import Dovecot
from tests.servers.processes import free_port
from tugi.channels.email.models import Mailbox
from tugi.channels.email.testing import MailTest, make_mailbox
from tugi.channels.email.tests.test_settings_pages import FIELDS
from tugi.channels.email.typed_passwords import KEPT_FOR
from tugi.core import clock
from tugi.people import roles
from tugi.people.testing import make_agent, make_department

NEW = "/settings/mail/new"
TYPED = "CANARY right horse"
AGAIN = "Enter the password again"


def kept_in(answer: Any, kind: str = "imap") -> dict[str, str]:
    """What the page sends along instead of the password."""
    found = re.search(f'name="{kind}_kept" value="([^"]+)"', answer.content.decode())
    return {f"{kind}_kept": found[1]} if found else {}


class TypedPasswordsTest(MailTest):
    def setUp(self) -> None:
        self.sign_in(self.cast.ada)
        server = {"imap_on": "on", "imap_host": "127.0.0.1", "imap_port": str(free_port()), "imap_security": "plain"}
        self.told = {**FIELDS, "department": str(self.cast.north.pk), "imap_username": "sales", **server}

    def tried(self, path: str = NEW, password: str = TYPED) -> dict[str, str]:
        answer = self.client.post(path, {**self.told, "imap_password": password, "test": "1"})
        self.assertNotContains(answer, password)
        self.assertContains(answer, "The password you typed is kept.")
        return kept_in(answer)

    def test_what_was_tried_is_saved(self) -> None:
        kept = self.tried()
        again = self.client.post(NEW, {**self.told, **kept, "imap_folders": "Else", "test": "1"})
        self.assertRedirects(self.client.post(NEW, {**self.told, **kept_in(again)}), "/settings/mail")
        self.assertEqual(Mailbox.objects.get(address="sales@acme.example").imap_password.reveal(), TYPED)

    def test_it_is_saved_over_a_stored_one(self) -> None:
        there = self.stored()
        kept = self.tried(there, "other horse")
        self.assertRedirects(self.client.post(there, {**self.told, **kept}), "/settings/mail")
        self.assertEqual(Mailbox.objects.get(address="sales@acme.example").imap_password.reveal(), "other horse")

    def test_what_is_typed_later_counts(self) -> None:
        self.client.post(NEW, {**self.told, **self.tried(), "imap_password": "later"})
        self.assertEqual(Mailbox.objects.get(address="sales@acme.example").imap_password.reveal(), "later")

    def test_it_outlives_a_form_that_is_wrong_elsewhere(self) -> None:
        answer = self.client.post(NEW, {**self.told, "imap_password": "typed", "address": "none"})
        self.assertEqual(answer.status_code, 422)
        self.client.post(NEW, {**self.told, **kept_in(answer)})
        self.assertEqual(Mailbox.objects.get(address="sales@acme.example").imap_password.reveal(), "typed")

    def test_a_new_mailbox_with_a_user_name_needs_a_password(self) -> None:
        for pressed in ({}, {"test": "1"}):
            answer = self.client.post(NEW, {**self.told, **pressed})
            self.assertContains(answer, "Enter the password of this user name.", status_code=422)
        self.assertFalse(Mailbox.objects.filter(address="sales@acme.example").exists())

    def test_it_opens_for_a_while_only_and_never_gives_way_to_the_stored_one(self) -> None:
        there = self.stored()
        kept = self.tried(there, "other horse")
        with patch.object(clock, "now", return_value=clock.now() + KEPT_FOR + timedelta(seconds=1)):
            answer = self.client.post(there, {**self.told, **kept})
        self.assertContains(answer, AGAIN, status_code=422)
        self.assertContains(self.client.post(there, {**self.told, "imap_kept": "x"}), AGAIN, status_code=422)

    def test_it_opens_for_no_other_agent_mailbox_or_server_kind(self) -> None:
        kept = self.tried()
        there = self.stored()
        self.assertContains(self.client.post(there, {**self.told, **kept}), AGAIN, status_code=422)
        other = {**self.told, "address": "else@acme.example", "smtp_on": "on", "smtp_host": "smtp.acme.example"}
        other |= {"smtp_username": "x", "smtp_kept": kept["imap_kept"], "imap_password": "y"}
        self.assertContains(self.client.post(NEW, other), AGAIN, status_code=422)
        lead = make_agent("Lia Lead", role=roles.LEAD, department=self.cast.north)
        self.sign_in(lead)
        answer = self.client.post(NEW, {**self.told, **kept, "address": "else@acme.example"})
        self.assertContains(answer, AGAIN, status_code=422)

    def stored(self) -> str:
        """Where a mailbox is changed that has the password `before`, for the server of the form."""
        server: dict[str, Any] = {name: self.told[name] for name in ("imap_host", "imap_username", "imap_security")}
        server |= {"imap_on": True, "imap_port": int(self.told["imap_port"])}
        mailbox = make_mailbox(self.cast.north, "sales@acme.example", imap_password="before", **server)
        return f"/settings/mail/{mailbox.pk}"


@pytest.mark.django_db
def test_a_real_server_is_tried_then_saved_then_tried_from_what_is_stored(dovecot: Dovecot, client: Client) -> None:
    dovecot.add_user("tried", "right horse")
    department = make_department("North")
    client.force_login(make_agent("Ada Admin", role=roles.ADMIN))
    server = {"imap_on": "on", "imap_host": "127.0.0.1", "imap_port": str(dovecot.port), "imap_security": "plain"}
    told = {**FIELDS, **server, "department": str(department.pk), "imap_username": "tried"}

    tried = client.post(NEW, {**told, "imap_password": "right horse", "test": "1"})
    saved = client.post(NEW, {**told, **kept_in(tried)})
    mailbox = Mailbox.objects.get(address="sales@acme.example")
    stored = client.post(f"/settings/mail/{mailbox.pk}", {**told, "test": "1"})

    assert "Receiving works." in tried.content.decode()
    assert saved.status_code == 302
    assert "Receiving works." in stored.content.decode()
