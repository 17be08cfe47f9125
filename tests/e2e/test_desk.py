"""The agent's desk in Chromium, on the real product: keyboard, live changes, undo, phone, no script, axe."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, ViewportSize, expect

from tests.servers.tugi_server import CHECKOUT, TugiServer, tugi_server

pytestmark = pytest.mark.once

PASSWORD = "slow purple tractor 17"
PATIENCE = 20_000
PHONE: ViewportSize = {"width": 390, "height": 844}
SEED = """
from tugi.channels.email.actions.mailboxes import add_mailbox
from tugi.events import actors
cast = make_cast()
add_mailbox(address="support@acme.example", department=cast.north, actor=actors.system())
make_ticket(cast.north, cast.emil, subject="Where is my invoice", text="I cannot find it.")
make_ticket(cast.north, cast.dora, subject="Till is dead", text="It says session expired.", assignee=cast.ben)
make_ticket(cast.north, cast.emil, subject="Printer is loud", text="Very loud.", assignee=cast.ben)
"""


def run(server: TugiServer, code: str) -> None:
    """Let something happen at the desk, in a process of its own."""
    head = "import django; django.setup(); from tugi.tickets.testing import *; from tugi.tickets.models import *; "
    head += "from tugi.people.models import *\n"
    environment = server.environment | {"DJANGO_SETTINGS_MODULE": "tugi.settings"}
    command = [sys.executable, "-c", head + code]
    done = subprocess.run(command, env=environment, cwd=CHECKOUT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.fixture(scope="module")
def desk() -> Iterator[TugiServer]:
    expect.set_options(timeout=PATIENCE)
    with tugi_server() as server:
        run(server, SEED)
        yield server


@pytest.fixture(scope="module")
def signed_in(desk: TugiServer, browser: Browser) -> StorageState:
    """Ben's cookies: he signs in once, because tries are counted."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{desk.url}/sign-in")
    page.fill("input[name=login]", "ben@acme.example")
    page.fill("input[type=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/tickets/**")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def ben(desk: TugiServer, browser: Browser, signed_in: StorageState) -> Iterator[Page]:
    """Ben at his list."""
    context = browser.new_context(storage_state=signed_in)
    yield at_the_list(desk, context)
    context.close()


def at_the_list(desk: TugiServer, context: BrowserContext) -> Page:
    """A page with every module there: a key pressed before would be lost."""
    page = context.new_page()
    page.goto(f"{desk.url}/tickets/?view=mine")
    page.wait_for_selector("toast-stack:defined", state="attached")
    page.wait_for_selector("ticket-list:defined", state="attached")
    return page


def open_ticket(page: Page, subject: str) -> None:
    page.get_by_role("link", name=subject).first.click()
    expect(page.locator(".talk__title")).to_have_text(subject)


def test_a_ticket_is_answered_and_the_answer_taken_back_by_keyboard(ben: Page) -> None:
    ben.keyboard.press("j")
    subject = ben.evaluate("document.activeElement.lastChild.textContent")
    ben.keyboard.press("Enter")
    expect(ben.locator(".talk__title")).to_have_text(subject)
    answers = ben.locator(".message--outbound").filter(has_text="Please try once more.")
    ben.keyboard.press("r")
    expect(ben.locator(".ProseMirror")).to_be_focused()
    ben.keyboard.type("Please try once more.")
    ben.keyboard.press("Control+Enter")
    expect(answers).to_have_count(1)
    expect(ben.locator(".ProseMirror")).to_have_text("")

    ben.keyboard.press("Control+z")

    expect(answers).to_have_count(0)
    expect(ben.locator(".ProseMirror")).to_have_text("Please try once more.")
    ben.evaluate("localStorage.clear()")


def test_what_was_read_further_back_stays_when_something_comes(desk: TugiServer, ben: Page) -> None:
    long = "t = make_ticket(Department.objects.get(name='North'), Contact.objects.get(name='Emil Customer'), "
    long += "subject='A long story', text='The very first word', assignee=Agent.objects.get(name='Ben North'))"
    run(desk, f"{long}\nfor number in range(60): receive(t, f'Word {{number}}')")
    open_ticket(ben, "A long story")
    first = ben.locator(".message").filter(has_text="The very first word")
    expect(first).to_have_count(0)
    ben.get_by_role("link", name="Show older messages").click()
    expect(first).to_have_count(1)

    run(desk, "receive(Ticket.objects.get(subject='A long story'), 'And now?')")

    expect(ben.locator(".message").last).to_contain_text("And now?")
    expect(first).to_have_count(1)
    ben.get_by_role("button", name="Assign", exact=True).press("p")
    ben.get_by_role("menuitemcheckbox", name="Urgent").click()
    expect(ben.locator(".toast")).to_contain_text("Urgent")
    expect(first).to_have_count(1)
    ben.keyboard.press("e")
    expect(ben.locator(".talk__detail")).to_contain_text("Resolved")


def test_a_note_is_unmistakable(ben: Page) -> None:
    open_ticket(ben, "Till is dead")
    ben.keyboard.press("n")
    expect(ben.get_by_text("Only the desk sees this.")).to_be_visible()
    expect(ben.locator(".ProseMirror")).to_be_focused()
    ben.keyboard.type("The cable, surely.")
    ben.keyboard.press("Control+Enter")

    note = ben.locator(".message--note").last
    expect(note).to_contain_text("The cable, surely.")
    expect(note).to_contain_text("Internal note")


def test_a_resolved_ticket_leaves_the_list_and_comes_back_by_undo(ben: Page) -> None:
    open_ticket(ben, "Printer is loud")
    rows = ben.locator("#list-rows .item")
    expect(rows).to_have_count(2)
    ben.keyboard.press("e")
    expect(ben.locator(".talk__detail")).to_contain_text("Resolved")
    expect(rows).to_have_count(1)

    ben.locator(".toast__undo").last.click()

    expect(ben.locator(".talk__detail")).not_to_contain_text("Resolved")
    expect(rows).to_have_count(2)


def test_what_a_customer_writes_appears_in_place(desk: TugiServer, ben: Page) -> None:
    open_ticket(ben, "Till is dead")
    ben.evaluate("window.stayed = true")

    run(desk, 'receive(Ticket.objects.get(subject="Till is dead"), "Now it smokes, too.")')

    expect(ben.locator("#thread")).to_contain_text("Now it smokes, too.")
    expect(ben.locator("#list-rows .item").first).to_contain_text("Now it smokes, too.")
    assert ben.evaluate("window.stayed") is True


def test_a_new_ticket_appears_in_the_list(desk: TugiServer, ben: Page) -> None:
    ben.get_by_role("link", name="Unassigned").click()
    expect(ben.locator(".list__title")).to_have_text("Unassigned")

    code = 'make_ticket(Department.objects.get(name="North"), Contact.objects.first(), subject="Brand new")'
    run(desk, code)

    expect(ben.locator("#list-rows")).to_contain_text("Brand new")


def test_assigning_offers_only_who_may_take_it(ben: Page) -> None:
    open_ticket(ben, "Till is dead")
    ben.keyboard.press("s")
    menu = ben.locator("#assign-menu")
    expect(menu).to_contain_text("Leo Light")
    expect(menu).not_to_contain_text("Cleo")
    menu.get_by_text("Leo Light").click()

    expect(ben.locator(".talk__detail")).to_contain_text("Leo Light")
    ben.locator(".toast__undo").last.click()
    expect(ben.locator(".talk__detail")).to_contain_text("Ben North")


def test_a_draft_survives_a_reload(ben: Page) -> None:
    open_ticket(ben, "Printer is loud")
    ben.keyboard.press("r")
    expect(ben.locator(".ProseMirror")).to_be_focused()
    ben.keyboard.type("Half a sentence")
    expect(ben.locator(".composer__state")).to_contain_text("kept")
    ben.wait_for_timeout(600)

    ben.reload()

    expect(ben.locator(".ProseMirror")).to_have_text("Half a sentence")


def test_a_phone_shows_one_column_and_leads_back(ben: Page) -> None:
    ben.set_viewport_size(PHONE)
    expect(ben.locator("#main")).to_be_hidden()
    open_ticket(ben, "Till is dead")
    expect(ben.locator("#desk-list")).to_be_hidden()
    assert ben.evaluate("document.documentElement.scrollWidth <= innerWidth")

    ben.get_by_role("link", name="Back to the list").click()

    expect(ben.locator("#desk-list")).to_be_visible()


def test_everything_works_without_script(desk: TugiServer, browser: Browser, signed_in: StorageState) -> None:
    context = browser.new_context(java_script_enabled=False, storage_state=signed_in)
    page = context.new_page()
    page.goto(f"{desk.url}/tickets/?view=mine")
    page.get_by_role("link", name="Till is dead").click()
    page.fill("textarea[name=body]", "Written without script.")
    page.get_by_role("button", name="Send", exact=False).first.click()

    expect(page.locator(".message--outbound").last).to_contain_text("Written without script.")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(desk: TugiServer, browser: Browser, signed_in: StorageState, scheme: str) -> None:
    context = browser.new_context(storage_state=signed_in, reduced_motion="reduce")
    page = at_the_list(desk, context)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for step in ("list", "ticket"):
        if step == "ticket":
            open_ticket(page, "Till is dead")
            page.wait_for_selector("rich-text[data-ready]")
        found = Axe().run(page).response["violations"]
        grave = [each for each in found if each["impact"] in ("serious", "critical")]
        serious = [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in grave]
        assert not serious, (step, serious)
    context.close()
