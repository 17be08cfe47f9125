from __future__ import annotations

from django.test import override_settings

from tugi.channels.email.testing import make_mailbox
from tugi.core.testing import HTMX
from tugi.tickets.testing import DeskTest, make_ticket

LIST = HTMX | {"HX-Target": "section#desk-list"}
ROWS = HTMX | {"HX-Target": "ticket-list#ticket-list"}
TITLE = "No ticket has come yet"


@override_settings(SMTP_LISTEN=("0.0.0.0", 2525))  # noqa: S104 - shown, not bound
class FirstStepsTest(DeskTest):
    def test_an_empty_desk_says_how_to_write_to_it(self) -> None:
        mailbox = make_mailbox(self.cast.north)
        self.sign_in(self.cast.ada)

        for page in (self.client.get("/tickets/"), self.client.get("/tickets/?view=open", headers=LIST)):
            self.assertContains(page, f"<b>{mailbox.address}</b>")
            self.assertContains(
                page, f"swaks --server 127.0.0.1:2525 --from dora@customer.example --to {mailbox.address}"
            )
            self.assertContains(page, f'href="/settings/mail/{mailbox.pk}"')

    @override_settings(SMTP_LISTEN=None)
    def test_without_a_listener_there_is_nothing_to_try(self) -> None:
        make_mailbox(self.cast.north)
        self.sign_in(self.cast.ada)

        self.assertNotContains(self.client.get("/tickets/"), "swaks")

    def test_who_does_not_manage_mail_is_not_led_to_its_settings(self) -> None:
        make_mailbox(self.cast.north)
        self.sign_in(self.cast.ben)

        self.assertNotContains(self.client.get("/tickets/"), "Connect your mailbox")

    def test_the_addresses_of_other_departments_are_not_told(self) -> None:
        mailbox = make_mailbox(self.cast.north)
        self.sign_in(self.cast.cleo)

        self.assertNotContains(self.client.get("/tickets/"), mailbox.address)

    def test_it_stands_in_the_list_too_because_a_phone_shows_no_more(self) -> None:
        self.sign_in(self.cast.ada)

        self.assertContains(self.client.get("/tickets/"), TITLE, 2)
        self.assertContains(self.client.get("/tickets/?view=open", headers=LIST), TITLE, 2)
        self.assertContains(self.client.get("/tickets/", headers=ROWS), TITLE, 1)

    def test_a_list_that_is_empty_where_others_are_not_says_only_that(self) -> None:
        make_ticket(self.cast.north, self.cast.dora)
        self.sign_in(self.cast.ada)

        self.assertNotContains(self.client.get("/tickets/?view=waiting", headers=ROWS), TITLE)

    def test_the_first_ticket_ends_it(self) -> None:
        make_ticket(self.cast.north, self.cast.dora)
        self.sign_in(self.cast.ada)

        self.assertNotContains(self.client.get("/tickets/"), TITLE)
