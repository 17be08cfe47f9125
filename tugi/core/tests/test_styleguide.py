"""The style guide shows every component, and only in development."""

from __future__ import annotations

import re

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from pytest_django.fixtures import Settings

from tugi.core import panels
from tugi.core.styleguide import views
from tugi.core.templating import icon_names

SCREENS = {
    "components": views.components,
    "desk": views.desk,
    "customer": views.customer,
    "plain": views.plain,
    "toast": views.toast,
}


def shown(name: str) -> HttpResponse:
    return SCREENS[name](RequestFactory().get("/"))


@pytest.fixture(autouse=True)
def _no_panels_of_other_domains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_slots", {})


@pytest.fixture
def _development(settings: Settings) -> None:
    settings.STYLEGUIDE = True


@pytest.mark.parametrize("name", SCREENS)
def test_without_leave_it_is_not_there(name: str, settings: Settings) -> None:
    settings.STYLEGUIDE = False
    with pytest.raises(Http404):
        shown(name)


@pytest.mark.usefixtures("_development")
@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_renders_without_a_missing_variable(name: str) -> None:
    assert shown(name).status_code == 200


@pytest.mark.usefixtures("_development")
@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 429, 500])
def test_every_refusal_has_words(status: int) -> None:
    answer = views.error(RequestFactory().get("/"), status)
    assert answer.status_code == status
    assert "plain__lead" in answer.content.decode()


@pytest.mark.usefixtures("_development")
def test_it_shows_every_icon_in_both_themes() -> None:
    page = shown("components").content.decode()
    for name in icon_names():
        assert page.count(f'class="icons__one" title="{name}"') == 2


@pytest.mark.usefixtures("_development")
@pytest.mark.parametrize("name", ["components", "desk", "customer", "plain"])
def test_a_page_has_no_inline_style_or_handler_and_no_id_twice(name: str) -> None:
    page = shown(name).content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.usefixtures("_development")
@pytest.mark.parametrize("name", ["components", "desk", "customer", "plain"])
def test_what_a_label_or_a_button_points_at_is_on_the_page(name: str) -> None:
    page = shown(name).content.decode()
    ids = set(re.findall(r'\sid="([^"]+)"', page))
    pointed = set(re.findall(r'\s(?:for|popovertarget|aria-controls|aria-labelledby|data-opens)="([^"]+)"', page))
    assert pointed - ids == set()


def test_it_has_an_address() -> None:
    assert reverse("core:styleguide").endswith("/styleguide")
