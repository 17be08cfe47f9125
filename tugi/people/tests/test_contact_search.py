from __future__ import annotations

from django.test import TestCase

from tugi.people.contact_search import find_contacts, index_contact, not_found_in
from tugi.people.models import Agent, Contact
from tugi.people.testing import Cast, make_cast, make_contact


class ContactSearchTest(TestCase):
    cast: Cast
    people: dict[str, Contact]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()
        cls.people = {
            name: make_contact(name, address)
            for name, address in {
                "Mari Tamm": "mari.tamm@eesti.example",
                "Mari Maasikas": "mari@maasikas.example",
                "Александр Кузнецов": "a.kuznetsov@zavod.example",
                "Ștefan Ionescu": "stefan@ionescu.example",
                "John Smith": "john.smith@acme.example",
                "": "anonymous@nameless.example",
            }.items()
        }
        for contact in cls.people.values():
            index_contact(contact.pk, {cls.cast.north.pk})

    def names(self, text: str, agent: Agent | None = None) -> list[str]:
        return [found.name or found.address for found in find_contacts(agent or self.cast.ben, text)]

    def test_beginnings_of_names_and_addresses(self) -> None:
        assert self.names("mari ta") == ["Mari Tamm"]
        assert self.names("tamm mari") == ["Mari Tamm"]
        assert sorted(self.names("mari")) == ["Mari Maasikas", "Mari Tamm"]
        assert self.names("john.smith@ac") == ["John Smith"]
        assert self.names("@acme") == ["John Smith"]
        assert self.names("nameless") == ["anonymous@nameless.example"]
        assert self.names("КУЗН") == ["Александр Кузнецов"]

    def test_marks_may_be_left_out(self) -> None:
        assert self.names("stefan") == self.names("Ştefan") == ["Ștefan Ionescu"]

    def test_slips_of_the_finger_are_forgiven(self) -> None:
        for text in ("jonh smith", "john smth", "jhon smithe", "smitj"):
            assert self.names(text) == ["John Smith"], text
        assert self.names("kuznesov") == self.names("kuznetzov") == ["Александр Кузнецов"]
        assert self.names("Алекандр") == ["Александр Кузнецов"]

    def test_others_are_not_found(self) -> None:
        for text in ("", " ", "@", "zzz", "smithson", "mari smith", "'", "%", "_", "\x00", "x" * 10_000):
            assert self.names(text) == [], text

    def test_the_wall_stands_here_too(self) -> None:
        secret = make_contact("Zubrowka Canary", "canary@zubrowka.example")
        index_contact(secret.pk, {self.cast.south.pk})

        for text in ("zubrowka", "zub", "zubrovka", "canary@zubrowka.example"):
            assert self.names(text) == [], text
            assert self.names(text, self.cast.cleo) == ["Zubrowka Canary"], text
            assert self.names(text, self.cast.ada) == ["Zubrowka Canary"], text

    def test_a_contact_that_no_department_knows_is_found_by_the_whole_desk_only(self) -> None:
        index_contact(self.cast.emil.pk)

        assert self.names("emil", self.cast.ada) == ["Emil Customer"]
        assert self.names("emil") == []

    def test_a_changed_name_takes_the_place_of_the_old_one(self) -> None:
        contact = self.people["John Smith"]
        contact.name = "Johann Schmidt"
        contact.save()
        index_contact(contact.pk)

        assert self.names("schmidt") == ["Johann Schmidt"]
        assert self.names("smtih") == ["Johann Schmidt"]  # still in the address
        assert self.names("schmit") == ["Johann Schmidt"]

    def test_nobody_stands_twice(self) -> None:
        index_contact(self.people["John Smith"].pk, {self.cast.north.pk, self.cast.south.pk})

        assert self.names("smith", self.cast.ada) == ["John Smith"]

    def test_a_limit_is_kept(self) -> None:
        assert len(find_contacts(self.cast.ben, "mari", limit=1)) == 1

    def test_says_who_is_not_found_in_a_department_yet(self) -> None:
        north, south, john = self.cast.north.pk, self.cast.south.pk, self.people["John Smith"].pk

        assert not_found_in([(john, north), (john, south)]) == {john}
        assert not_found_in([(john, north)]) == set()
