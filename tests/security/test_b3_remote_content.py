"""B3: reading a mail tells nobody; nothing in it is fetched, by browser or desk, until an agent asks for pictures."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from django.urls import reverse
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from tests.house import source
from tests.security.canary import Canary, canary
from tests.security.web import Watch, watched, whole_desk
from tests.stories.live_server import LiveServer, own_database
from tugi.channels.email.actions import accept_raw
from tugi.channels.email.intake import take_in
from tugi.channels.email.models import Via
from tugi.channels.email.testing import SUPPORT, make_mailbox, message_of
from tugi.people.testing import Cast, make_cast
from tugi.tickets import actions
from tugi.tickets.models import Message

FORMS = (
    '<img src="{c}/1.png">', "<img src='{c}/2.png' width=1 height=1>", '<img srcset="{c}/3.png 1x, {c}/3b.png 2x">',
    '<IMG SRC={c}/4.png>', '<picture><source srcset="{c}/5.png"><img src="{c}/5b.png"></picture>',
    '<input type=image src="{c}/6.png">', '<img lowsrc="{c}/7" dynsrc="{c}/7b">',
    '<p style="background:url({c}/8)">x</p>', "<p style=\"background-image:url('{c}/9')\">x</p>",
    '<p style="list-style:url({c}/10)">x</p>', '<p style="background:u\\72l({c}/11)">x</p>',
    '<p style="background:image-set(url({c}/12) 1x)">x</p>', '<p style="cursor:url({c}/13),auto">x</p>',
    "<style>@import '{c}/14.css';</style>", "<style>@import url({c}/15.css);body{{background:url({c}/15b)}}</style>",
    "<style>@font-face{{font-family:x;src:url({c}/16)}}p{{font-family:x}}</style>",
    '<link rel=stylesheet href="{c}/17.css">', '<link rel=preload as=image href="{c}/18">',
    '<link rel=dns-prefetch href="{c}/19"><link rel=icon href="{c}/19b">',
    '<video poster="{c}/20" src="{c}/20b" autoplay></video>', '<audio src="{c}/21" autoplay></audio>',
    '<iframe src="{c}/22"></iframe>', '<iframe srcdoc="<img src={c}/23>"></iframe>',
    '<object data="{c}/24"></object>', '<embed src="{c}/25">', '<script src="{c}/26"></script>',
    '<body background="{c}/27">', '<table background="{c}/28"><tr><td background="{c}/28b">x</table>',
    '<svg><image href="{c}/29" xlink:href="{c}/29b"/></svg>', '<svg><use href="{c}/30#x"/></svg>',
    '<svg><filter><feImage href="{c}/31"/></filter></svg>', '<math href="{c}/32"></math>',
    '<base href="{c}/33/"><img src="x.png">', '<meta http-equiv=refresh content="0;url={c}/34">',
    '<form action="{c}/35"><button autofocus></form>', '<bgsound src="{c}/36">', '<frame src="{c}/37">',
    '<track src="{c}/38">', '<a href="{c}/39" ping="{c}/39b">x</a>', "<img src='//{h}/40'>",
    "<img src='\\\\{h}\\41'>", '<img src="https://user@{h}/42">', '<img src="cid:x" src="{c}/43">',
    '<img src="data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22><image href=%22{c}/44%22/></svg>">',
    '<img src="file:///etc/passwd">', '<!--[if mso]><v:fill src="{c}/45"/><![endif]-->',
    '<td style="mso-background-source:url({c}/46)">x',
)  # fmt: skip
CONNECTING = {
    "tugi/core/outbound.py",
    "tugi/channels/email/imap_sessions.py",
    "tugi/channels/email/pop3_sessions.py",
    "tugi/channels/email/smtp.py",
    "tugi/channels/email/probes.py",
    "tugi/setup/demo/welcome.py",
}
"""The only modules that open a line to another program, besides servers that are spoken to."""

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def bird() -> Iterator[Canary]:
    with canary() as listening:
        yield listening


def mail_of(bird: Canary) -> tuple[bytes, str]:
    host = bird.origin.removeprefix("http://")
    forms = "\n".join(FORMS).replace("{{", "{").replace("}}", "}")
    html = forms.replace("{c}", bird.origin).replace("{h}", host)
    made = EmailMessage(policy=SMTP)
    made["Message-ID"], made["Subject"] = "<remote@x.example>", "Remote"
    made["From"], made["To"] = "x@x.example", SUPPORT
    made["Disposition-Notification-To"] = "x@x.example"
    made["List-Unsubscribe"] = f"<{bird.origin}/unsubscribe>"
    made.set_content(f"Look at {bird.origin}/text and {bird.origin}/more.png")
    made.add_alternative(f"<html><head></head><body>Remote {html}</body></html>", subtype="html")
    made.add_attachment(html.encode(), "text", "html", filename="page.html")
    drawing = f"<svg xmlns='http://www.w3.org/2000/svg'><image href='{bird.origin}/s'/></svg>"
    made.add_attachment(drawing.encode(), "image", "svg+xml", filename="a.svg")
    return made.as_bytes(), html


@pytest.fixture(scope="module")
def cast(browser: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    with django_db_blocker.unblock(), own_database():
        yield make_cast()


@pytest.fixture(scope="module")
def message(cast: Cast, bird: Canary) -> Message:
    raw, _ = mail_of(bird)
    row = accept_raw(make_mailbox(cast.north), raw, via=Via.IMAP)
    take_in(row)
    row.refresh_from_db()
    message = message_of(row)
    assert "Remote" in message.html
    assert bird.hits == [], "taking a mail in fetches nothing"
    return message


@pytest.fixture(scope="module")
def server(message: Message) -> Iterator[LiveServer]:
    with whole_desk() as running:
        yield running


@pytest.fixture
def ben(browser: Browser, server: LiveServer, cast: Cast) -> Iterator[Watch]:
    with watched(browser, server, cast.ben) as watch:
        yield watch


def test_the_mail_would_be_heard_of(browser: Browser) -> None:
    """Shown as it came, in an open page, it fetches a great deal."""
    with canary() as another:
        page = browser.new_page()
        page.set_content(mail_of(another)[1])
        page.wait_for_timeout(300)
        page.close()
        assert len(another.hits) >= 8, another.hits


def test_the_ticket_and_all_its_ways_of_showing_the_mail(ben: Watch, bird: Canary, message: Message) -> None:
    number = message.ticket.number
    ben.open(reverse("ticket", args=[number]))
    ben.page.wait_for_timeout(300)
    ben.page.locator("#composer").click()
    ben.page.goto(ben.origin + reverse("ticket-body", args=[number, message.pk]))
    ben.page.wait_for_timeout(200)
    for path in ("/tickets/", "/tickets/search?q=remote", reverse("ticket-older", args=[number])):
        ben.open(path)

    assert bird.hits == []
    assert [url for url in ben.asked if not url.startswith((ben.origin, "data:", "blob:", "about:"))] == []


def test_pictures_that_were_asked_for_bring_nothing_else(ben: Watch, bird: Canary, message: Message) -> None:
    """`Show images` is for https pictures alone: no style, no frame, no script, nothing in the clear."""
    there = reverse("ticket-body", args=[message.ticket.number, message.pk])
    answer = ben.page.goto(f"{ben.origin}{there}?images=1")
    ben.page.wait_for_timeout(300)

    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; img-src ") and "http:" not in policy.replace(ben.origin, "")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert bird.hits == []


def test_the_customers_page(browser: Browser, server: LiveServer, bird: Canary, message: Message) -> None:
    key = actions.make_link(message.ticket_id, contact_id=message.contact_id or 0)
    with watched(browser, server) as stranger:
        stranger.open(reverse("portal:ticket", args=[key]))
        assert stranger.faults(bird.origin) == []
    assert bird.hits == []


def test_nothing_of_the_desk_renders_or_fetches_pages() -> None:
    """B3.2, E1.4: no renderer of HTML on the server, and lines to the outside in few places."""
    fetching = [
        "urllib.request",
        "http.client",
        "requests",
        "httpx",
        "aiohttp",
        "weasyprint",
        "pdfkit",
        "xhtml2pdf",
        "playwright",
    ]
    opening = ("socket.create_connection(", "smtplib.SMTP(", "smtplib.SMTP_SSL(", " IMAPClient(", " Pop3(")
    for path in source.python_files():
        text = source.text(path)
        for each in fetching if source.shown(path) not in CONNECTING else ():
            assert f"import {each}" not in text and f"from {each}" not in text, source.shown(path)
        if any(each in text for each in opening):
            assert source.shown(path) in CONNECTING, source.shown(path)
