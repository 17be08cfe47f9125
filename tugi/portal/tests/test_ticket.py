from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tugi.channels.email.testing import make_mailbox
from tugi.core.testing import at
from tugi.events import actors
from tugi.people.actions import change_contact
from tugi.tickets import actions
from tugi.tickets.actions.delivery import begin_delivery
from tugi.tickets.models import Attachment, Category, Delivery, Message, Proof
from tugi.tickets.testing import DeskTest, make_file, make_ticket, merge, note, receive, reply


class PortalTest(DeskTest):
    def setUp(self) -> None:
        self.ticket = make_ticket(self.cast.north, self.cast.dora, subject="Printer <b>", text="It does not print.")
        self.key = actions.make_link(self.ticket.pk, contact_id=self.cast.dora.pk)

    def address(self, name: str = "ticket", *more: int) -> str:
        return reverse(f"portal:{name}", args=[self.key, *more])

    def page(self) -> str:
        answer = self.client.get(self.address())
        assert answer.status_code == 200
        return answer.content.decode()

    def say(self, text: str = "", *files: SimpleUploadedFile) -> Any:
        return self.client.post(self.address("comments"), {"text": text, "files": list(files)})

    def send(self, text: str) -> Message:
        message = reply(self.ticket, text, author=self.cast.ben)
        assert begin_delivery(message.pk)
        return actions.record_delivery(message.pk, delivery=Delivery.SENT, actor=actors.system("channel"))


class ShowTest(PortalTest):
    def test_the_customer_sees_number_status_and_conversation(self) -> None:
        self.send("Is it plugged in?")

        page = self.page()

        assert f"#{self.ticket.number}" in page
        assert "We have answered" in page
        assert "It does not print." in page
        assert "Is it plugged in?" in page
        assert "Printer &lt;b&gt;" in page

    def test_nothing_of_the_inside_is_shown(self) -> None:
        note(self.ticket, "CANARY-note", author=self.cast.ben)
        reply(self.ticket, "CANARY-in-undo-window", author=self.cast.ben)
        withdrawn = reply(self.ticket, "CANARY-withdrawn", author=self.cast.ben)
        actions.withdraw_reply(withdrawn.pk, actor=actors.agent(self.cast.ben.pk))
        actions.change_tags(self.ticket.pk, add=["CANARY-tag"], actor=actors.agent(self.cast.ben.pk))
        actions.assign_ticket(self.ticket.pk, to=self.cast.ben, actor=actors.agent(self.cast.ben.pk))

        page = self.page()

        assert "CANARY" not in page
        assert self.cast.ben.email not in page
        assert "North" not in page

    def test_the_customers_own_html_is_shown_as_text(self) -> None:
        receive(self.ticket, "<script>alert(1)</script>", html="<p>evil</p>")

        assert "<script>alert(1)" not in self.page()

    def test_asking_for_the_page_changes_nothing(self) -> None:
        before = self.ticket.version, Message.objects.count()

        self.page()

        self.ticket.refresh_from_db()
        assert (self.ticket.version, Message.objects.count()) == before

    def test_a_wrong_or_revoked_key_looks_like_nothing(self) -> None:
        wrong = self.client.get(reverse("portal:ticket", args=["A" * 32]))
        actions.revoke_links(self.ticket.pk, actor=actors.agent(self.cast.ben.pk))
        revoked = self.client.get(self.address())

        assert (wrong.status_code, revoked.status_code) == (404, 404)
        shown = [answer.content.partition(b"<main")[2].partition(b"</main")[0] for answer in (wrong, revoked)]
        assert shown[0] == shown[1] != b""

    def test_a_link_that_does_not_work_says_where_to_write(self) -> None:
        mailbox = make_mailbox(self.cast.north)

        answer = self.client.post(reverse("portal:comments", args=["A" * 32]), {"text": "Hello?"})

        self.assertContains(answer, f"mailto:{mailbox.address}", status_code=404)
        self.assertNotContains(answer, 'href="/"', status_code=404)

    def test_it_says_who_is_to_speak_next(self) -> None:
        self.send("Is it plugged in?")
        receive(self.ticket, "It is.")

        assert "In progress" in self.page()
        assert 'href="/"' not in self.page()

    def test_the_link_of_a_merged_ticket_leads_on(self) -> None:
        target = make_ticket(self.cast.north, self.cast.dora, text="The other half.")
        merge(self.ticket, into=target, agent=self.cast.ben)

        page = self.page()

        assert f"#{target.number}" in page
        assert "The other half." in page

    def test_it_leads_nobody_on_whom_an_agent_removed_there(self) -> None:
        ben = actors.agent(self.cast.ben.pk)
        target = make_ticket(self.cast.north, self.cast.emil, text="The other half.")
        merge(self.ticket, into=target, agent=self.cast.ben)
        assert "The other half." in self.page()

        actions.remove_participant(target.pk, self.cast.dora.pk, actor=ben)
        assert self.client.get(self.address()).status_code == 404

        actions.add_participant(target.pk, self.cast.dora.pk, actor=ben)
        assert "The other half." in self.page()

    def test_a_second_merge_is_no_way_in_for_who_was_removed(self) -> None:
        target, last = make_ticket(self.cast.north, self.cast.emil), make_ticket(self.cast.north, self.cast.emil)
        merge(self.ticket, into=target, agent=self.cast.ben)
        actions.remove_participant(target.pk, self.cast.dora.pk, actor=actors.agent(self.cast.ben.pk))

        merge(target, into=last, agent=self.cast.ben)

        assert self.client.get(self.address()).status_code == 404

    def test_making_the_links_void_reaches_those_that_lead_here(self) -> None:
        target = make_ticket(self.cast.north, self.cast.dora)
        merge(self.ticket, into=target, agent=self.cast.ben)

        actions.revoke_links(target.pk, actor=actors.agent(self.cast.ben.pk))

        assert self.client.get(self.address()).status_code == 404


class CommentTest(PortalTest):
    def test_a_comment_joins_the_ticket_as_the_links_contact(self) -> None:
        actions.make_link(self.ticket.pk, contact_id=self.cast.emil.pk)

        answer = self.say("Still not.")

        message = Message.objects.latest("id")
        assert answer.status_code == 302
        assert (message.text, message.contact, message.channel) == ("Still not.", self.cast.dora, "portal")
        assert message.proof == Proof.TOKEN

    def test_a_customer_without_a_name_is_known_by_the_address(self) -> None:
        change_contact(self.cast.dora.pk, name="", actor=actors.system("web"))

        self.say("Still not.")

        message = Message.objects.latest("id")
        assert (message.author_name, message.author_address) == ("", "dora@dora.example")

    def test_a_comment_opens_a_solved_ticket_again(self) -> None:
        reply(self.ticket, "Done.", author=self.cast.ben, then=Category.RESOLVED)

        self.say("No.")

        self.ticket.refresh_from_db()
        assert self.ticket.status.category == Category.OPEN

    def test_files_come_along_with_their_true_type(self) -> None:
        self.say("See.", SimpleUploadedFile("../../shot.png", b"<html><script>", content_type="image/png"))

        file = Attachment.objects.get()
        assert (file.name, file.content_type) == ("shot.png", "text/html")

    def test_an_empty_comment_is_refused_in_words(self) -> None:
        answer = self.say("   ")

        assert answer.status_code == 422
        assert b"Write something" in answer.content

    def test_a_file_that_is_too_large_is_refused_and_the_text_kept(self) -> None:
        with self.settings(MAX_UPLOAD_BYTES=10):
            answer = self.say("My long story.", SimpleUploadedFile("big.bin", b"0" * 11))

        assert answer.status_code == 422
        assert b"My long story." in answer.content
        assert b"big.bin" in answer.content
        assert Message.objects.count() == 1

    def test_a_flood_is_slowed_down(self) -> None:
        with at("2026-11-23T09:00:00+00:00"):
            answers = [self.say(f"Comment {n}").status_code for n in range(22)]

        assert answers.count(302) == 20
        assert answers[-1] == 429

    def test_markup_in_a_comment_stays_text(self) -> None:
        self.say("<img src=x onerror=alert(1)> https://example.com/?a=1&b=2")

        html = Message.objects.latest("id").html
        assert "<img" not in html
        assert "&lt;img" in html


class StatusTest(PortalTest):
    def test_the_customer_may_call_it_solved_and_open_it_again(self) -> None:
        self.client.post(self.address("closure"))
        self.assertContains(self.client.get(self.address()), "You told us that this is solved.")
        self.ticket.refresh_from_db()
        assert self.ticket.status.category == Category.RESOLVED

        self.client.post(self.address("reopening"))
        self.ticket.refresh_from_db()
        assert self.ticket.status.category == Category.OPEN

    def test_asking_by_address_does_neither(self) -> None:
        assert self.client.get(self.address("closure")).status_code == 405
        assert self.client.get(self.address("reopening")).status_code == 405


class FileTest(PortalTest):
    def test_a_file_is_a_download_that_runs_nowhere(self) -> None:
        message = receive(self.ticket, files=[make_file("evil.svg", b"<svg onload=alert(1)>", "image/svg+xml")])
        file = message.attachments.get()

        answer = self.client.get(self.address("file", file.pk))

        assert b"".join(answer) == b"<svg onload=alert(1)>"
        assert answer["Content-Disposition"] == 'attachment; filename="evil.svg"'
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_files_of_notes_and_of_other_tickets_are_not_there(self) -> None:
        hidden = note(self.ticket, author=self.cast.ben)
        other = receive(make_ticket(self.cast.north, self.cast.emil), files=[make_file()]).attachments.get()
        Attachment.objects.create(message=hidden, name="a", content_type="text/plain", size=1, sha256=other.sha256)

        for file in Attachment.objects.all():
            assert self.client.get(self.address("file", file.pk)).status_code == 404
