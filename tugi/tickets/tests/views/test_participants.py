from __future__ import annotations

import re
from typing import Any

from tugi.core import clock
from tugi.core.testing import HTMX, assert_fragment
from tugi.events import actors
from tugi.people.contact_search import index_contact
from tugi.people.models import Contact, Identity
from tugi.people.testing import make_contact
from tugi.tickets import actions
from tugi.tickets.actions.participants import add_participants
from tugi.tickets.models import Message, Participant, TicketLink
from tugi.tickets.testing import DeskTest, assert_events, make_ticket, merge

OPENED = ("ticket.opened", "message.received")


class RecipientsTest(DeskTest):
    def setUp(self) -> None:
        self.ticket = make_ticket(self.cast.north, self.cast.dora)
        self.page = f"/tickets/{self.ticket.number}"
        self.sign_in(self.cast.ben)

    def ask(self, **data: Any) -> Any:
        return self.client.post(f"{self.page}/participants", data, headers=HTMX)

    def send(self, recipients: str) -> Any:
        data = {"kind": "reply", "body": "On it.", "recipients": recipients}
        return self.client.post(f"{self.page}/messages", data, headers=HTMX)

    def shown(self) -> str:
        found = re.search(r'name="recipients" value="([^"]*)"', self.client.get(self.page).content.decode())
        assert found
        return found[1]

    def present(self) -> list[Contact]:
        return [each.contact for each in Participant.objects.filter(ticket=self.ticket, removed_at=None)]

    def test_an_address_is_added_and_gets_a_copy(self) -> None:
        text = assert_fragment(self.ask(add="Emil <EMIL@emil.example>"), "recipients")

        assert "Emil Customer gets the replies from now on." in text
        assert self.present() == [self.cast.emil]
        assert_events(self.ticket, *OPENED, "ticket.participant_added")
        self.send(self.shown())
        message = Message.objects.latest("id")
        assert (message.to, message.cc) == (["dora@dora.example"], ["emil@emil.example"])

    def test_an_address_that_nobody_has_becomes_a_contact(self) -> None:
        self.ask(add="new@else.example")

        assert self.present() == [Identity.objects.get(value="new@else.example").contact]

    def test_a_name_that_one_contact_has_is_enough(self) -> None:
        index_contact(self.cast.emil.pk, {self.cast.north.pk})

        assert self.ask(add="emil cust").status_code == 200
        assert self.present() == [self.cast.emil]

    def test_a_name_of_another_departments_contact_is_nobodys(self) -> None:
        index_contact(self.cast.emil.pk, {self.cast.south.pk})

        self.assertContains(self.ask(add="emil cust"), "Type an e-mail address", status_code=422)
        assert self.present() == []

    def test_a_name_misspelt_is_nobodys(self) -> None:
        index_contact(self.cast.emil.pk, {self.cast.north.pk})

        assert self.ask(add="emil custoner").status_code == 422
        assert self.present() == []

    def test_of_several_of_a_name_nobody_is_meant_however_many_have_no_address(self) -> None:
        for address in ("", "", "anna@one.example"):
            self.anna(address)
        assert self.ask(add="anna").status_code == 200
        self.anna("anna@two.example")

        assert self.ask(add="anna").status_code == 422
        assert [each.name for each in self.present()] == ["Anna"]

    def anna(self, address: str) -> None:
        found = (
            make_contact("Anna", address) if address else Contact.objects.create(name="Anna", created_at=clock.now())
        )
        index_contact(found.pk, {self.cast.north.pk})

    def test_what_is_no_address_and_no_name_is_refused(self) -> None:
        for typed in ("", "@", "a@", "x" * 400, "x" * 401):
            assert self.ask(add=typed).status_code == 422, typed
        assert self.present() == []
        assert self.ask(remove="x").status_code == 422
        assert self.ask(bcc="a@b.example").status_code == 400

    def test_of_several_lines_only_the_address_counts(self) -> None:
        assert self.ask(add="emil@emil.example\r\nBcc: x@else.example").status_code == 200
        assert self.present() == [self.cast.emil]

    def test_a_removal_lasts_whoever_is_copied_later(self) -> None:
        self.ask(add="emil@emil.example")
        actions.make_link(self.ticket.pk, contact_id=self.cast.emil.pk)

        text = assert_fragment(self.ask(remove=self.cast.emil.pk), "recipients")

        assert "Emil Customer gets no more replies." in text
        assert "removed Emil Customer from the conversation" in text
        assert not TicketLink.objects.filter(contact=self.cast.emil, revoked_at=None).exists()
        assert add_participants(self.ticket.pk, [self.cast.emil.pk], actor=actors.system("channel")) == []
        assert self.present() == []
        assert_events(self.ticket, *OPENED, "ticket.participant_added", "ticket.participant_removed")

    def test_a_removal_is_undone(self) -> None:
        self.ask(add="emil@emil.example")
        text = self.ask(remove=self.cast.emil.pk).content.decode()

        undo = f"{self.page}/participants?again={self.cast.emil.pk}"
        assert undo in text
        self.client.post(undo, headers=HTMX)
        assert self.present() == [self.cast.emil]

    def test_whom_a_colleague_has_removed_is_not_removed_again(self) -> None:
        self.ask(add="emil@emil.example")
        self.ask(remove=self.cast.emil.pk)

        text = assert_fragment(self.ask(remove=self.cast.emil.pk), "recipients")

        assert "Emil Customer takes part no longer." in text
        assert "again=" not in text
        assert_events(self.ticket, *OPENED, "ticket.participant_added", "ticket.participant_removed")

    def test_without_the_requesters_address_the_first_of_the_others_is_shown_once(self) -> None:
        self.ask(add="emil@emil.example")
        self.ask(add="new@else.example")
        Identity.objects.filter(contact=self.cast.dora).delete()

        labels = re.findall(r'chip__label">([^<]*)', self.client.get(self.page).content.decode())

        assert labels == ["new@else.example"]

    def test_only_who_took_part_is_brought_back(self) -> None:
        assert self.ask(again=self.cast.emil.pk).status_code == 422
        assert self.ask(remove=self.cast.emil.pk).status_code == 422

    def test_the_requester_and_who_is_there_are_not_added_again(self) -> None:
        self.ask(add="emil@emil.example")
        for address in ("dora@dora.example", "emil@emil.example"):
            self.assertContains(self.ask(add=address), "takes part already")
        assert_events(self.ticket, *OPENED, "ticket.participant_added")

    def test_a_reply_does_not_leave_to_others_than_the_agent_saw(self) -> None:
        seen = self.shown()
        assert self.send(seen).status_code == 200
        add_participants(self.ticket.pk, [self.cast.emil.pk], actor=actors.system("channel"))

        answer = self.send(seen)

        self.assertContains(answer, "Who gets the reply has changed", status_code=422)
        self.assertContains(answer, "Emil Customer", status_code=422)
        assert self.send(self.shown()).status_code == 200

    def test_without_htmx_it_leads_back_to_the_ticket(self) -> None:
        answer = self.client.post(f"{self.page}/participants", {"add": "emil@emil.example"})

        self.assertRedirects(answer, self.page, fetch_redirect_response=False)

    def test_a_light_agent_and_another_department_change_nothing(self) -> None:
        for agent in (self.cast.leo, self.cast.cleo):
            self.sign_in(agent)
            assert self.ask(add="emil@emil.example").status_code == 404
        assert self.present() == []


class MergedPeopleTest(DeskTest):
    def test_all_of_the_source_come_along_and_go_with_it(self) -> None:
        source, target = make_ticket(self.cast.north, self.cast.dora), make_ticket(self.cast.north, self.cast.emil)
        there, here, gone = (self.contact(name) for name in ("There", "Here", "Gone"))
        for ticket, contact in ((source, there), (source, gone), (source, here), (target, here), (target, gone)):
            actions.add_participant(ticket.pk, contact.pk, actor=self.ben())
        actions.remove_participant(target.pk, gone.pk, actor=self.ben())

        merged = merge(source, into=target, agent=self.cast.ben)

        assert self.people(target.pk) == {self.cast.dora, there, here}
        actions.undo_merge(merged.pk, actor=self.ben())
        assert self.people(target.pk) == {here}
        assert self.people(source.pk) == {there, here, gone}

    def contact(self, name: str) -> Contact:
        return Contact.objects.create(name=name, created_at=self.cast.dora.created_at)

    def ben(self) -> actors.Actor:
        return actors.agent(self.cast.ben.pk)

    def people(self, ticket_id: int) -> set[Contact]:
        return {each.contact for each in Participant.objects.filter(ticket=ticket_id, removed_at=None)}
