"""Settings → Mail: who may enter, what is shown, and what never is."""

from __future__ import annotations

from tests.servers.processes import free_port
from tugi.channels.email.actions import accept_raw
from tugi.channels.email.models import Mailbox, Outcome, RawMail, Via
from tugi.channels.email.testing import MailTest, mail, make_mailbox
from tugi.people import roles
from tugi.people.testing import grant_role, make_agent

FIELDS = {
    "address": "sales@acme.example",
    "language": "en",
    "is_active": "on",
    "imap_port": "993",
    "imap_security": "tls",
    "imap_folders": "INBOX",
    "smtp_port": "465",
    "smtp_security": "tls",
}


class SettingsPagesTest(MailTest):
    def setUp(self) -> None:
        self.sign_in(self.cast.ada)

    def form(self, **fields: str) -> dict[str, str]:
        return {**FIELDS, "department": str(self.cast.north.pk), **fields}

    def test_who_does_not_manage_mail_finds_nothing_there(self) -> None:
        self.sign_in(self.cast.ben)
        failed = self.failed_mail()
        for path in ("", "/new", f"/{self.mailbox.pk}", f"/unprocessed/{failed.pk}/original"):
            self.assertEqual(self.client.get(f"/settings/mail{path}").status_code, 404, path)
        answer = self.client.post(f"/settings/mail/unprocessed/{failed.pk}/retry")
        self.assertEqual(answer.status_code, 404)

    def test_a_lead_of_one_department_sees_its_mail_only(self) -> None:
        south = make_mailbox(self.cast.south, "south@acme.example")
        lead = make_agent("Lia Lead", role=roles.LEAD, department=self.cast.south)
        failed = self.failed_mail()
        self.sign_in(lead)
        listing = self.client.get("/settings/mail").content.decode()
        self.assertIn("south@acme.example", listing)
        self.assertNotIn("support@acme.example", listing)
        self.assertEqual(self.client.get(f"/settings/mail/{self.mailbox.pk}").status_code, 404)
        self.assertEqual(self.client.get(f"/settings/mail/unprocessed/{failed.pk}/original").status_code, 404)
        self.assertEqual(self.client.get(f"/settings/mail/{south.pk}").status_code, 200)
        moved = self.client.post(f"/settings/mail/{south.pk}", self.form(address="south@acme.example"))
        self.assertEqual(moved.status_code, 422)
        grant_role(lead, roles.LEAD)

    def test_the_only_department_is_chosen_and_of_several_one_is_asked_for(self) -> None:
        self.assertContains(
            self.client.get("/settings/mail/new"), '<option value="" selected>Choose a department</option>'
        )
        self.sign_in(make_agent("Lia Lead", role=roles.LEAD, department=self.cast.south))

        self.assertNotContains(self.client.get("/settings/mail/new"), "Choose a department")

    def test_a_mailbox_is_added_with_its_passwords_encrypted(self) -> None:
        told = self.form(imap_on="on", imap_host="imap.acme.example", imap_password="CANARY-PASSWORD")
        answer = self.client.post("/settings/mail/new", told)
        self.assertRedirects(answer, "/settings/mail")
        mailbox = Mailbox.objects.get(address="sales@acme.example")
        self.assertEqual(mailbox.imap_password.reveal(), "CANARY-PASSWORD")
        self.assertNotIn("CANARY", mailbox.imap_password.ciphertext)
        self.assertEqual(mailbox.imap_start, "new")
        for path in ("", f"/{mailbox.pk}"):
            self.assertNotIn("CANARY", self.client.get(f"/settings/mail{path}").content.decode())

    def test_where_fetching_begins_is_chosen_and_kept(self) -> None:
        there = f"/settings/mail/{self.mailbox.pk}"
        self.client.post(there, self.form(address="support@acme.example", imap_start="all"))
        self.client.post(there, self.form(address="support@acme.example"))
        self.mailbox.refresh_from_db()
        self.assertEqual(self.mailbox.imap_start, "all")

    def test_what_becomes_of_late_answers_is_a_setting(self) -> None:
        there, own = f"/settings/mail/{self.mailbox.pk}", {"address": "support@acme.example"}
        self.client.post(there, self.form(**own, late_reply="refuse", late_after_days="7"))
        self.mailbox.refresh_from_db()
        self.assertEqual((self.mailbox.late_reply, self.mailbox.late_after_days), ("refuse", 7))
        answer = self.client.post(there, self.form(**own, late_reply="nonsense", late_after_days="-1"))
        self.assertEqual(answer.status_code, 422)

    def test_an_empty_password_keeps_the_stored_one(self) -> None:
        self.test_a_mailbox_is_added_with_its_passwords_encrypted()
        mailbox = Mailbox.objects.get(address="sales@acme.example")
        told = self.form(imap_on="on", imap_host="imap.acme.example", signature="Yours")
        self.assertRedirects(self.client.post(f"/settings/mail/{mailbox.pk}", told), "/settings/mail")
        mailbox.refresh_from_db()
        self.assertEqual((mailbox.imap_password.reveal(), mailbox.signature), ("CANARY-PASSWORD", "Yours"))

    def test_a_stored_password_goes_to_no_other_server(self) -> None:
        self.test_a_mailbox_is_added_with_its_passwords_encrypted()
        mailbox = Mailbox.objects.get(address="sales@acme.example")
        told = self.form(imap_on="on", imap_host="imap.evil.example", test="1")
        answer = self.client.post(f"/settings/mail/{mailbox.pk}", told)
        self.assertContains(answer, "Enter the password again", status_code=422)

    def test_what_the_switch_makes_necessary_is_not_called_optional(self) -> None:
        page = self.client.get("/settings/mail/new").content.decode()
        self.assertNotIn("server <span", page)
        self.assertIn('Signature <span class="field__optional">', page)

    def test_an_address_that_is_none_is_refused_in_our_words(self) -> None:
        answer = self.client.post("/settings/mail/new", self.form(address="sales"))
        self.assertContains(answer, "Enter a valid e-mail address.", status_code=422)

    def test_an_address_belongs_to_one_mailbox(self) -> None:
        answer = self.client.post("/settings/mail/new", self.form(aliases="SUPPORT@acme.example"))
        self.assertContains(answer, "Another mailbox has this address", status_code=422)

    def test_an_open_line_to_another_machine_is_refused(self) -> None:
        told = self.form(imap_on="on", imap_host="imap.acme.example", imap_security="plain")
        answer = self.client.post("/settings/mail/new", told)
        self.assertContains(answer, "Without encryption", status_code=422)

    def test_the_test_button_says_exactly_what_failed_and_saves_nothing(self) -> None:
        port = str(free_port())
        told = self.form(imap_on="on", imap_host="127.0.0.1", imap_port=port, imap_security="plain", test="1")
        answer = self.client.post("/settings/mail/new", told)
        self.assertContains(answer, f"Nothing answers at 127.0.0.1, port {port}.")
        self.assertContains(answer, "Nothing can be sent")
        self.assertFalse(Mailbox.objects.filter(address="sales@acme.example").exists())

    def test_a_mail_left_on_its_server_is_named_and_dismissed(self) -> None:
        raw = mail(sender="Eve <eve@eve.example>", subject="Enormous").partition(b"\r\n\r\n")[0]
        left = accept_raw(
            self.mailbox, raw, via=Via.IMAP, outcome=Outcome.TOO_LARGE, error="Too large.", size=73_400_320
        )
        for shown in ("Enormous", "eve@eve.example", "70", "Too large."):
            self.assertContains(self.client.get("/settings/mail/health"), shown)
        there = f"/settings/mail/unprocessed/{left.pk}/dismissal"
        self.assertRedirects(self.client.post(there), "/settings/mail/health")
        self.assertContains(self.client.get("/settings/mail/health"), "All mail has been processed.")
        self.assertEqual(self.client.post(there).status_code, 409)

    def test_a_mail_that_can_be_tried_again_is_not_dismissed(self) -> None:
        answer = self.client.post(f"/settings/mail/unprocessed/{self.failed_mail().pk}/dismissal")
        self.assertEqual(answer.status_code, 409)

    def test_mail_that_was_not_processed_is_shown_downloaded_and_tried_again(self) -> None:
        failed = self.failed_mail()
        listing = self.client.get("/settings/mail/health").content.decode()
        self.assertIn("Poisoned", listing)
        self.assertIn("It took too long.", listing)
        answer = self.client.get(f"/settings/mail/unprocessed/{failed.pk}/original")
        self.assertIn("attachment", answer["Content-Disposition"])
        self.assertIn(b"Subject: Poisoned", answer.getvalue())
        self.client.post(f"/settings/mail/unprocessed/{failed.pk}/retry")
        failed.refresh_from_db()
        self.assertEqual((failed.state, failed.attempts), (RawMail.State.DUE, 0))
        again = self.client.post(f"/settings/mail/unprocessed/{failed.pk}/retry")
        self.assertEqual(again.status_code, 409)

    def test_names_and_subjects_are_shown_as_text(self) -> None:
        self.failed_mail(subject="<script>alert(1)</script>")
        self.assertNotIn("<script>alert", self.client.get("/settings/mail/health").content.decode())

    def failed_mail(self, subject: str = "Poisoned") -> RawMail:
        row = accept_raw(self.mailbox, mail(subject=subject), via=Via.IMAP)
        RawMail.objects.filter(pk=row.pk).update(state=RawMail.State.FAILED, attempts=4, last_error="It took too long.")
        return row
