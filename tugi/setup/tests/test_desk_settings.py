from __future__ import annotations

from django.urls import reverse

from tugi.core.models import DeskSettings
from tugi.events.models import Event
from tugi.tickets.testing import DeskTest


class DeskSettingsTest(DeskTest):
    def save(self, **fields: str) -> int:
        told = {"company": "Acme & Co", "language": "et", "time_zone": "Europe/Tallinn", **fields}
        return self.client.post(reverse("setup:desk"), told).status_code

    def test_an_administrator_renames_the_company(self) -> None:
        self.sign_in(self.cast.ada)

        assert self.save() == 302

        desk = DeskSettings.load()
        assert (desk.company, desk.language, desk.time_zone) == ("Acme & Co", "et", "Europe/Tallinn")
        assert Event.objects.get(kind="desk.changed").data["fields"] == ["company", "language", "time_zone"]

    def test_nonsense_is_refused_and_nothing_changes(self) -> None:
        self.sign_in(self.cast.ada)

        assert self.save(time_zone="Moon/Crater") == 422
        assert DeskSettings.load().company == "Acme"

    def test_saving_what_is_there_says_nothing(self) -> None:
        self.sign_in(self.cast.ada)
        self.save()
        self.save()

        assert Event.objects.filter(kind="desk.changed").count() == 1
