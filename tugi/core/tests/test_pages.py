"""The whole page, or the piece htmx asked for."""

from __future__ import annotations

from django.http import HttpRequest
from django.test import RequestFactory

from tugi.core import pages
from tugi.core.errors import Conflict, NotFound

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def request(**headers: str) -> HttpRequest:
    return RequestFactory().get("/", headers={name.replace("_", "-"): value for name, value in headers.items()})


def body(asked: HttpRequest, fragment: pages.Fragment = "main") -> str:
    return pages.page(asked, "core/error.html", {"status": 404, "error": None}, fragment=fragment).content.decode()


def test_a_browser_gets_the_page() -> None:
    assert body(request()).startswith("<!doctype html>")


def test_htmx_gets_the_block_alone() -> None:
    piece = body(request(**HTMX))
    assert "<html" not in piece
    assert "To the start" in piece


def test_htmx_that_replaces_the_body_gets_the_page() -> None:
    assert body(request(**HTMX | {"HX-Request-Type": "full"})).startswith("<!doctype html>")


def test_a_restored_history_entry_gets_the_page() -> None:
    assert body(request(**HTMX | {"HX-History-Restore-Request": "true"})).startswith("<!doctype html>")


def test_the_target_chooses_among_several_fragments() -> None:
    choice = {"main": "main", "desk-list": "core/_refusal.html"}
    assert "To the start" in body(request(**HTMX, HX_Target="main#main"), choice)
    assert "hx-partial" in body(request(**HTMX, HX_Target="section#desk-list"), choice)
    assert body(request(**HTMX, HX_Target="div#else"), choice).startswith("<!doctype html>")


def test_both_answers_say_that_they_vary() -> None:
    for asked in (request(), request(**HTMX)):
        answer = pages.page(asked, "core/error.html", {"status": 404, "error": None}, fragment="main")
        assert "HX-Request" in answer["Vary"]


def test_a_refusal_is_a_page_that_leads_on() -> None:
    answer = pages.refusal(request(), NotFound())
    assert answer.status_code == 404
    assert "Nothing here" in answer.content.decode()


def test_a_refusal_of_htmx_is_a_toast_that_leaves_the_page_alone() -> None:
    answer = pages.refusal(request(**HTMX), Conflict("Cleo <b> took it."))
    assert answer.status_code == 409
    assert answer.content.decode().startswith('<hx-partial hx-target="#toasts"')
    assert "Cleo &lt;b&gt; took it." in answer.content.decode()


def test_a_stranger_has_the_theme_of_their_cookie_and_no_other_word() -> None:
    for cookie, theme in (("dark", "dark"), ("light", "light"), ('"><script>', "system")):
        asked = request()
        asked.COOKIES[pages.THEME_COOKIE] = cookie
        assert pages.reader_of(asked).theme == theme


def test_the_reader_a_middleware_knows_is_taken() -> None:
    asked, ben = request(), pages.Reader(name="Ben", theme="dark", density="compact")
    asked.reader = ben  # type: ignore[attr-defined]
    assert pages.reader_of(asked) is ben
    assert 'data-theme="dark" data-density="compact"' in body(asked)
