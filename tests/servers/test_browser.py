from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tugi.core.models import DeskSettings

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.once


def test_chromium_shows_a_page(page: Page) -> None:
    page.set_content("<h1>Tugi</h1>")

    assert page.inner_text("h1") == "Tugi"


@pytest.mark.django_db
def test_models_are_at_hand_beside_the_browser(page: Page) -> None:
    page.set_content("<h1>Tugi</h1>")

    assert DeskSettings.load().company == page.inner_text("h1")
