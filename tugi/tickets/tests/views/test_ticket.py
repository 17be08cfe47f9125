from __future__ import annotations

from tugi.core.testing import HTMX, assert_fragment, most_queries
from tugi.events import actors
from tugi.events.models import Event
from tugi.tickets import actions
from tugi.tickets.models import Category, Message, Proof, Ticket
from tugi.tickets.testing import DeskTest, make_file, make_ticket, merge, note, receive, reply


class TicketPageTest(DeskTest):
    def setUp(self) -> None:
        self.ticket = make_ticket(self.cast.north, self.cast.dora, subject="Till is dead")
        self.path = f"/tickets/{self.ticket.number}"

    def test_a_page_shows_the_whole_conversation(self) -> None:
        reply(self.ticket, "On it.", author=self.cast.ben)
        note(self.ticket, "The cable, surely.", author=self.cast.leo)
        make_ticket(self.cast.north, self.cast.dora, subject="Earlier trouble")
        self.sign_in(self.cast.ben)

        answer = self.client.get(self.path)

        for text in ("Till is dead", "On it.", "The cable, surely.", "Internal note", "Earlier trouble"):
            self.assertContains(answer, text)
        self.assertContains(answer, "Dora Customer opened the ticket in North")
        self.assertContains(answer, "dora@dora.example")

    def test_what_one_does_for_oneself_is_said_so_and_what_messages_say_is_not_said_twice(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)
        reply(ticket, author=self.cast.ben)
        receive(ticket)
        self.sign_in(self.cast.ben)

        page = self.client.get(f"/tickets/{ticket.number}")

        self.assertContains(page, "Ben North took the ticket")
        self.assertNotContains(page, "changed the status")

    def test_a_reply_that_was_taken_back_leaves_one_line_and_nothing_of_what_it_did(self) -> None:
        for _again in range(2):
            said = reply(self.ticket, author=self.cast.ben, then=Category.RESOLVED)
            actions.withdraw_reply(said.pk, actor=actors.agent(self.cast.ben.pk))
        self.sign_in(self.cast.ben)

        page = self.client.get(self.path)

        self.assertContains(page, "took a reply back before it was sent", count=1)
        for trace in ("changed the status", "took the ticket", "unassigned themselves"):
            self.assertNotContains(page, trace)

    def test_htmx_gets_the_conversation_and_the_context(self) -> None:
        self.sign_in(self.cast.ben)

        answer = self.client.get(self.path, headers=HTMX | {"HX-Target": "main#main"})

        text = assert_fragment(answer, "thread")
        assert 'hx-target="#desk-context"' in text
        assert f"<title>#{self.ticket.number} Till is dead" in text

    def test_a_live_refresh_leaves_the_composer_alone(self) -> None:
        self.sign_in(self.cast.ben)

        answer = self.client.get(self.path, headers=HTMX | {"HX-Target": "ticket-talk#ticket"})

        text = assert_fragment(answer, "ticket-head")
        assert 'id="composer"' not in text

    def test_other_departments_tickets_are_not_there(self) -> None:
        for agent, status in ((self.cast.cleo, 404), (self.cast.leo, 200), (self.cast.ada, 200)):
            self.sign_in(agent)

            assert self.client.get(self.path).status_code == status
            assert self.client.get(f"{self.path}/older").status_code == status
        assert self.client.get("/tickets/999999").status_code == 404
        assert self.client.get("/tickets/99999999999999999999999").status_code == 404

    def test_past_tickets_behind_the_wall_are_not_told(self) -> None:
        make_ticket(self.cast.south, self.cast.dora, subject="Canary of the south")
        self.sign_in(self.cast.ben)

        self.assertNotContains(self.client.get(self.path), "Canary")

    def test_a_light_agent_is_offered_a_note_and_nothing_else(self) -> None:
        self.sign_in(self.cast.leo)

        answer = self.client.get(self.path)

        self.assertContains(answer, 'value="note"')
        for missing in ('value="reply"', "/assignment", "/merge", "/status", "/priority"):
            self.assertNotContains(answer, missing)

    def test_an_unverified_sender_is_marked(self) -> None:
        receive(self.ticket, proof=Proof.NONE)
        self.sign_in(self.cast.ben)

        self.assertContains(self.client.get(self.path), "Unverified sender")

    def test_a_merged_ticket_leads_to_where_it_went(self) -> None:
        target = make_ticket(self.cast.north, self.cast.emil)
        merge(self.ticket, into=target, agent=self.cast.ben)
        self.sign_in(self.cast.ben)

        self.assertRedirects(self.client.get(self.path), f"/tickets/{target.number}")
        self.assertContains(self.client.get(f"{self.path}?stay=1"), "Go there")

    def test_the_page_takes_at_most_twelve_queries_with_the_session(self) -> None:
        for number in range(8):
            receive(self.ticket, f"Message {number}", files=[make_file(f"{number}.txt")])
            reply(self.ticket, f"Answer {number}", author=self.cast.ben)
        actions.change_tags(self.ticket.pk, add=["vip"], actor=actors.agent(self.cast.ben.pk))
        actions.assign_ticket(self.ticket.pk, to=self.cast.ben, actor=actors.agent(self.cast.ben.pk))
        merge(make_ticket(self.cast.north, self.cast.emil), into=self.ticket, agent=self.cast.ben)
        self.sign_in(self.cast.ben)

        with most_queries(12):
            assert self.client.get(self.path).status_code == 200


class OlderMessagesTest(DeskTest):
    def test_long_tickets_open_at_their_newest_messages(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora, text="The very first word")
        for number in range(52):
            receive(ticket, f"Message no. {number} of many")
        self.sign_in(self.cast.ben)

        newest = self.client.get(f"/tickets/{ticket.number}")
        first = Message.objects.filter(ticket=ticket).order_by("-id")[49]
        older = self.client.get(f"/tickets/{ticket.number}/older?before={first.pk}")

        self.assertNotContains(newest, "The very first word")
        self.assertContains(newest, f"older?before={first.pk}")
        self.assertContains(older, "The very first word")
        self.assertNotContains(older, "Message no. 51")
        self.assertEqual(self.client.get(f"/tickets/{ticket.number}/older?before=x'--").status_code, 200)

    def test_what_was_read_further_back_stays_when_the_ticket_changes(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora, text="The very first word")
        for number in range(120):
            receive(ticket, f"Message no. {number} of many")
        self.sign_in(self.cast.ben)
        oldest = Message.objects.filter(ticket=ticket).order_by("-id")[99]
        receive(ticket, "And now?")
        screen = HTMX | {"X-Oldest-Shown": str(oldest.pk)}

        fresh = self.client.get(f"/tickets/{ticket.number}", headers=screen | {"HX-Target": "#ticket"})

        changed = self.client.post(f"/tickets/{ticket.number}/priority", {"priority": "high"}, headers=screen)

        for answer in (fresh, changed):
            text = answer.content.decode()
            assert f'id="message-{oldest.pk}"' in text
            assert f"older?before={oldest.pk}" in text
            assert "And now?" in text
            assert "The very first word" not in text


class ReadingTest(DeskTest):
    def test_only_a_post_marks_as_read(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)
        events = Event.objects.count()
        self.sign_in(self.cast.ben)

        self.client.get(f"/tickets/{ticket.number}")
        assert self.client.get(f"/tickets/{ticket.number}/reading").status_code == 405
        assert Ticket.objects.get(pk=ticket.pk).is_unread

        answer = self.client.post(f"/tickets/{ticket.number}/reading")

        assert answer.status_code == 204
        assert "live" in answer["HX-Trigger"]
        assert not Ticket.objects.get(pk=ticket.pk).is_unread
        assert Event.objects.count() == events

    def test_nobody_reads_for_another_department(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)
        self.sign_in(self.cast.cleo)

        assert self.client.post(f"/tickets/{ticket.number}/reading").status_code == 404
        assert Ticket.objects.get(pk=ticket.pk).is_unread

    def test_the_first_unread_message_is_marked(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)
        reply(ticket, "On it.", author=self.cast.ben)
        receive(ticket, "First of two")
        receive(ticket, "Second of two")
        self.sign_in(self.cast.ben)

        text = self.client.get(f"/tickets/{ticket.number}").content.decode()

        assert text.index("On it.") < text.index('id="first-unread"') < text.index("First of two")


class HostileWordsTest(DeskTest):
    HOSTILE = (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "</title><svg onload=alert(1)>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<a href='javascript:alert(1)'>x</a>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<form action=//evil><input name=q></form><base href=//evil>",
        "{{7*7}}{% include 'x' %}",
    )

    SIGNS = (
        "<script>alert",
        "<img src=x",
        "onerror=alert(1)>",
        "<svg onload",
        'href="javascript:',
        "href='javascript:",
        "<base ",
        "action=//evil>",
        "49{",
    )

    def test_nothing_of_it_becomes_markup(self) -> None:
        self.sign_in(self.cast.ben)
        for vector in self.HOSTILE:
            contact = self.cast.dora
            type(contact).objects.filter(pk=contact.pk).update(name=vector)
            contact.refresh_from_db()
            ticket = make_ticket(
                self.cast.north,
                contact,
                subject=vector,
                text=vector,
                html=f"<p>{vector}</p>",
                files=[make_file(vector)],
                tags=[vector[:40].replace(",", "")],
            )
            for path in (f"/tickets/{ticket.number}", "/tickets/?view=open", f"/tickets/{ticket.number}/merge"):
                text = self.client.get(path).content.decode().lower()

                for sign in self.SIGNS:
                    assert sign not in text, (path, vector, sign)
