from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import override_settings

from tugi.core import clock
from tugi.core.testing import HTMX, assert_fragment
from tugi.events import actors
from tugi.events.models import Event
from tugi.people.models import IdentityKind
from tugi.tickets.actions import record_delivery
from tugi.tickets.models import Category, Delivery, Message, MessageKind, TakenDraft, Ticket
from tugi.tickets.testing import DeskTest, make_file, make_ticket, note, reply


class WritingTest(DeskTest):
    def setUp(self) -> None:
        self.ticket = make_ticket(self.cast.north, self.cast.dora)
        self.path = f"/tickets/{self.ticket.number}/messages"
        self.sign_in(self.cast.ben)

    def send(self, *, htmx: bool = True, **data: Any) -> Any:
        return self.client.post(self.path, data, headers=HTMX if htmx else {})

    def last(self) -> Message:
        return Message.objects.filter(ticket=self.ticket).latest("id")

    def test_a_reply_waits_for_its_undo_window(self) -> None:
        answer = self.send(kind="reply", body="<p>On <b>it</b>.</p>", body_format="html")

        message = self.last()
        text = assert_fragment(answer, f"message-{message.pk}")
        assert f"{self.path}/{message.pk}/withdrawal" in text
        assert text.count("Take back") == 2
        assert "Undo" not in text
        assert (message.kind, message.text) == (MessageKind.OUTBOUND, "On it.")
        assert (message.to, message.delivery) == (["dora@dora.example"], Delivery.WAITING)
        assert message.send_at is not None
        assert message.send_at > message.created_at

    def test_a_reply_goes_to_the_address_that_works(self) -> None:
        self.cast.dora.identities.update(undeliverable_at=clock.now())
        self.cast.dora.identities.create(kind=IdentityKind.EMAIL, value="dora@new.example")

        self.send(kind="reply", body="Found you.")

        assert self.last().to == ["dora@new.example"]

    def test_a_reply_keeps_what_an_editor_makes_and_no_foreign_layout(self) -> None:
        body = '<p style="color: red">a <font color="red">b</font> <em>c</em></p><ul><li><p>d</p></li></ul>'
        self.send(kind="reply", body=body, body_format="html")

        assert self.last().html == "<p>a b <em>c</em></p><ul><li><p>d</p></li></ul>"

    def test_who_of_several_did_not_get_a_reply_is_said(self) -> None:
        said = reply(self.ticket, author=self.cast.ben)
        error = "emil@emil.example: 550 No such user"
        record_delivery(said.pk, delivery=Delivery.SENT, error=error, actor=actors.system("channel"))

        self.assertContains(self.client.get(f"/tickets/{self.ticket.number}"), error)

    def test_plain_text_becomes_paragraphs(self) -> None:
        self.send(kind="reply", body="Hello <b>,\n\nsee https://north.example", body_format="text")

        html = self.last().html
        assert "&lt;b&gt;" in html
        assert '<a href="https://north.example"' in html

    def test_a_note_is_a_note(self) -> None:
        text = assert_fragment(self.send(kind="note", body="Careful.", body_format="text"), "composer")

        assert "The note is added." in text
        assert self.last().is_note

    def test_a_reply_may_resolve_the_ticket_or_wait(self) -> None:
        for then, category in (("resolved", Category.RESOLVED), ("pending", Category.PENDING)):
            self.send(kind="reply", body="Done.", then=then)

            assert Ticket.objects.get(pk=self.ticket.pk).status.category == category

    def test_files_travel_with_the_message(self) -> None:
        files = [SimpleUploadedFile("a.txt", b"one"), SimpleUploadedFile("b.txt", b"two")]

        self.send(kind="reply", body="See the files.", files=files)

        assert [file.name for file in self.last().attachments.all()] == ["a.txt", "b.txt"]

    def test_an_empty_message_comes_back_with_the_composer(self) -> None:
        answer = self.send(kind="note", body="   ")

        assert answer.status_code == 422
        self.assertContains(answer, "Write something or attach a file first.", status_code=422)
        assert Message.objects.filter(ticket=self.ticket).count() == 1

    @override_settings(MAX_UPLOAD_BYTES=3)
    def test_too_large_a_file_keeps_the_words(self) -> None:
        files = [SimpleUploadedFile("large.txt", b"12345")]
        answer = self.send(kind="reply", body="<p>Kept <b>words</b></p>", body_format="html", files=files)

        assert answer.status_code == 422
        self.assertContains(answer, "large.txt", status_code=422)
        self.assertContains(answer, "Kept &lt;b&gt;words&lt;/b&gt;", status_code=422)

    def test_without_htmx_it_leads_back_to_the_ticket(self) -> None:
        answer = self.send(htmx=False, kind="reply", body="On it.", body_format="text")
        refused = self.send(htmx=False, kind="reply", body="")

        self.assertRedirects(answer, f"/tickets/{self.ticket.number}", fetch_redirect_response=False)
        self.assertContains(refused, "<html", status_code=422)

    def test_what_is_hostile_is_cleaned_before_it_is_kept(self) -> None:
        self.send(kind="reply", body="<p onclick=x>Hi<script>alert(1)</script><iframe src=x></p>", body_format="html")

        assert "script" not in self.last().html
        assert "onclick" not in self.last().html

    def test_strange_keys_are_refused(self) -> None:
        for key in ("agent", "to", "cc", "delivery", "ticket__department", "is_automatic"):
            data = {"kind": "reply", "body": "x", key: "evil@x.example"}
            assert self.client.post(self.path, data, headers=HTMX).status_code == 400, key
        assert self.send(kind="public", body="x").status_code == 422

    def test_a_light_agent_notes_but_does_not_answer(self) -> None:
        self.sign_in(self.cast.leo)

        assert self.send(kind="reply", body="x").status_code == 404
        assert self.send(kind="note", body="x").status_code == 200

    def test_another_department_writes_nothing(self) -> None:
        self.sign_in(self.cast.cleo)
        for kind in ("reply", "note"):
            assert self.send(kind=kind, body="x").status_code == 404
        assert self.client.get(self.path).status_code == 405
        assert Message.objects.filter(ticket=self.ticket).count() == 1


class TakingBackTest(DeskTest):
    def setUp(self) -> None:
        self.ticket = make_ticket(self.cast.north, self.cast.dora)
        self.other = make_ticket(self.cast.north, self.cast.emil)
        self.message = reply(self.ticket, "Too early", author=self.cast.ben, html="<p>Too <b>early</b></p>")
        self.path = f"/tickets/{self.ticket.number}/messages/{self.message.pk}"
        self.sign_in(self.cast.ben)

    def test_the_words_go_back_into_the_composer(self) -> None:
        answer = self.client.post(f"{self.path}/withdrawal", headers=HTMX)

        text = assert_fragment(answer, "composer")
        assert "Too &lt;b&gt;early&lt;/b&gt;" in text
        assert f'id="message-{self.message.pk}"' not in text
        assert Message.objects.get(pk=self.message.pk).delivery == Delivery.WITHDRAWN

    def take_back_a_file(self) -> tuple[Message, str]:
        message = reply(self.ticket, "See the plan", author=self.cast.ben, files=[make_file("plan.txt")])
        path = f"/tickets/{self.ticket.number}/messages/{message.pk}/withdrawal"
        text = assert_fragment(self.client.post(path, headers=HTMX), "composer")
        marks = re.findall(r'name="kept" value="([^"]+)"', text)
        assert len(marks) == 1
        assert "plan.txt" in text
        return message, marks[0]

    def send(self, ticket: Ticket | None = None, **data: Any) -> Any:
        path = f"/tickets/{(ticket or self.ticket).number}/messages"
        return self.client.post(path, {"kind": "reply", "body": "Again"} | data, headers=HTMX)

    def test_the_files_go_back_into_the_composer_and_out_again(self) -> None:
        message, mark = self.take_back_a_file()

        answer = self.send(kept=[mark])

        assert answer.status_code == 200
        again = Message.objects.filter(ticket=self.ticket).latest("id")
        assert again.pk != message.pk
        assert [(file.name, file.sha256) for file in again.attachments.all()] == [
            (file.name, file.sha256) for file in message.attachments.all()
        ]

    def test_a_file_that_was_taken_out_stays_out(self) -> None:
        self.take_back_a_file()

        self.send()

        assert not Message.objects.filter(ticket=self.ticket).latest("id").attachments.exists()

    def test_a_file_is_kept_for_that_agent_and_that_ticket_only(self) -> None:
        _, mark = self.take_back_a_file()

        assert self.send(self.other, kept=[mark]).status_code == 422
        assert self.send(kept=[mark[:-1]]).status_code == 422
        assert self.send(kept=["1", "1:x:y"]).status_code == 422
        self.sign_in(self.cast.ada)
        assert self.send(kept=[mark]).status_code == 422
        assert not Message.objects.filter(kind=MessageKind.OUTBOUND, delivery=Delivery.WAITING, text="Again").exists()

    def test_what_cannot_be_sent_comes_back_with_its_kept_files(self) -> None:
        _, mark = self.take_back_a_file()

        answer = self.send(kept=[mark, "forged"])

        self.assertContains(answer, "Attach it again.", status_code=422)
        self.assertContains(answer, "plan.txt", status_code=422)

    def test_what_has_left_cannot_be_taken_back(self) -> None:
        gone = reply(self.ticket, "Gone", author=self.cast.ben, undo_for=timedelta(seconds=-1))
        answer = self.client.post(f"/tickets/{self.ticket.number}/messages/{gone.pk}/withdrawal", headers=HTMX)

        assert answer.status_code == 409
        self.assertContains(answer, "already on its way", status_code=409)

    def test_taking_back_twice_is_answered_kindly_to_its_author_alone(self) -> None:
        said = reply(self.ticket, "Not yet", author=self.cast.ben)
        path = f"/tickets/{self.ticket.number}/messages/{said.pk}/withdrawal"
        self.client.post(path, headers=HTMX)

        self.assertContains(self.client.post(path, headers=HTMX), "taken back already")
        self.sign_in(self.cast.ada)
        assert self.client.post(path, headers=HTMX).status_code == 404

    def test_messages_are_reached_only_through_their_own_ticket(self) -> None:
        private = note(self.ticket, author=self.cast.leo)
        for message in (self.message, private):
            for door in ("withdrawal", "delivery"):
                path = f"/tickets/{self.other.number}/messages/{message.pk}/{door}"
                assert self.client.post(path, headers=HTMX).status_code == 404
            for door in ("body", "original"):
                assert self.client.get(f"/tickets/{self.other.number}/messages/{message.pk}/{door}").status_code == 404

    def test_a_failed_reply_is_sent_again(self) -> None:
        record_delivery(self.message.pk, delivery=Delivery.FAILED, error="Mailbox full", actor=actors.system())
        shown = self.client.get(f"/tickets/{self.ticket.number}")
        self.assertContains(shown, "Not delivered")
        self.assertContains(shown, "Mailbox full")

        answer = self.client.post(f"{self.path}/delivery", headers=HTMX)

        assert answer.status_code == 200
        assert Message.objects.get(pk=self.message.pk).delivery == Delivery.WAITING

    def test_a_reply_that_one_of_several_did_not_get_is_sent_again(self) -> None:
        shown = f"/tickets/{self.ticket.number}"
        record_delivery(self.message.pk, delivery=Delivery.SENT, error="", actor=actors.system())
        self.assertNotContains(self.client.get(shown), "Send again")

        record_delivery(self.message.pk, delivery=Delivery.SENT, error="emil@emil.example: 550", actor=actors.system())
        self.assertContains(self.client.get(shown), f'action="{self.path}/delivery"')
        self.assertContains(self.client.get(shown), "Send again")
        answer = self.client.post(f"{self.path}/delivery", headers=HTMX)

        assert answer.status_code == 200
        assert Message.objects.get(pk=self.message.pk).delivery == Delivery.WAITING
        self.assertNotContains(self.client.get(shown), "Send again")

    def test_others_and_reading_change_nothing(self) -> None:
        for door in ("withdrawal", "delivery"):
            assert self.client.get(f"{self.path}/{door}").status_code == 405
        for agent in (self.cast.cleo, self.cast.leo):
            self.sign_in(agent)
            for door in ("withdrawal", "delivery"):
                assert self.client.post(f"{self.path}/{door}", headers=HTMX).status_code == 404
        assert Message.objects.get(pk=self.message.pk).delivery == Delivery.WAITING


class SameDraftTest(DeskTest):
    """One draft, sent from two tabs of an agent, or again because the answer was lost."""

    DRAFT = "a-draft-of-bens-own"

    def setUp(self) -> None:
        self.ticket = make_ticket(self.cast.north, self.cast.dora)
        self.path = f"/tickets/{self.ticket.number}/messages"
        self.sign_in(self.cast.ben)

    def send(self, body: str = "On it.", kind: str = "reply", **data: Any) -> Any:
        return self.client.post(self.path, {"kind": kind, "body": body, "draft": self.DRAFT} | data, headers=HTMX)

    def said(self) -> list[str]:
        mine = Message.objects.filter(ticket=self.ticket, agent=self.cast.ben).exclude(delivery=Delivery.WITHDRAWN)
        return list(mine.values_list("text", flat=True))

    def test_every_composer_has_a_key_of_its_own(self) -> None:
        pages = [self.client.get(f"/tickets/{self.ticket.number}").content.decode() for _ in range(2)]
        keys = {key for page in pages for key in re.findall(r'name="draft" value="([^"]+)"', page)}

        assert len(keys) == 2

    def test_the_same_draft_is_one_message(self) -> None:
        for kind in ("reply", "note"):
            for _again in range(2):
                assert self.send(kind, kind, draft=f"a-draft-for-a-{kind}").status_code == 200

        assert self.said() == ["reply", "note"]
        assert Event.objects.filter(kind="message.reply_written").count() == 1

    def test_the_second_answer_offers_to_take_back_the_first_message(self) -> None:
        self.send()
        message = Message.objects.latest("id")

        assert f"{self.path}/{message.pk}/withdrawal" in self.send().content.decode()

    def test_a_draft_that_was_sent_and_changed_is_asked_about(self) -> None:
        self.send()

        answer = self.send("On it, really.")

        self.assertContains(answer, "has been sent already", status_code=422)
        self.assertContains(answer, "On it, really.", status_code=422)
        self.assertNotContains(answer, self.DRAFT, status_code=422)
        assert self.said() == ["On it."]

    def test_what_was_refused_for_another_reason_keeps_its_key(self) -> None:
        self.assertContains(self.send(""), self.DRAFT, status_code=422)

    def test_a_draft_taken_back_is_sent_again_once(self) -> None:
        self.send()
        message = Message.objects.latest("id")
        answer = self.client.post(f"{self.path}/{message.pk}/withdrawal", headers=HTMX)

        assert self.DRAFT in answer.content.decode()
        self.send()
        self.send()
        assert self.said() == ["On it."]

    def test_two_agents_do_not_share_a_key(self) -> None:
        self.send()
        self.sign_in(self.cast.ada)
        self.send()

        assert Message.objects.filter(ticket=self.ticket, kind=MessageKind.OUTBOUND).count() == 2

    def test_the_database_takes_no_draft_twice(self) -> None:
        self.send()
        taken = TakenDraft.objects.get()

        with pytest.raises(IntegrityError), transaction.atomic():
            TakenDraft.objects.create(ticket=taken.ticket, agent=taken.agent, key=taken.key, message=taken.message)
