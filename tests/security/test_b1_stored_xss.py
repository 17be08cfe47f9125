"""B1: hundreds of attacks stand in every field of the desk; a browser opens every page that shows one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from tests.house import source
from tests.security.canary import Canary, canary
from tests.security.hostile import NEEDLE, HostileDesk, make_hostile_desk
from tests.security.web import Watch, watched, whole_desk
from tests.stories.live_server import LiveServer, own_database
from tugi.channels.email.models import Mailbox
from tugi.people.models import Agent
from tugi.tickets.models import Message, Ticket

once = pytest.mark.once
Function = ast.FunctionDef | ast.AsyncFunctionDef


@pytest.fixture(scope="module")
def bird() -> Iterator[Canary]:
    with canary() as listening:
        yield listening


@pytest.fixture(scope="module")
def desk(browser: Browser, bird: Canary, django_db_blocker: DjangoDbBlocker) -> Iterator[HostileDesk]:
    with django_db_blocker.unblock(), own_database():
        yield make_hostile_desk(bird.origin)


@pytest.fixture(scope="module")
def server(desk: HostileDesk) -> Iterator[LiveServer]:
    with whole_desk() as running:
        yield running


@pytest.fixture
def ada(browser: Browser, server: LiveServer, desk: HostileDesk) -> Iterator[Watch]:
    with watched(browser, server, desk.cast.ada) as watch:
        yield watch


@pytest.fixture
def stranger(browser: Browser, server: LiveServer) -> Iterator[Watch]:
    with watched(browser, server) as watch:
        yield watch


def clean(watch: Watch, bird: Canary, path: str) -> None:
    watch.open(path)
    assert watch.faults(bird.origin) == [], path
    assert bird.hits == [], path


@once
def test_there_are_enough(desk: HostileDesk) -> None:
    assert desk.count >= 300
    assert Message.objects.filter(ticket=desk.ticket).count() > 320


@once
def test_the_watch_sees_what_goes_wrong(stranger: Watch) -> None:
    """Else all the rest would prove nothing."""
    with canary() as another:
        attack = (
            f'<div id=main><article class=message><i id=main onclick=x></i></article><img src="{another.origin}/x">'
        )
        stranger.page.set_content(f"{attack}<img src=x onerror=alert(1)><script>throw new Error('ran')</script>")
        stranger.page.wait_for_timeout(200)
        found = "\n".join(stranger.faults(another.origin))
        assert another.hits

    for fault in ("dialog: 1", "error: ran", "without our nonce", "<i onclick=", "<img src=http", "2 of #main", "/x"):
        assert fault in found, found


@once
def test_lists_and_searches(ada: Watch, bird: Canary, desk: HostileDesk) -> None:
    """All 320 tickets, page by page, as the list and as what was found."""
    for start in ("/tickets/?view=open", f"/tickets/search?q={NEEDLE}"):
        path: str | None = start
        seen = 0
        while path:
            clean(ada, bird, path)
            seen += ada.page.locator("article.item").count()
            more = ada.page.locator("#list-more a, #list-more [hx-get]").first
            path = more.get_attribute("href") or more.get_attribute("hx-get") if more.count() else None
        assert seen >= 320, start


@once
def test_the_ticket_from_end_to_end(ada: Watch, bird: Canary, desk: HostileDesk) -> None:
    there = reverse("ticket", args=[desk.ticket.number])
    clean(ada, bird, there)
    seen = set(re.findall(r'id="message-(\d+)"', ada.page.content()))
    assert len(seen) == 50
    while True:
        oldest = min(map(int, seen))
        clean(ada, bird, f"{reverse('ticket-older', args=[desk.ticket.number])}?before={oldest}")
        more = set(re.findall(r'id="message-(\d+)"', ada.page.content()))
        if not more - seen:
            break
        seen |= more
    assert len(seen) >= 320


@once
def test_the_frames_of_laid_out_mails(ada: Watch, bird: Canary, desk: HostileDesk) -> None:
    """Opened as the frame and as a page of its own, where the sandbox of the page around it is missing."""
    assert len(desk.bodies) >= 8
    for message in desk.bodies:
        there = reverse("ticket-body", args=[desk.ticket.number, message.pk])
        answer = ada.page.goto(ada.origin + there)
        assert answer is not None and "sandbox" in answer.headers["content-security-policy"]
        assert "script" not in answer.headers["content-security-policy"]
        text = answer.text()
        assert bird.hits == [] and ada.dialogs == []
        assert not re.search(
            r"(?i)<(script|iframe|object|embed|svg|math|form|link|meta http|base)\b", text.partition("<body>")[2]
        )
        assert not re.search(r"(?i)<[^>]*\son[a-z]+\s*=", text)
        ada.errors.clear()


@once
def test_menus_dialogs_and_what_they_fetch(ada: Watch, bird: Canary, desk: HostileDesk) -> None:
    number = desk.ticket.number
    for name in ("ticket-assignment", "ticket-department", "ticket-merge"):
        clean(ada, bird, reverse(name, args=[number]))
    clean(ada, bird, f"{reverse('ticket-merge', args=[number])}?q={NEEDLE}")
    clean(ada, bird, reverse("ticket-merge", args=[5007]))
    clean(ada, bird, reverse("ticket", args=[5008]))
    ada.page.locator("[popovertarget=assign-menu]").click()
    ada.page.locator("#assign-menu button[name=agent]").first.wait_for()
    assert ada.page.locator("#assign-menu button[name=agent]").count() >= 80
    assert ada.faults(bird.origin) == []


@once
def test_what_is_said_in_passing(ada: Watch, bird: Canary, desk: HostileDesk) -> None:
    """Toasts name tags and agents; the list is refreshed beside."""
    number = Ticket.objects.get(number=5009).number
    clean(ada, bird, reverse("ticket", args=[number]))
    ada.page.locator(".tag__remove").first.click()
    ada.page.locator(".toast").first.wait_for()
    ada.page.wait_for_timeout(200)
    assert ada.faults(bird.origin) == []
    ada.page.locator("[popovertarget=assign-menu]").click()
    ada.page.locator("#assign-menu button[name=agent][value]").nth(5).click()
    ada.page.locator(".toast").nth(1).wait_for()
    ada.page.wait_for_timeout(200)
    assert ada.faults(bird.origin) == []
    assert bird.hits == []


@once
def test_the_settings(ada: Watch, bird: Canary, desk: HostileDesk) -> None:
    mailbox = Mailbox.objects.latest("id")
    agent = Agent.objects.latest("id")
    for name, given in (
        ("people:agents", []), ("people:departments", []), ("people:profile", []), ("email:mailboxes", []),
        ("email:mailbox", [mailbox.pk]), ("email:mailbox-new", []), ("people:agent",
        [agent.pk]), ("people:agent-new", []),
        ("people:department", [desk.cast.north.pk]), ("people:department-new", []),
    ):  # fmt: skip
        clean(ada, bird, reverse(name, args=given))


@once
def test_the_customers_page(stranger: Watch, bird: Canary, desk: HostileDesk) -> None:
    clean(stranger, bird, reverse("portal:ticket", args=[desk.key]))
    assert stranger.page.locator("article.message").count() >= 100
    stranger.page.locator("textarea").first.fill("<img src=x onerror=alert(1)>")
    stranger.page.locator("#end button[type=submit]").click()
    stranger.page.wait_for_load_state()
    assert stranger.faults(bird.origin) == []


@once
def test_pages_that_repeat_what_was_asked(ada: Watch, stranger: Watch, bird: Canary) -> None:
    attack = "%22%3E%3C/title%3E%3Cscript%3Ealert(1)%3C/script%3E%3Cimg%20src=x%20onerror=alert(1)%3E"
    for path in (
        f"/tickets/search?q={attack}",
        f"/tickets/?view={attack}",
        f"/tickets/1001?view={attack}",
        f"/tickets/1001/merge?q={attack}",
    ):
        clean(ada, bird, path)
    for path in (
        f"/sign-in?next=/{attack}",
        f"/t/{attack}",
        f"/{attack}",
        f"/account/{attack}",
        f"/setup/{attack}",
        f"/files/{attack}",
    ):
        stranger.open(path)
        # A page that is not there is said to the console as well.
        stranger.errors = [error for error in stranger.errors if "404" not in error]
        assert stranger.faults(bird.origin) == [], path


# B1.3: the cleaner is the last transform

CLEANERS = {
    "tugi/core/html.py": ({"clean_html", "shown_html", "plain_html", "clean_reply_html"}, {"_nh3"}),
    "tugi/tickets/bodies.py": ({"for_page", "for_frame"}, {"shown_html", "plain_html"}),
}
"""Per file the functions that hand out what nh3 gave, and by whose hand they have it."""


def returned(function: Function) -> list[ast.expr]:
    return [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]


def is_cleaned(value: ast.expr, cleaned: set[str]) -> bool:
    """The cleaner's own output, as it is or as Markup; no method, slice, sum or format of it."""
    if not isinstance(value, ast.Call):
        return False
    called = ast.unparse(value.func)
    if called == "Markup":
        return len(value.args) == 1 and is_cleaned(value.args[0], cleaned)
    return called == "nh3.clean" or called in cleaned


@pytest.mark.parametrize("name", CLEANERS)
def test_nothing_comes_after_the_cleaner(name: str) -> None:
    handing_out, cleaned = CLEANERS[name]
    found = {each.name: each for each in source.functions(source.tree(source.ROOT / name)) if each.name in handing_out}

    assert set(found) == handing_out
    for function in found.values():
        own = [each for each in returned(function) if not _is_of_an_inner_one(function, each)]
        assert own and all(is_cleaned(each, cleaned) for each in own), function.name


def test_the_cleaner_is_nh3() -> None:
    module = source.tree(source.ROOT / "tugi/core/html.py")
    (function,) = (each for each in source.functions(module) if each.name == "_nh3")
    (maker,) = (each for each in source.functions(module) if each.name == "_cleaner")
    (made,) = (each for each in returned(maker) if not _is_of_an_inner_one(maker, each))

    assert [ast.unparse(each) for each in returned(function)] == ["_cleaner(kept, sources).clean(html)"]
    assert isinstance(made, ast.Call) and ast.unparse(made.func) == "nh3.Cleaner"


def _is_of_an_inner_one(function: Function, value: ast.expr) -> bool:
    inner = [node for node in ast.walk(function) if isinstance(node, ast.FunctionDef) and node is not function]
    return any(value in ast.walk(each) for each in inner)


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("def f(): return nh3.clean(x)", True),
        ("def f(): return Markup(nh3.clean(x))", True),
        ("def f(): return nh3.clean(x).replace('a', 'b')", False),
        ("def f(): return nh3.clean(x) + footer", False),
        ("def f(): return re.sub('a', 'b', nh3.clean(x))", False),
        ("def f(): return Markup(f'<div>{nh3.clean(x)}</div>')", False),
        ("def f(): return x", False),
    ],
)
def test_the_rule_tells_good_from_bad(text: str, fine: bool) -> None:
    function = ast.parse(text).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert all(is_cleaned(each, set()) for each in returned(function)) is fine
