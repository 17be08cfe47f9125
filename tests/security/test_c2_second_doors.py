"""C1.2 to C1.4, C2: the doors beside the main one. What is behind the wall is nowhere, whatever it is asked by."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, reverse

from tests.house.access.world import routes
from tests.security.asking import code_of, plain
from tests.security.rows import all_rows, changes
from tests.security.sides import Side, make_side
from tugi.channels.email.models import RawMail
from tugi.channels.email.testing import make_mailbox
from tugi.core.testing import HTMX
from tugi.events import actors
from tugi.events.testing import run_consumers
from tugi.people import roles
from tugi.people.models import Agent
from tugi.people.testing import make_agent
from tugi.tickets import actions, file_links
from tugi.tickets.actions.participants import add_participants
from tugi.tickets.models import Participant
from tugi.tickets.testing import DeskTest, make_ticket, merge

METHODS = ("get", "post")
OUTER = ("number", "key")


class WallTest(DeskTest):
    """Ben and Lena the lead see North, where `near` and its `sibling` lie; `far` is Cleo's, in South."""

    near: Side
    sibling: Side
    far: Side
    lena: Agent

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cast = cls.cast
        cls.lena = make_agent("Lena Lead", role=roles.LEAD, department=cast.north)
        cls.near = make_side("nearby", cast.north, cast.dora, cast.ben)
        cls.sibling = make_side("sibling", cast.north, cast.emil, cast.ben)
        cls.far = make_side("faraway", cast.south, cast.emil, cast.cleo)
        run_consumers()

    def setUp(self) -> None:
        self.sign_in(self.cast.ben)


def nested() -> Iterator[tuple[str, URLPattern, list[str]]]:
    """Routes that name something inside something: their outer part and the inner ones."""
    for name, pattern in routes().items():
        parts = list(pattern.pattern.converters)
        if parts and parts[0] in OUTER and len(parts) > 1:
            yield name, pattern, parts


class NestedIdsTest(WallTest):
    def test_there_are_such_addresses(self) -> None:
        assert len(list(nested())) >= 8

    def test_the_inner_id_belongs_to_the_outer_one(self) -> None:
        before = all_rows()
        for name, _, (outer, *inner) in nested():
            for other in (self.sibling, self.far):
                for thing in self.things(other, inner[0]):
                    there = reverse(name, kwargs={outer: self.near.arguments[outer], inner[0]: thing})
                    for method in METHODS:
                        code = code_of(getattr(self.client, method)(there))
                        assert code in (404, 405), f"{method} {there}: {code}"

        assert changes(before, all_rows()) == set()

    def test_the_right_pairs_do_open(self) -> None:
        """Else the test above would prove nothing."""
        for name, _, (outer, *inner) in nested():
            given = {outer: self.near.arguments[outer], inner[0]: self.near.arguments[inner[0]]}
            if name == "message-delivery":
                given["message_id"] = self.near.failed.pk
            if name == "message-withdrawal":
                given["message_id"] = self.near.answered.pk
            codes = {code_of(getattr(self.client, method)(reverse(name, kwargs=given))) for method in METHODS}
            assert codes & {200, 302}, f"{name}: {codes}"

    @staticmethod
    def things(side: Side, name: str) -> list[int | str]:
        if name == "message_id":
            return [each.pk for each in (side.asked, side.answered, side.failed, side.noted)]
        if name == "attachment_id":
            return [side.picture.pk, side.paper.pk]
        return [side.arguments[name]]


class BehindTheWallTest(WallTest):
    def test_a_foreign_ticket_answers_like_none_at_all(self) -> None:
        missing = 987_654
        for name, pattern in routes().items():
            if list(pattern.pattern.converters) == ["number"] and not name.startswith("core:"):
                for method in METHODS:
                    for headers in ({}, HTMX):
                        seen = self.ask(method, name, self.far.ticket.number, headers)
                        assert seen == self.ask(method, name, missing, headers), f"{method} {name}"
                        assert seen[0] in (404, 405)

    def test_a_foreign_mailbox_answers_like_none_at_all(self) -> None:
        self.sign_in(self.lena)
        before = all_rows()
        for name, inner in (("mailbox", "mailbox_id"), ("mail-retry", "raw_mail_id"), ("mail-original", "raw_mail_id")):
            for method in METHODS:
                there = reverse(f"email:{name}", args=[self.far.arguments[inner]])
                assert code_of(getattr(self.client, method)(there)) in (404, 405), there
        assert changes(before, all_rows()) == set()

    def test_a_mailbox_cannot_be_put_behind_the_wall(self) -> None:
        self.sign_in(self.lena)
        there = reverse("email:mailbox", args=[self.near.mailbox.pk])
        posted = {"address": self.near.mailbox.address, "language": "en", "department": self.cast.south.pk}
        ports = {"imap_port": 993, "smtp_port": 465, "imap_security": "tls", "smtp_security": "tls"}

        answer = self.client.post(there, {**posted, **ports, "imap_folders": "INBOX"})

        self.near.mailbox.refresh_from_db()
        assert answer.status_code == 422
        assert self.near.mailbox.department == self.cast.north

    def test_a_mailbox_cannot_take_the_address_of_a_foreign_one(self) -> None:
        self.sign_in(self.lena)
        there = reverse("email:mailbox", args=[self.near.mailbox.pk])
        posted = {"address": self.near.mailbox.address, "language": "en", "department": self.cast.north.pk}
        ports = {"imap_port": 993, "smtp_port": 465, "imap_security": "tls", "smtp_security": "tls"}

        answer = self.client.post(
            there, {**posted, **ports, "imap_folders": "INBOX", "aliases": self.far.mailbox.address.upper()}
        )

        self.near.mailbox.refresh_from_db()
        assert answer.status_code == 422
        assert self.near.mailbox.aliases == []

    def ask(self, method: str, name: str, number: int, headers: dict[str, str]) -> tuple[int, str]:
        answer = getattr(self.client, method)(reverse(name, args=[number]), headers=headers)
        return answer.status_code, plain(answer).replace(str(number), "N")


class MergeTest(WallTest):
    def test_nothing_goes_into_a_foreign_ticket_nor_comes_out_of_one(self) -> None:
        before = all_rows()
        missing = self.client.post(self.door(self.near), {"into": 987_654})
        into = self.client.post(self.door(self.near), {"into": self.far.ticket.number})
        out = self.client.post(self.door(self.far), {"into": self.near.ticket.number})

        assert (missing.status_code, into.status_code, out.status_code) == (404, 404, 404)
        assert plain(missing) == plain(into)
        assert changes(before, all_rows()) == set()

    def test_the_search_for_the_other_ticket_stops_at_the_wall(self) -> None:
        for words in (
            str(self.far.ticket.number),
            f"#{self.far.ticket.number}",
            "farawaysubject",
            "farawaynote",
            "Emil",
        ):
            page = self.client.get(self.door(self.near), {"q": words}).content.decode()
            assert "faraway" not in page.replace(f'value="{words}"', ""), words

    def test_an_undone_merge_leaves_nobody_behind(self) -> None:
        """Merged by mistake: Emil must not get copies of what is said to Dora afterwards."""
        merged = merge(self.sibling.ticket, into=self.near.ticket, agent=self.cast.ben)
        assert self.taking_part() == {self.cast.emil.pk}

        actions.undo_merge(merged.pk, actor=actors.agent(self.cast.ben.pk))

        assert self.taking_part() == set()

    def test_an_undone_merge_leaves_those_who_took_part_before(self) -> None:
        add_participants(self.near.ticket.pk, [self.cast.emil.pk], actor=actors.system())
        merged = merge(self.sibling.ticket, into=self.near.ticket, agent=self.cast.ben)

        actions.undo_merge(merged.pk, actor=actors.agent(self.cast.ben.pk))

        assert self.taking_part() == {self.cast.emil.pk}

    def taking_part(self) -> set[int]:
        return set(Participant.objects.filter(ticket=self.near.ticket).values_list("contact_id", flat=True))

    @staticmethod
    def door(side: Side) -> str:
        return reverse("ticket-merge", args=[side.ticket.number])


class SearchTest(WallTest):
    def test_a_number_behind_the_wall_leads_nowhere(self) -> None:
        for words in (f"#{self.far.ticket.number}", str(self.far.ticket.number), f"number:{self.far.ticket.number}"):
            answer = self.client.get(reverse("ticket-search"), {"q": words})
            assert answer.status_code == 200
            assert reverse("ticket", args=[self.far.ticket.number]) not in answer.content.decode()


class RevokedLinkTest(WallTest):
    def test_a_revoked_link_opens_no_door(self) -> None:
        doors = [name for name, pattern in routes().items() if name.startswith("portal:")]
        actions.revoke_links(self.near.ticket.pk, actor=actors.system())
        before = all_rows()
        for name in doors:
            names = routes()[name].pattern.converters
            there = reverse(name, kwargs={each: self.near.arguments[each] for each in names})
            for method in METHODS:
                assert code_of(getattr(self.client, method)(there)) in (404, 405), there
        assert len(doors) >= 5
        assert changes(before, all_rows()) == set()


class AfterTheMoveTest(WallTest):
    """C1.4: the ticket goes to South; Ben keeps nothing of it, whatever he had open."""

    def setUp(self) -> None:
        super().setUp()
        number = self.near.ticket.number
        self.pages = [
            reverse(name, kwargs={part: self.near.arguments[part] for part in pattern.pattern.converters})
            for name, pattern in routes().items()
            if "number" in pattern.pattern.converters and not name.startswith("core:")
        ]
        self.signed = file_links.preview_link(self.cast.ben, self.near.picture)
        assert code_of(self.client.get(self.signed)) == 200
        assert self.client.get(reverse("ticket", args=[number])).status_code == 200
        actions.move_ticket(self.near.ticket.pk, to=self.cast.south, actor=actors.agent(self.cast.ada.pk))
        run_consumers()

    def test_pages_files_and_signed_links_are_gone(self) -> None:
        before = all_rows()
        assert len(self.pages) >= 18
        for there in (*self.pages, self.signed):
            for method in METHODS:
                assert code_of(getattr(self.client, method)(there)) in (404, 405), there
        assert changes(before, all_rows()) == set()

    def test_lists_and_search_forget_it(self) -> None:
        for name in ("mine", "unassigned", "open", "waiting", "resolved", f"department-{self.cast.north.pk}"):
            assert "nearby" not in plain(self.client.get(reverse("inbox"), {"view": name})), name
            assert "nearby" not in plain(self.client.get(reverse("inbox-beside"), {"view": name})), name
        for words in (
            "nearbysubject",
            "nearbynote",
            "nearbyabsorbedtext",
            "tag:nearbytag",
            f"#{self.near.ticket.number}",
        ):
            page = plain(self.client.get(reverse("ticket-search"), {"q": words})).replace(words, "")
            assert "nearby" not in page, words

    def test_the_raw_mail_of_a_processed_message_is_not_in_the_settings(self) -> None:
        """What was processed belongs to its ticket; only what was not is the mailbox's."""
        self.sign_in(self.lena)
        read = RawMail.objects.get(pk=self.near.raw_mail.pk)
        there = reverse("email:mail-original", args=[read.pk])
        assert code_of(self.client.get(there)) == 200
        read.state, read.message = RawMail.State.DONE, self.near.asked
        read.save()

        assert code_of(self.client.get(there)) == 404

    def test_the_customer_keeps_the_page(self) -> None:
        assert self.client.get(reverse("portal:ticket", args=[self.near.key])).status_code == 200


class TwoMailboxesTest(DeskTest):
    def test_a_lead_sees_no_mailbox_of_another_department(self) -> None:
        lena = make_agent("Lena Lead", role=roles.LEAD, department=self.cast.north)
        make_mailbox(self.cast.south, "faraway@acme.example")
        make_ticket(self.cast.south, self.cast.emil, subject="faraway")
        self.sign_in(lena)

        assert "faraway" not in self.client.get(reverse("email:mailboxes")).content.decode()
