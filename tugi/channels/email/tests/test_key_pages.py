"""Settings → Mail → Keys: what goes in, what is shown, and what never comes out."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from tugi.channels.email.models import MailboxKey
from tugi.channels.email.testing import MailTest, make_mailbox
from tugi.channels.email.tests.protection import samples as s
from tugi.events.models import Event
from tugi.people import roles
from tugi.people.testing import make_agent


class KeyPagesTest(MailTest):
    def setUp(self) -> None:
        self.sign_in(self.cast.ada)
        self.there = f"/settings/mail/{self.mailbox.pk}/keys"

    def test_the_mailbox_leads_to_its_keys(self) -> None:
        self.assertContains(self.client.get(f"/settings/mail/{self.mailbox.pk}"), self.there)
        self.assertContains(self.client.get(self.there), "No key yet")

    def test_a_pasted_key_is_kept_and_never_shown(self) -> None:
        pem = s.private("desk").decode()
        self.assertRedirects(self.client.post(self.there, {"key": pem}), self.there)
        key = MailboxKey.objects.get()
        self.assertEqual(
            (key.mailbox, key.system, key.fingerprint), (self.mailbox, "smime", s.smime_key("desk").fingerprint)
        )
        page = self.client.get(self.there).content.decode()
        self.assertIn("Desk &lt;support@acme.example&gt;", page)
        self.assertIn("Opens mail", page)
        self.assertIn(key.fingerprint[:4].upper(), page)
        self.assertNotIn("PRIVATE", page)
        self.assertNotIn(pem.splitlines()[3], page)
        self.assertEqual(Event.objects.filter(kind="mailbox.key_added").get().data["fingerprint"], key.fingerprint)

    def test_a_file_with_a_passphrase_is_taken(self) -> None:
        file = SimpleUploadedFile("desk.p12", s.pkcs12("desk", "right horse"))
        self.assertRedirects(self.client.post(self.there, {"file": file, "passphrase": "right horse"}), self.there)
        self.assertTrue(MailboxKey.objects.get().private)

    def test_a_certificate_of_somebody_else_only_checks_signatures(self) -> None:
        self.client.post(self.there, {"key": str(s.openpgp_secret("ann").extract_certificate())})
        self.assertContains(self.client.get(self.there), "Checks signatures")

    def test_what_is_wrong_is_told_and_nothing_typed_comes_back(self) -> None:
        for told, said in (
            ({"key": ""}, "Paste a key or choose a file."),
            ({"key": "CANARY hello"}, "This is no key that Tugi can use"),
            (
                {"file": SimpleUploadedFile("a.p12", s.pkcs12("desk", "x")), "passphrase": "CANARY"},
                "does not open this key",
            ),
        ):
            answer = self.client.post(self.there, told)
            self.assertContains(answer, said, status_code=422)
            self.assertNotIn("CANARY", answer.content.decode())
        self.assertFalse(MailboxKey.objects.exists())

    def test_the_public_half_added_later_takes_no_private_half_away(self) -> None:
        for pem in (s.private("desk"), s.certificate("desk")):
            self.client.post(self.there, {"key": pem.decode()})
        self.assertTrue(MailboxKey.objects.get().private)

    def test_a_key_is_removed(self) -> None:
        self.client.post(self.there, {"key": s.certificate("ann").decode()})
        key = MailboxKey.objects.get()
        self.assertRedirects(self.client.post(f"{self.there}/{key.pk}/removal"), self.there)
        self.assertFalse(MailboxKey.objects.exists())
        self.assertTrue(Event.objects.filter(kind="mailbox.key_removed").exists())

    def test_keys_of_another_mailbox_are_not_there(self) -> None:
        self.client.post(self.there, {"key": s.certificate("ann").decode()})
        key = MailboxKey.objects.get()
        south = make_mailbox(self.cast.south, "south@acme.example")
        self.client.post(f"/settings/mail/{south.pk}/keys/{key.pk}/removal")
        self.assertTrue(MailboxKey.objects.exists())
        self.sign_in(make_agent("Lia Lead", role=roles.LEAD, department=self.cast.south))
        self.assertEqual(self.client.get(self.there).status_code, 404)
        self.assertEqual(self.client.post(f"{self.there}/{key.pk}/removal").status_code, 404)
