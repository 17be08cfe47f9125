from __future__ import annotations

import pytest

from tugi.tickets.testing import DeskTest, make_file, make_ticket
from tugi.tickets.tests.search.desk import find, found, index_all

TEXTS = {
    "en": "Please cancel the annual subscription, order ORD-2026-00417. Call me: +372 555 0101.",
    "ru": "Здравствуйте! Ёлка не доставлена, а деньги списаны дважды.",
    "et": "Tere, mul on krediitkaardiga makstud, aga kasutajanimi ei tööta.",
    "ro": "Bună ziua, facturile nu au ajuns. Mulțumesc!",
    "ja": "返品について質問があります。よろしくお願いします。",
    "th": "สวัสดีครับ ขอคืนสินค้า",
    "de": "Die Straße ist gesperrt, größere Lieferung unmöglich.",
    "emoji": "Great service 🦊 thank you",
    "el": "Καλημέρα, το τιμολόγιο δεν ήρθε.",
}


class WordsTest(DeskTest):
    def setUp(self) -> None:
        self.tickets = {
            name: make_ticket(self.cast.north, self.cast.dora, subject=f"about {name}", text=text)
            for name, text in TEXTS.items()
        }
        index_all()

    def names(self, text: str) -> list[str]:
        numbers = {ticket.number: name for name, ticket in self.tickets.items()}
        return sorted(numbers[number] for number in found(self.cast.ben, text))

    def test_each_is_found_by_what_one_would_type(self) -> None:
        expected = {
            "subscriptions": "en", "CANCELLED annual": "en", '"annual subscription"': "en", "ord-2026-00417": "en",
            "subscr*": "en", "елка": "ru", "доставили": "ru", "деньгами": "ru", "kaart": "et", "kasutaja": "et",
            "factura": "ro", "facturii": "ro", "返品": "ja", "質問があります": "ja", "คืนสินค้า": "th", "strasse": "de",
            "größere": "de", "🦊": "emoji", "τιμολόγιο": "el", "ΤΙΜΟΛΌΓΙΟ": "el",
        }  # fmt: skip

        assert {text: self.names(text) for text in expected} == {text: [name] for text, name in expected.items()}

    def test_all_words_must_be_there(self) -> None:
        assert self.names("annual refund") == []
        assert self.names("annual order") == ["en"]

    def test_a_phrase_keeps_its_order(self) -> None:
        assert self.names('"subscription annual"') == []
        assert self.names('"cancel the annual"') == ["en"]

    def test_no_phrase_reaches_from_the_subject_into_the_text(self) -> None:
        assert self.names('"about en"') == ["en"]
        assert self.names('"customer please"') == []

    def test_the_word_being_typed_finds_what_begins_with_it(self) -> None:
        assert self.names("subscri") == []
        assert self.names("subscri*") == ["en"]

    def test_people_files_tags_and_numbers_are_found(self) -> None:
        ticket = make_ticket(
            self.cast.north, self.cast.emil, text="Here.", files=[make_file("lightning-rod.pdf")], tags=["golden"]
        )
        index_all()

        for text in ("lightning-rod.pdf", "golden", "emil", "emil@emil.example", str(ticket.number)):
            assert found(self.cast.ben, text) == [ticket.number], text

    def test_a_number_offers_the_ticket(self) -> None:
        ticket = self.tickets["en"]

        for text in (f"#{ticket.number}", str(ticket.number), f"number:{ticket.number}", f"number:#{ticket.number}"):
            assert find(self.cast.ben, text).jump == ticket.pk, text
        assert find(self.cast.ben, "#99999999999").jump is None

    def test_what_the_first_message_quotes_is_found(self) -> None:
        from tugi.events import actors
        from tugi.tickets.actions import open_ticket
        from tugi.tickets.testing import incoming

        said = incoming(self.cast.dora, "See below.", quoted="The original complaint about a harmonium.")
        ticket, _message = open_ticket(
            said, subject="Fwd", department_id=self.cast.north.pk, actor=actors.contact(self.cast.dora.pk)
        )
        index_all()

        assert found(self.cast.ben, "harmonium") == [ticket.number]


@pytest.mark.django_db
def test_stems_of_one_language_do_not_hide_a_word_in_another() -> None:
    from tugi.tickets.search.tokens import token
    from tugi.tickets.search.words import own_tokens

    assert {token("maksete", language) for language in ("en", "ro", "et")} <= set(own_tokens("maksete"))
