from __future__ import annotations

from django.test import TestCase

from tugi.core import clock
from tugi.events import actors
from tugi.events.models import Event
from tugi.people import actions
from tugi.people.models import Contact, Organisation, OrganisationDomain
from tugi.people.testing import make_contact

CHANNEL = actors.system("channel")


class FindOrAddContactTest(TestCase):
    def test_an_unknown_address_becomes_a_contact(self) -> None:
        contact = actions.find_or_add_contact(email="Mari@Tamm.example", name="Mari Tamm", actor=CHANNEL)

        assert contact.identities.get().value == "mari@tamm.example"
        assert Event.objects.get().kind == "contact.added"

    def test_a_known_address_is_its_contact_and_keeps_the_name(self) -> None:
        known = make_contact("Mari Tamm", "mari@tamm.example")

        found = actions.find_or_add_contact(email="MARI@tamm.example", name="Somebody Else", actor=CHANNEL)

        assert (found, found.name) == (known, "Mari Tamm")
        assert not Event.objects.exists()

    def test_a_merged_contacts_address_leads_to_the_living_one(self) -> None:
        living = make_contact("Mari Tamm", "mari@tamm.example")
        old = make_contact("M. Tamm", "mari@old.example")
        Contact.objects.filter(id=old.pk).update(merged_into=living)

        assert actions.find_or_add_contact(email="mari@old.example", actor=CHANNEL) == living

    def test_a_new_contact_joins_the_organisation_of_its_domain(self) -> None:
        organisation = Organisation.objects.create(name="Tamm", created_at=clock.now())
        OrganisationDomain.objects.create(organisation=organisation, domain="tamm.example")

        contact = actions.find_or_add_contact(email="jaan@tamm.example", actor=CHANNEL)

        assert list(contact.organisations.all()) == [organisation]


class ContactTest(TestCase):
    def test_only_what_changed_is_said(self) -> None:
        contact = make_contact("Mari", "mari@tamm.example")

        actions.change_contact(contact.pk, name="Mari", language="et", actor=CHANNEL)

        assert Event.objects.get().data["fields"] == ["language"]

    def test_an_address_that_fails_is_marked_once(self) -> None:
        make_contact("Mari", "mari@tamm.example")

        for _ in range(2):
            identity = actions.mark_undeliverable("mari@tamm.example", actor=CHANNEL)

        assert identity is not None
        assert identity.undeliverable_at is not None
        assert Event.objects.count() == 1

    def test_an_address_nobody_has_is_not_marked(self) -> None:
        assert actions.mark_undeliverable("nobody@tamm.example", actor=CHANNEL) is None


class AddContactTest(TestCase):
    def test_somebody_without_an_address_is_a_contact_each_time(self) -> None:
        first, second = (actions.add_contact(name="Peter", language="et", actor=CHANNEL) for _ in range(2))

        assert first != second
        assert (first.name, first.language, first.identities.exists()) == ("Peter", "et", False)
        assert list(Event.objects.values_list("kind", flat=True)) == ["contact.added", "contact.added"]
