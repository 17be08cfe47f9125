from __future__ import annotations

from tugi.tickets.search import Sought, highlight, parse, search_tickets, snippets
from tugi.tickets.search.walks import Hit
from tugi.tickets.testing import DeskTest, make_ticket
from tugi.tickets.tests.search.desk import index_all


class SnippetsTest(DeskTest):
    def shown(self, text: str, query: str) -> str:
        parts = highlight(text, Sought(parse(query)))
        return "".join(f"[{part.text}]" if part.is_match else part.text for part in parts)

    def test_matches_are_parts_in_all_their_forms(self) -> None:
        assert self.shown("Two Invoices, one invoice.", "invoice") == "Two [Invoices], one [invoice]."
        assert self.shown("Заказов нет", "заказ") == "[Заказов] нет"

    def test_a_phrase_is_one_part(self) -> None:
        assert self.shown("the annual report", '"annual report"') == "the [annual report]"
        assert self.shown("annual the report", '"annual report"') == "annual the report"

    def test_unspaced_writing_is_marked_too(self) -> None:
        assert self.shown("新しい返品です", "返品") == "新しい[返品]です"

    def test_text_is_never_markup(self) -> None:
        assert self.shown("<b>invoice</b> & more", "invoice b") == "<[b]>[invoice]</[b]> & more"

    def test_the_snippet_lies_around_the_match(self) -> None:
        text = "word " * 200 + "lantern at last " + "word " * 200
        ticket = make_ticket(self.cast.north, self.cast.dora, text=text)
        index_all()
        query = parse("lanterns")
        page = search_tickets(self.cast.ben, query)

        ((_message_id, parts),) = snippets(self.cast.ben, page.hits, Sought(query)).items()

        assert page.hits[0].ticket_id == ticket.pk
        assert [part.text for part in parts if part.is_match] == ["lantern"]
        assert parts[0].text == parts[-1].text == "…"
        assert sum(len(part.text) for part in parts) < 200

    def test_a_match_in_the_subject_alone_shows_the_beginning(self) -> None:
        make_ticket(self.cast.north, self.cast.dora, subject="Lantern", text="See above. " * 60)
        index_all()
        query = parse("lantern")

        (parts,) = snippets(self.cast.ben, search_tickets(self.cast.ben, query).hits, Sought(query)).values()

        assert parts[0].text.startswith("See above.")
        assert not any(part.is_match for part in parts)

    def test_a_forged_hit_shows_nothing(self) -> None:
        ticket = make_ticket(self.cast.south, self.cast.emil, text="A secret lantern.")
        message_id = ticket.messages.get().pk

        assert snippets(self.cast.ben, [Hit(ticket.pk, message_id)], Sought(parse("lantern"))) == {}
