from __future__ import annotations

from django.test import TestCase

from tugi.core.errors import Invalid
from tugi.events import actors
from tugi.events.models import Event
from tugi.people.actions import add_organisation, find_or_add_contact

SYSTEM = actors.system("import")


class OrganisationTest(TestCase):
    def test_who_writes_from_its_domain_belongs_to_it(self) -> None:
        organisation = add_organisation(name="Harbour Hotel", domains=["Harbour.example"], actor=SYSTEM)
        inside = find_or_add_contact(email="ann@harbour.example", actor=SYSTEM)
        outside = find_or_add_contact(email="ann@elsewhere.example", actor=SYSTEM)

        self.assertEqual(list(inside.organisations.all()), [organisation])
        self.assertFalse(outside.organisations.exists())

    def test_it_is_said_in_the_log(self) -> None:
        organisation = add_organisation(name="Harbour Hotel", actor=SYSTEM)

        event = Event.objects.get(kind="organisation.added")
        self.assertEqual((event.subject_kind, event.subject_id), ("organisation", organisation.pk))

    def test_a_name_or_a_domain_is_taken_once(self) -> None:
        add_organisation(name="Harbour Hotel", domains=["harbour.example"], actor=SYSTEM)

        with self.assertRaises(Invalid):
            add_organisation(name="harbour hotel", actor=SYSTEM)
        with self.assertRaises(Invalid):
            add_organisation(name="Another", domains=["harbour.example"], actor=SYSTEM)
