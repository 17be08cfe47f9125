"""The health of mail: what is counted, what is compared, and who may see it."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from unittest.mock import patch

from django.test import TestCase

from tugi.channels.email.actions import accept_raw, count_mails, note_storage
from tugi.channels.email.health import GROUPS, MOST, healths
from tugi.channels.email.models import FolderReading, Mailbox, MailTally, OutboundMessage, Outcome, RawMail, Via
from tugi.channels.email.schedule import watch_storage
from tugi.channels.email.testing import MailTest, mail, make_mailbox
from tugi.core import clock
from tugi.core.reasons import reason
from tugi.core.storage import Storage
from tugi.events import actors
from tugi.events.models import Event
from tugi.people import roles
from tugi.people.testing import make_agent


class TallyTest(MailTest):
    def test_every_mail_is_counted_once_and_the_sum_is_what_was_taken(self) -> None:
        self.open_ticket()
        accept_raw(self.mailbox, mail(subject="To be read"), via=Via.IMAP)
        self.fail(accept_raw(self.mailbox, mail(subject="Poisoned"), via=Via.IMAP))
        before = self.incoming()
        for _time in range(2):
            self.assertIs(count_mails(), False)
        self.open_ticket("Another one")
        after = self.incoming()
        self.assertEqual((before["taken"], before["tickets"], before["unread"], before["failed"]), (3, 1, 1, 1))
        self.assertEqual((after["taken"], after["tickets"], after["unread"], after["failed"]), (4, 2, 1, 1))
        self.assertEqual(MailTally.objects.get().count, 1)

    def test_every_outcome_belongs_to_one_group(self) -> None:
        grouped = [outcome for _name, outcomes in GROUPS for outcome in outcomes]
        self.assertEqual(sorted(grouped), sorted(Outcome))

    def test_a_mail_that_is_tried_again_is_counted_when_it_is_done(self) -> None:
        row = accept_raw(self.mailbox, mail(), via=Via.IMAP)
        self.fail(row)
        count_mails()
        RawMail.objects.filter(pk=row.pk).update(state=RawMail.State.DONE, outcome=Outcome.OPENED)
        count_mails()
        self.assertEqual((self.incoming()["taken"], self.incoming()["tickets"]), (1, 1))

    def test_the_queries_do_not_grow_with_mailboxes_and_mails(self) -> None:
        for number in range(5):
            box = make_mailbox(self.cast.north, f"box{number}@acme.example")
            accept_raw(box, mail(), via=Via.IMAP)
        with self.assertNumQueries(6):
            healths(Mailbox.objects.all())

    def test_a_long_queue_is_counted_to_a_bound(self) -> None:
        row = accept_raw(self.mailbox, mail(), via=Via.IMAP)
        RawMail.objects.bulk_create(
            RawMail(
                mailbox=self.mailbox,
                via=Via.IMAP,
                sha256=f"{number:064}",
                size=1,
                dedupe_key=f"{number:064}",
                content_key=f"{number:064}",
                received_at=row.received_at,
            )
            for number in range(MOST)
        )
        found = healths([self.mailbox])[0].incoming
        self.assertEqual((found.unread.value, found.unread.is_more), (MOST, True))

    def incoming(self) -> dict[str, int]:
        found = healths([self.mailbox])[0].incoming
        return {
            **found.groups,
            "taken": found.taken.value,
            "unread": found.unread.value,
            "failed": found.failed.value,
        }

    def fail(self, row: RawMail) -> None:  # type: ignore[override]
        RawMail.objects.filter(pk=row.pk).update(state=RawMail.State.FAILED, last_error=reason("mail.too_much_time"))


class HealthPageTest(MailTest):
    def setUp(self) -> None:
        self.sign_in(self.cast.ada)

    def test_it_says_how_each_mailbox_is(self) -> None:
        Mailbox.objects.update(
            imap_on=True,
            failures=3,
            last_error=reason("mail.sign_in_refused"),
            retry_at=clock.now() + timedelta(minutes=5),
        )
        FolderReading.objects.create(
            mailbox=self.mailbox, folder="INBOX", uidvalidity=1, begin_uid=0, newest_uid=912, taken_uid=900,
            on_server=870, waiting=12, compared=100, missing=1, read_at=clock.now(),
        )  # fmt: skip
        page = self.client.get("/settings/mail/health")
        for shown in ("support@acme.example", "Not working", "refused the user name", "870", "12", "1 of 100"):
            self.assertContains(page, shown)

    def test_mail_that_waits_to_be_sent_says_why(self) -> None:
        row = self.answer(self.open_ticket())
        OutboundMessage.objects.filter(pk=row.pk).update(
            attempts=2, last_error=reason("mail.too_slow", host="smtp.acme.example", port=25)
        )
        page = self.client.get("/settings/mail/health")
        self.assertContains(page, "smtp.acme.example did not answer on port 25 in time.")

    def test_mails_that_were_not_processed_are_tried_again_and_downloaded_together(self) -> None:
        rows = [self.failed(f"Poisoned {number}") for number in range(3)]
        self.assertContains(self.client.get("/settings/mail"), "/settings/mail/health")
        page = self.client.get("/settings/mail/health")
        self.assertContains(page, "Poisoned 2")
        answer = self.client.get("/settings/mail/unprocessed.zip")
        archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
        self.assertEqual(archive.namelist(), [f"mail-{row.pk}.eml" for row in rows])
        self.assertIn(b"Subject: Poisoned 1", archive.read(f"mail-{rows[1].pk}.eml"))
        self.assertRedirects(self.client.post("/settings/mail/unprocessed/retries"), "/settings/mail/health")
        self.assertEqual(set(RawMail.objects.values_list("state", flat=True)), {RawMail.State.DUE})

    def test_older_ones_are_a_page_further(self) -> None:
        rows = [self.failed(f"Poisoned {number:03}") for number in range(52)]
        first = self.client.get("/settings/mail/health").content.decode()
        self.assertIn(f"before={rows[2].pk}", first)
        self.assertNotIn("Poisoned 001", first)
        second = self.client.get(f"/settings/mail/health?before={rows[2].pk}").content.decode()
        self.assertIn("Poisoned 001", second)
        self.assertNotIn("Poisoned 002", second)
        self.assertContains(self.client.get("/settings/mail/health?before=x"), "Poisoned 051")

    def test_a_lead_of_one_department_sees_touches_and_takes_its_own_only(self) -> None:
        mine, foreign = make_mailbox(self.cast.south, "south@acme.example"), self.failed("Of the north")
        own = accept_raw(mine, mail(subject="Of the south"), via=Via.IMAP)
        RawMail.objects.update(state=RawMail.State.FAILED)
        self.sign_in(make_agent("Lia Lead", role=roles.LEAD, department=self.cast.south))
        page = self.client.get("/settings/mail/health").content.decode()
        self.assertIn("Of the south", page)
        self.assertNotIn("Of the north", page)
        self.assertNotIn("support@acme.example", page)
        archive = zipfile.ZipFile(io.BytesIO(self.client.get("/settings/mail/unprocessed.zip").getvalue()))
        self.assertEqual(archive.namelist(), [f"mail-{own.pk}.eml"])
        self.client.post("/settings/mail/unprocessed/retries")
        foreign.refresh_from_db()
        self.assertEqual(foreign.state, RawMail.State.FAILED)

    def test_a_disk_that_fills_is_said_on_the_page(self) -> None:
        with patch("tugi.channels.email.health_views.storage", return_value=Storage(free=5, total=100)):
            page = self.client.get("/settings/mail/health")
        with patch("tugi.channels.email.views.storage", return_value=Storage(free=24, total=100)):
            self.assertContains(self.client.get("/settings/mail"), "76 % full")
        self.assertContains(page, "95 % full", count=1)
        self.assertContains(page, "Make room now")

    def failed(self, subject: str) -> RawMail:
        row = accept_raw(self.mailbox, mail(subject=subject), via=Via.IMAP)
        RawMail.objects.filter(pk=row.pk).update(state=RawMail.State.FAILED, last_error=reason("mail.too_much_time"))
        return row


class StorageTest(TestCase):
    def test_each_crossing_is_said_once_and_an_unsteady_disk_does_not_chatter(self) -> None:
        told = [note_storage(Storage(free=100 - full, total=100), actor=actors.system()) for full in STEPS]
        self.assertEqual([after for _before, after in told], [0, 60, 60, 60, 90, 90, 75, 0])
        facts = Event.objects.filter(kind="mail.storage_level_changed").order_by("id")
        said = [(fact.data["before"], fact.data["after"]) for fact in facts]
        self.assertEqual(said, [(0, 60), (60, 90), (90, 75), (75, 0)])

    def test_the_chore_warns_in_the_log_and_is_quiet_again(self) -> None:
        with patch("tugi.channels.email.schedule.storage", return_value=Storage(free=20, total=100)):
            with self.assertLogs("tugi.channels.email", "WARNING") as said:
                watch_storage()
            self.assertIn("80 % full", said.output[0])
            with self.assertNoLogs("tugi.channels.email", "WARNING"):
                watch_storage()


STEPS = (59, 60, 59, 61, 95, 89, 80, 30)
