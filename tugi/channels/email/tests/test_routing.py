"""By which address a fetched mail came decides whose it is (MAIL 1.7)."""

from __future__ import annotations

from tugi.channels.email.actions import accept_raw
from tugi.channels.email.intake import take_in
from tugi.channels.email.models import Mailbox, Outcome, RawMail, TicketMailbox, Via
from tugi.channels.email.testing import SUPPORT, MailTest, mail, make_mailbox, message_of
from tugi.tickets.models import Ticket

SALES = "sales@acme.example"


class RoutingTest(MailTest):
    sales: Mailbox

    def setUp(self) -> None:
        self.sales = make_mailbox(self.cast.south, SALES, aliases=["orders@acme.example"])

    def fetch(self, header: str, value: str, **options: object) -> RawMail:
        return self.receive(mail(headers={header: value}, **options))  # type: ignore[arg-type]

    def assert_is_of(self, row: RawMail, mailbox: Mailbox) -> None:
        ticket = message_of(row).ticket
        assert (row.mailbox, ticket.department) == (mailbox, mailbox.department)
        assert TicketMailbox.objects.get(ticket=ticket).mailbox == mailbox

    def test_each_way_of_noting_the_address_leads_to_its_mailbox(self) -> None:
        for number, (header, value) in enumerate(
            (
                ("Delivered-To", SALES),
                ("X-Original-To", "ORDERS@acme.example"),
                ("Envelope-To", "sales+spring@acme.example"),
                ("Received", f"from mx by mail.acme.example for <{SALES}>; Mon, 23 Nov 2026 09:00:00 +0000"),
            )
        ):
            self.assert_is_of(self.fetch(header, value, text=f"Number {number}"), self.sales)

    def test_what_names_the_fetched_mailbox_too_stays(self) -> None:
        row = self.receive(mail(headers={"Delivered-To": SUPPORT, "X-Original-To": SALES}))
        self.assert_is_of(row, self.mailbox)

    def test_the_visible_addresses_do_not_count(self) -> None:
        self.assert_is_of(self.receive(mail(to=SALES)), self.mailbox)

    def test_strangers_addresses_change_nothing(self) -> None:
        self.assert_is_of(self.fetch("Delivered-To", "account@hoster.example"), self.mailbox)

    def test_a_mailbox_that_is_fetched_by_itself_gets_its_own_copy(self) -> None:
        Mailbox.objects.filter(pk=self.sales.pk).update(imap_on=True, imap_host="imap.acme.example")
        self.assert_is_of(self.fetch("Delivered-To", SALES), self.mailbox)

    def test_a_mailbox_out_of_use_gets_nothing(self) -> None:
        Mailbox.objects.filter(pk=self.sales.pk).update(is_active=False)
        self.assert_is_of(self.fetch("Delivered-To", SALES), self.mailbox)

    def test_at_our_listener_the_envelope_decides(self) -> None:
        row = accept_raw(self.mailbox, mail(headers={"Delivered-To": SALES}), via=Via.SMTP, envelope_to=(SUPPORT,))
        take_in(row)
        row.refresh_from_db()
        self.assert_is_of(row, self.mailbox)

    def test_the_same_mail_by_two_roads_is_one_ticket(self) -> None:
        raw = mail(headers={"Delivered-To": SALES}, message_id="<one@dora.example>")
        rows = [self.receive(raw), self.receive(b"Received: by mx2\r\n" + raw, mailbox=self.sales)]
        assert [row.outcome for row in rows] == [Outcome.OPENED, Outcome.DUPLICATE]
        assert Ticket.objects.count() == 1
