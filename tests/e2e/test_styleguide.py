"""The components in a real browser, under the product's own content security policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Page, expect

from tests.servers.tugi_server import TugiServer, tugi_server

pytestmark = pytest.mark.once
SCREENS = ["", "/desk/10482", "/customer", "/plain", "/error/404"]
DESK = "/styleguide/desk/10482"


@pytest.fixture(scope="module")
def desk() -> Iterator[TugiServer]:
    with tugi_server(settings={"TUGI_STYLEGUIDE": "1"}) as server:
        yield server


@pytest.fixture
def opened(page: Page, desk: TugiServer) -> Iterator[Page]:
    """The sample ticket, open; the test fails on any error in the console."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(desk.url + DESK)
    page.wait_for_selector("rich-text[data-ready]")
    yield page
    assert problems == []


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_serious(page: Page, desk: TugiServer, screen: str, width: int, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(desk.url + "/styleguide" + screen)
    page.wait_for_selector("toast-stack:defined", state="attached")

    found = Axe().run(page).response["violations"]

    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [(each["id"], each["nodes"][0]["target"]) for each in serious] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_keys_follow_their_place_on_a_cyrillic_keyboard_and_rest_while_typing(opened: Page) -> None:
    press = """code => document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", {key: "о", code, bubbles: true, cancelable: true, composed: true}))"""

    opened.evaluate(press, "KeyJ")
    expect(opened.locator("#ticket-10479 .item__subject")).to_be_focused()

    opened.keyboard.press("/")
    expect(opened.get_by_role("searchbox")).to_be_focused()
    opened.keyboard.type("jj")
    expect(opened.get_by_role("searchbox")).to_have_value("jj")


def test_the_sheet_of_keys_lists_what_works_here(opened: Page) -> None:
    opened.keyboard.press("?")
    sheet = opened.get_by_role("dialog", name="Keys on this page")
    expect(sheet).to_contain_text("Resolve")
    opened.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_what_is_typed_outlives_the_page(opened: Page) -> None:
    opened.keyboard.press("r")
    expect(opened.locator(".ProseMirror")).to_be_focused()
    opened.keyboard.type(" Yours, Ben")
    while not opened.evaluate("localStorage.length"):
        opened.wait_for_timeout(50)
    opened.reload()
    expect(opened.locator(".ProseMirror")).to_contain_text("Yours, Ben")


def test_rich_text_sends_html_and_says_so(opened: Page) -> None:
    opened.keyboard.press("r")
    expect(opened.locator(".ProseMirror")).to_be_focused()
    opened.keyboard.press("Control+b")
    opened.keyboard.type("now")
    expect(opened.get_by_role("button", name="Bold")).to_have_attribute("aria-pressed", "true")
    assert "<strong>now</strong>" in opened.locator("textarea[name=body]").input_value()
    assert opened.locator("[name=body_format]").input_value() == "html"


def test_without_script_the_text_is_a_plain_textarea(browser_context_without_script: Page, desk: TugiServer) -> None:
    page = browser_context_without_script
    page.goto(desk.url + DESK)
    expect(page.locator("textarea[name=body]")).to_be_visible()
    assert page.locator("[name=body_format]").get_attribute("value") == "text"


@pytest.fixture
def browser_context_without_script(page: Page) -> Iterator[Page]:
    assert page.context.browser
    context = page.context.browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_a_row_opens_beside_the_list_and_the_address_follows(opened: Page, desk: TugiServer) -> None:
    opened.get_by_role("link", name="How do I export our data?").click()
    expect(opened).to_have_url(desk.url + "/styleguide/desk/10466")
    expect(opened.locator("#ticket-10466")).to_have_attribute("aria-current", "true")
    opened.go_back()
    expect(opened).to_have_url(desk.url + DESK)


def test_a_destructive_act_asks_once_and_names_the_thing(opened: Page) -> None:
    opened.get_by_role("button", name="More", exact=True).click()
    opened.get_by_role("menuitem", name="Delete…").click()
    question = opened.get_by_role("dialog", name="Delete ticket #10482?")
    expect(question.get_by_role("button", name="Cancel")).to_be_focused()
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_be_hidden()


def test_on_a_phone_there_is_one_column_with_a_way_back(opened: Page) -> None:
    opened.set_viewport_size({"width": 390, "height": 844})
    expect(opened.locator("#desk-list")).to_be_hidden()
    opened.get_by_role("link", name="Back to the list").click()
    expect(opened.locator("#desk-list")).to_be_visible()
    expect(opened.locator("#main")).to_be_hidden()
    opened.get_by_role("link", name="How do I export our data?").click()
    expect(opened.locator("#main")).to_be_visible()


def test_a_toast_offers_to_undo_and_can_be_dismissed(page: Page, desk: TugiServer) -> None:
    page.goto(desk.url + "/styleguide")
    page.get_by_role("button", name="Toast").first.click()
    toast = page.locator("toast-stack .toast")
    expect(toast).to_contain_text("Undo")
    toast.get_by_role("button", name="Dismiss").click()
    expect(toast).to_have_count(0)


def test_a_theme_is_chosen_at_once_and_remembered(opened: Page) -> None:
    opened.get_by_role("button", name="Ben Kask").click()
    opened.get_by_role("menuitemradio", name="Dark").click()
    expect(opened.locator("html")).to_have_attribute("data-theme", "dark")
    opened.reload()
    expect(opened.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_file_too_large_is_left_out_and_named(page: Page, desk: TugiServer) -> None:
    page.goto(desk.url + "/styleguide/customer")
    page.wait_for_selector("file-drop:defined")
    small = FilePayload(name="small.txt", mimeType="text/plain", buffer=b"x" * 2000)
    large = FilePayload(name="large.bin", mimeType="text/plain", buffer=b"x" * 10_000_001)
    page.locator("input[type=file]").set_input_files([small, large])
    expect(page.locator(".file-drop__list")).to_contain_text("small.txt")
    expect(page.locator(".file-drop [role=alert]")).to_contain_text("large.bin is larger")
    assert page.locator("input[type=file]").evaluate("input => input.files.length") == 1
