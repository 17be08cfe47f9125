from __future__ import annotations

import re
from typing import Any

from tugi.core.testing import HTMX
from tugi.tickets.models import Message
from tugi.tickets.testing import DeskTest, make_ticket, note, receive, reply


class AnsweredMeanwhileTest(DeskTest):
    """Two agents write in one ticket at once."""

    def setUp(self) -> None:
        self.ticket = make_ticket(self.cast.north, self.cast.dora)
        self.path = f"/tickets/{self.ticket.number}/messages"
        self.sign_in(self.cast.ben)
        page = self.client.get(f"/tickets/{self.ticket.number}").content.decode()
        self.seen = self.seen_in(page)

    def seen_in(self, page: str) -> str:
        found = re.search(r'name="seen" value="(\d+)"', page)
        assert found
        return found[1]

    def send(self, kind: str = "reply", **data: Any) -> Any:
        return self.client.post(self.path, {"kind": kind, "body": "Mine.", "seen": self.seen} | data, headers=HTMX)

    def mine(self) -> int:
        return Message.objects.filter(ticket=self.ticket, agent=self.cast.ben).count()

    def test_a_reply_on_top_of_a_colleagues_is_asked_about_and_then_sent(self) -> None:
        theirs = reply(self.ticket, author=self.cast.ada)

        asked = self.send()

        self.assertContains(asked, "Ada Admin replied to the customer", status_code=422)
        self.assertContains(asked, "Send anyway", status_code=422)
        self.assertContains(asked, "Mine.", status_code=422)
        assert self.seen_in(asked.content.decode()) == str(theirs.pk)
        assert self.mine() == 0
        assert self.send(seen=theirs.pk).status_code == 200
        assert self.mine() == 1

    def test_every_further_reply_is_asked_about(self) -> None:
        first = reply(self.ticket, author=self.cast.ada)
        reply(self.ticket, author=self.cast.ada)

        assert self.send(seen=first.pk).status_code == 422

    def test_what_is_refused_for_another_reason_has_seen_no_more_than_before(self) -> None:
        reply(self.ticket, author=self.cast.ada)

        assert self.seen_in(self.send(recipients="others").content.decode()) == self.seen

    def test_notes_withdrawn_replies_and_ones_own_ask_nothing(self) -> None:
        note(self.ticket, author=self.cast.ada)
        withdrawn = reply(self.ticket, author=self.cast.ada)
        self.client.force_login(self.cast.ada)
        self.client.post(f"{self.path}/{withdrawn.pk}/withdrawal", headers=HTMX)
        self.sign_in(self.cast.ben)
        reply(self.ticket, author=self.cast.ben)

        assert self.send().status_code == 200

    def test_a_note_is_added_whoever_replied(self) -> None:
        reply(self.ticket, author=self.cast.ada)

        assert self.send("note").status_code == 200

    def test_a_customer_who_writes_on_holds_nothing_up_and_is_told_of(self) -> None:
        self.assertNotContains(self.send(), "has written again")
        receive(self.ticket)

        self.assertContains(self.send(), "The customer has written again meanwhile.")
