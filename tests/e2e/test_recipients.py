"""Who gets the reply, as agents choose it in the composer, by keys and with the mouse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.customers import Customer
from tests.e2e.desk import Desk
from tests.e2e.desk import desk as desk_set_up_in

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Iterator[Desk]:
    with desk_set_up_in(browser) as running:
        for name in ("Anna Koit", "Bob Saar", "Carl Mets"):
            running.customer(name).write(f"From {name}", "Good morning!")
            running.customer(name).mail(1)
        yield running


@pytest.fixture
def page(desk: Desk, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Ben has a new ticket of Dora's open; at the end nothing has gone wrong in his window."""
    subject = request.function.__name__.replace("_", " ")
    desk.customer("Dora Linde").write(subject, "Who else is to know of it?")
    page = desk.ben.open("/tickets/?view=unassigned")
    desk.ben.problems.clear()
    page.locator(".item").filter(has_text=subject).get_by_role("link").click()
    expect(page.locator(".talk__title")).to_have_text(subject)
    yield page
    assert desk.ben.problems == []


def test_a_name_is_typed_and_chosen_by_keys(page: Page) -> None:
    field(page).click()
    page.keyboard.type("koit")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")

    expect(chips(page)).to_have_text(["Anna Koit"])
    expect(field(page)).to_have_value("")
    expect(field(page)).to_be_focused()


def test_a_list_of_what_was_typed_before_is_not_taken_from(page: Page) -> None:
    field(page).click()
    page.keyboard.type("anna")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Control+a")
    page.keyboard.type("bob")
    page.keyboard.press("Enter")

    expect(chips(page)).to_have_text(["Bob Saar"])


def test_backspace_takes_one_out_however_long_it_is_held(page: Page) -> None:
    for name in ("anna", "bob", "carl"):
        add(page, name)
    expect(chips(page)).to_have_count(3)

    page.keyboard.press("Backspace")
    expect(chips(page)).to_have_count(2)
    page.keyboard.type("x")
    for _held in range(4):
        page.keyboard.down("Backspace")
    page.keyboard.up("Backspace")
    add(page, "carl")

    expect(chips(page)).to_have_count(3)


def test_who_was_typed_when_send_is_pressed_gets_the_reply(desk: Desk, page: Page) -> None:
    write(page, "It is mended.")
    field(page).click()
    page.keyboard.type("emil@else.example")
    send(page)

    expect(page.locator(".message--outbound")).to_contain_text("It is mended.")
    emil = Customer("Emil Raud", "emil@else.example", desk.server, desk.sink)
    assert emil.mail(1)["Cc"] == "emil@else.example"


def test_what_the_server_did_not_take_stands_and_nothing_leaves(desk: Desk, page: Page) -> None:
    write(page, "Not yet.")
    page.route("**/participants*", lambda route: route.fulfill(status=500, body=""), times=1)
    field(page).click()
    page.keyboard.type("emil@else.example")
    send(page)

    expect(page.locator("#toasts .toast")).to_be_visible()
    expect(field(page)).to_have_value("emil@else.example")
    expect(field(page)).to_be_focused()
    expect(page.locator(".message--outbound")).to_have_count(0)
    desk.ben.problems.clear()


def test_a_list_closed_stays_closed_while_the_ticket_changes(desk: Desk, page: Page) -> None:
    field(page).click()
    page.keyboard.type("anna")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#recipient-options")).to_be_hidden()

    cleo = desk.cleo.page
    cleo.goto(page.url)
    cleo.keyboard.press("n")
    expect(cleo.locator(".ProseMirror")).to_be_focused()
    cleo.keyboard.type("Do hurry.")
    cleo.keyboard.press("Control+Enter")

    expect(page.locator("#thread")).to_contain_text("Do hurry.")
    expect(page.locator("#recipient-options")).to_be_hidden()
    expect(field(page)).to_have_value("anna")


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Add somebody by name or address")


def options(page: Page) -> Locator:
    return page.locator("#recipient-options").get_by_role("option")


def chips(page: Page) -> Locator:
    return page.locator("#recipients .chip__label")


def add(page: Page, name: str) -> None:
    before = chips(page).count()
    field(page).click()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(chips(page)).to_have_count(before + 1)
    expect(field(page)).to_have_value("")


def write(page: Page, text: str) -> None:
    page.locator(".ProseMirror").click()
    page.keyboard.type(text)


def send(page: Page) -> None:
    page.locator(".composer button[name=then][value='']").click()
