"""What the person at the console reads about the demo: how to sign in, how to mail it, where answers arrive.

The password is made for each installation. It is kept beside the demo's data, for its owner alone, so that a
second start can say it again; a real desk keeps no password anywhere.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from tugi.setup.demo import cast
from tugi.setup.demo.script import SUPPORT
from tugi.tickets.actions import make_link
from tugi.tickets.models import Stage, Ticket

NOTE = "demo.json"
CONSONANTS, VOWELS = "bdfgklmnprstvz", "aeiou"
ADDRESS = cast.MAILBOXES[SUPPORT]
FROM = "you@example.com"


def make_password() -> str:
    """Four words that mean nothing but can be typed: about 49 bits."""
    return "-".join("".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in "ab") for _ in "abcd")


def remember(password: str) -> None:
    """Keep what the next start has to say."""
    note = json.dumps({"password": password, "page": _customers_page()}, indent=1)
    with os.fdopen(os.open(_note(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(note)


def lines() -> list[str]:
    """The way in, for the console."""
    return [*_ways_in(), *_ways_to_write(), *_where_answers_arrive()]


def _ways_in() -> Iterator[str]:
    others = ", ".join(f"{worker.address.partition('@')[0]}@" for worker in cast.WORKERS[1:])
    try:
        told = json.loads(_note().read_text())
    except (OSError, ValueError):
        yield f"This is the demo of {cast.COMPANY}; its password was printed when it was filled. A new data"
        yield "directory (TUGI_DATA) makes a new one."
        return
    yield f"This is the demo desk of {cast.COMPANY}, a company that does not exist. Sign in:"
    yield f"  {cast.ADMIN.address}   password: {told['password']}"
    yield f"  (the same one lets the others in: {others})"
    if told["page"]:
        yield "What a customer sees of a ticket:"
        yield f"  {settings.PUBLIC_URL}{told['page']}"


def _ways_to_write() -> Iterator[str]:
    if settings.SMTP_LISTEN is None:
        return
    host, port = settings.SMTP_LISTEN
    mail = rf"From: {FROM}\nTo: {ADDRESS}\nSubject: Is anybody there?\n\nMy lamp stays dark. What can I do?\n"
    yield f"Write to {ADDRESS} with any mail program (SMTP server {host}, port {port}), or at once:"
    send = f"smtplib.SMTP('{host}', {port}).sendmail('{FROM}', '{ADDRESS}', '{mail}')"
    yield f'  python3 -c "import smtplib; {send}"'
    yield f"  printf '{mail}' | curl -sS --crlf smtp://{host}:{port} --mail-from {FROM} --mail-rcpt {ADDRESS} -T -"


def _where_answers_arrive() -> Iterator[str]:
    if settings.MAIL_FOLDER is not None:
        yield f"Nothing leaves this machine: what the desk sends is put into {settings.MAIL_FOLDER}. To read it:"
        yield f"  cat {settings.MAIL_FOLDER}/*.txt"
    elif settings.SMTP_SEND is not None:
        yield "Answers are sent through {}, port {}.".format(*settings.SMTP_SEND)
    else:
        yield "Answers are not sent: no server is named. TUGI_SMTP_SEND=folder puts them into a folder."


def _customers_page() -> str:
    """The path to the page of a conversation that is going on."""
    lively = Ticket.objects.filter(language="en", message_count__gte=3).exclude(stage=Stage.MERGED)
    ticket = lively.order_by("-active_at").first()
    if ticket is None:
        return ""
    key = make_link(ticket.pk, contact_id=ticket.contact_id)
    return reverse("portal:ticket", args=[key])


def _note() -> Path:
    return Path(settings.DATA_DIR) / NOTE
