"""The main job as people meet it: in their browsers and mail programs, with the desk running as it is started.

Every walk has a customer and tickets of its own, so that they may come in any order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.e2e.customers import html_of, link_in, text_of
from tests.e2e.desk import Desk
from tests.e2e.desk import desk as desk_set_up_in
from tests.e2e.windows import PHONE, Window, is_live, sign_in
from tests.servers.processes import wait_until

pytestmark = pytest.mark.once
WORDS = {
    "en": ("The kitchen scales", "Both of our kitchen scales show the wrong weight since Monday.", "scale"),
    "ru": ("Кофемашина", "Здравствуйте! Наши кофемашины не включаются после грозы, помогите.", "кофемашину"),
    "ro": ("Cuptor", "Bună ziua, cuptoarele noastre nu mai pornesc de ieri, vă rugăm să ne ajutați.", "cuptorul"),
    "et": ("Külmik", "Tere! Meie külmikud teevad öösel väga valju häält, palun aidake.", "külmikutest"),
}


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Iterator[Desk]:
    with desk_set_up_in(browser) as running:
        yield running


@pytest.fixture(autouse=True)
def _at_the_desk(desk: Desk) -> Iterator[None]:
    """Everybody looks at the unassigned tickets; at the end nothing has gone wrong in their windows."""
    for each in desk.windows:
        each.open("/tickets/?view=unassigned")
        is_live(each.page)
        each.problems.clear()
    yield
    assert [each.problems for each in desk.windows] == [[], [], []]


def test_the_set_up_link_is_closed_for_ever(desk: Desk) -> None:
    visitor = desk.new_window()

    answer = visitor.page.goto(desk.set_up_link)

    assert answer is not None
    assert answer.status == 404
    visitor.look()


def test_a_request_is_taken_answered_and_answered_back(desk: Desk) -> None:
    dora, page = desk.customer("Dora Linde"), desk.ben.page
    asked = dora.write("The printer is on fire", "It burns since ten. What shall we do?")
    for each in (desk.ben, desk.cleo):
        expect(row(each, "The printer is on fire")).to_be_visible()
    told = dora.mail(1)
    assert told["Auto-Submitted"] == "auto-replied"

    open_row(desk.ben, "The printer is on fire")
    page.keyboard.press("i")
    expect(row(desk.cleo, "The printer is on fire")).to_have_count(0)

    page.keyboard.press("n")
    expect(page.locator(".ProseMirror")).to_be_focused()
    page.keyboard.type("The third one this week.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message--note")).to_contain_text("The third one this week.")

    write_by_keys(page)
    attach_by_keys(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message--outbound")).to_contain_text("Pull the plug at once.")
    page.keyboard.press("Control+z")
    expect(page.locator(".ProseMirror")).to_have_text("Pull the plug at once.")
    expect(page.locator(".message--outbound")).to_have_count(0)
    expect(page.locator(".ProseMirror")).to_be_focused()
    expect(page.locator(".file-drop [data-part=kept]")).to_contain_text("manual.txt")
    desk.ben.look()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message--outbound")).to_contain_text("manual.txt")
    answer = dora.mail(2)
    assert f"[#{number_in(told)}]" in answer["Subject"]
    assert answer["In-Reply-To"] == asked
    assert asked in answer["References"]
    assert "Pull the plug at once." in text_of(answer)
    assert "<strong>at once.</strong>" in html_of(answer)
    assert [part.get_filename() for part in answer.iter_attachments()] == ["manual.txt"]
    assert "third one" not in answer.as_string()

    dora.answer(answer, "The plug is out, and so is the fire. Thank you!")
    expect(page.locator(".message--inbound").last).to_contain_text("The plug is out")
    expect(page.locator(".message__state").last).to_contain_text("Sent")
    assert len(dora.inbox) == 2


def test_a_customer_follows_the_request_on_a_phone(desk: Desk) -> None:
    emil = desk.customer("Emil Raud")
    emil.write("The door does not close", "It stays open, whatever we do.")
    told = emil.mail(1)
    phone = desk.new_window()
    page = phone.page
    page.set_viewport_size(PHONE)
    desk.ada.open("/tickets/?view=resolved")
    is_live(desk.ada.page)

    page.goto(link_in(told))
    expect(page.locator(".standing__title")).to_have_text("Received")
    phone.look()
    page.get_by_label("Add a comment").fill("Here is a picture of it.")
    page.get_by_label("Attach files").set_input_files(a_file("door.txt", b"a door, ajar"))
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".request-talk .message").last).to_contain_text("Here is a picture of it.")
    expect(page.locator(".request-talk .message").last).to_contain_text("door.txt")

    page.get_by_role("button", name="Mark as solved").click()
    expect(page.locator(".standing__title")).to_have_text("Solved")
    expect(row(desk.ada, "The door does not close")).to_be_visible()
    expect(row(desk.ben, "The door does not close")).to_have_count(0)

    emil.answer(told, "It opened again over night.")
    expect(row(desk.ben, "The door does not close")).to_be_visible()
    expect(row(desk.ada, "The door does not close")).to_have_count(0)
    page.reload()
    expect(page.locator(".request-talk .message").last).to_contain_text("It opened again over night.")
    assert phone.problems == []


def test_two_requests_are_merged_and_parted_again(desk: Desk) -> None:
    frida, page = desk.customer("Frida Holm"), desk.ben.page
    frida.write("Order 88213 is late", "It was to come on Friday.")
    expect(row(desk.ben, "Order 88213 is late")).to_be_visible()
    frida.write("And where is my parcel", "I wrote this morning already.")
    open_row(desk.ben, "And where is my parcel")

    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Merge into another ticket").click()
    choice = page.locator(".merge__choice").filter(has_text="Order 88213 is late")
    choice.get_by_role("button", name="Merge").click()
    expect(row(desk.cleo, "And where is my parcel")).to_have_count(0)

    open_row(desk.cleo, "Order 88213 is late")
    thread = desk.cleo.page.locator("#thread")
    expect(thread).to_contain_text("I wrote this morning already.")
    thread.get_by_role("button", name="Undo").click()
    expect(thread).not_to_contain_text("I wrote this morning already.")
    expect(row(desk.cleo, "And where is my parcel")).to_be_visible()


def test_an_open_menu_stays_where_it_is_while_the_ticket_changes(desk: Desk) -> None:
    igor, page = desk.customer("Igor Sild"), desk.ben.page
    igor.write("The lamp blinks", "Twice a second.")
    open_row(desk.ben, "The lamp blinks")
    told = igor.mail(1)
    page.get_by_role("button", name="More", exact=True).click()
    item = page.get_by_role("menuitem", name="Change the subject")
    before = item.bounding_box()

    igor.answer(told, "Now three times a second.")

    expect(page.locator("#thread")).to_contain_text("Now three times a second.")
    assert item.bounding_box() == before
    page.keyboard.press("Escape")
    expect(item).to_be_hidden()


def test_an_open_menu_keeps_its_choices_while_the_ticket_changes(desk: Desk) -> None:
    jana, page = desk.customer("Jana Mets"), desk.ben.page
    jana.write("The fan hums", "All night long.")
    open_row(desk.ben, "The fan hums")
    told = jana.mail(1)

    for menu, choice, said in (
        ("Assign", "Ada Admin", "It hums louder now."),
        ("Customer support", "Customer support", "And now it is silent."),
    ):
        page.get_by_role("button", name=menu, exact=True).click()
        item = page.get_by_role("menuitemcheckbox", name=choice)
        expect(item).to_be_visible()
        jana.answer(told, said)
        expect(page.locator("#thread")).to_contain_text(said)
        expect(item).to_be_visible()
        page.keyboard.press("Escape")
        expect(item).to_be_hidden()


def test_an_agent_is_chosen_by_keys_and_the_menu_knows_it_afterwards(desk: Desk) -> None:
    kaja, page = desk.customer("Kaja Rand"), desk.ben.page
    kaja.write("The clock is slow", "Two minutes a day.")
    open_row(desk.ben, "The clock is slow")

    page.keyboard.press("s")
    expect(page.get_by_role("menuitem", name="Assign to me").first).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("menuitemcheckbox", name="Cleo Laan")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator(".talk__detail")).to_contain_text("Cleo Laan")
    page.keyboard.press("s")
    expect(page.get_by_role("menuitemcheckbox", name="Cleo Laan", checked=True)).to_be_visible()
    expect(page.get_by_role("menuitem", name="Nobody")).to_be_visible()


def test_words_are_found_in_four_languages_however_they_are_bent(desk: Desk) -> None:
    greta = desk.customer("Greta Puu")
    for subject, text, _query in WORDS.values():
        greta.write(subject, text)
        expect(row(desk.ben, subject)).to_be_visible()

    for subject, _text, query in WORDS.values():
        wait_until(lambda: finds(desk.ben, query, subject), query)  # noqa: B023 - called before the next turn
    desk.ben.look()


def test_axe_finds_nothing_serious_on_the_way(desk: Desk) -> None:
    hugo, guest = desk.customer("Hugo Berg"), desk.new_window()
    hugo.write("A quiet question", "How are you?")
    expect(row(desk.ada, "A quiet question")).to_be_visible()
    desk.ada.look()
    for path in ("profile", "agents", "agents/2", "mail/1", "mail/health"):
        desk.ada.open(f"/settings/{path}")
        desk.ada.look()
    guest.open("/sign-in")
    guest.look()
    sign_in(guest, "ada@northlight.example")
    assert guest.problems == []


def row(opened: Window, subject: str) -> Locator:
    return opened.page.locator(".item").filter(has_text=subject)


def open_row(opened: Window, subject: str) -> None:
    row(opened, subject).get_by_role("link").click()
    expect(opened.page.locator(".talk__title")).to_have_text(subject)


def write_by_keys(page: Page) -> None:
    page.keyboard.press("r")
    expect(page.locator(".ProseMirror")).to_be_focused()
    page.keyboard.type("Pull the plug ")
    page.keyboard.press("Control+b")
    page.keyboard.type("at once.")


def attach_by_keys(page: Page) -> None:
    """From the text on to the files, by Tab, and a file chosen there."""
    expect(page.locator(".ProseMirror")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#id_files")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(a_file("manual.txt", b"Page one: the plug."))
    expect(page.locator(".file-drop [data-part=list]")).to_contain_text("manual.txt")


def a_file(name: str, content: bytes) -> FilePayload:
    return FilePayload(name=name, mimeType="text/plain", buffer=content)


def finds(opened: Window, query: str, subject: str) -> bool:
    page = opened.page
    page.keyboard.press("/")
    page.keyboard.press("Control+a")
    page.keyboard.type(query)
    page.keyboard.press("Enter")
    expect(page.locator(".list__title")).to_have_text(f"Found: {query}")
    return row(opened, subject).count() == 1


def number_in(mail: EmailMessage) -> int:
    found = re.search(r"\[#(\d+)\]", str(mail["Subject"]))
    assert found
    return int(found.group(1))
