from __future__ import annotations

from django.test import TestCase

from tugi.core.testing import HTMX
from tugi.people.contact_search import index_contact
from tugi.people.models import Contact
from tugi.people.testing import Cast, make_cast


class ContactListTest(TestCase):
    cast: Cast

    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()
        index_contact(cls.cast.dora.pk, {cls.cast.north.pk})

    def found(self, typed: str) -> str:
        answer = self.client.get("/contacts/search", {"q": typed}, headers=HTMX)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_options_are_those_the_agent_may_know(self) -> None:
        self.client.force_login(self.cast.ben)
        assert 'data-value="dora@dora.example"' in self.found("dora")

        self.client.force_login(self.cast.cleo)
        assert "dora@dora.example" not in self.found("dora")

    def test_who_has_no_address_cannot_be_written_to(self) -> None:
        nobody = Contact.objects.create(name="Dora Nowhere", created_at=self.cast.dora.created_at)
        index_contact(nobody.pk, {self.cast.north.pk})
        self.client.force_login(self.cast.ben)

        assert "Nowhere" not in self.found("nowhere")

    def test_nothing_typed_finds_nobody(self) -> None:
        self.client.force_login(self.cast.ben)

        assert "option" not in self.found("")
