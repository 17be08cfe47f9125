"""E-mail to ticket: mails delivered by SMTP as fast as they are taken, until all consumers are done."""

from __future__ import annotations

import random
import smtplib
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.policy import SMTP
from statistics import median

from bench import people, vocabulary
from bench.processes import cpu_of_desk, serving
from bench.readings import MAIL, MAIL_COST, Reading
from bench.yardstick import REFERENCE_MS, yardstick
from tests.servers.smtp_sink import smtp_sink
from tests.servers.tugi_server import TugiServer
from tugi.channels.email.models import KnownMessageId, RawMail
from tugi.events.consumers import consumers
from tugi.events.models import Cursor, Event
from tugi.events.places import pending

MAILS, WARM_UP, LINES = 600, 40, 4
ANSWERS = 0.4
"""Of the mails that follow an earlier one."""
LONGEST = 300


def measure() -> Iterator[Reading]:
    known = list(KnownMessageId.objects.order_by("-id").values_list("value", flat=True)[:5000:7])
    with smtp_sink() as sink, serving(TUGI_SMTP_SEND=f"127.0.0.1:{sink.port}") as server:
        _deliver(server, make_mails(WARM_UP, known))
        wait_until_done()
        time.sleep(1)
        mails = make_mails(MAILS, known)
        used, began = cpu_of_desk(server), time.perf_counter()
        _deliver(server, mails)
        taken = time.perf_counter() - began
        speed = wait_until_done()
        took = time.perf_counter() - began
        used = speed * (cpu_of_desk(server) - used)
    yield Reading(MAIL, "all consumers done", MAILS / took)
    yield Reading("", "mails acknowledged a second by the listener", MAILS / taken, unit="mails/s")
    yield Reading(MAIL_COST, "listener, worker, its child, database, and the acknowledgement sent", 1000 * used / MAILS)


def make_mails(count: int, known: Sequence[str], chance: random.Random | None = None) -> list[bytes]:
    """Mails in the desk's languages, plain and rich, new and in answer to one of `known`."""
    chance = chance or random.Random(time.time_ns())
    return [_mail(chance, known) for _ in range(count)]


def _mail(chance: random.Random, known: Sequence[str]) -> bytes:
    person = people.contact(chance.randint(1, 3000))
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{person.name} <{person.address}>"
    mail["To"] = f"support{chance.choice((1, 1, 1, 2, 3))}@nordvik.example"
    mail["Message-ID"] = f"<{chance.getrandbits(64):x}@mail.example>"
    mail["Subject"] = chance.choice(vocabulary.sentences(person.language)).text
    if chance.random() < ANSWERS:
        mail["In-Reply-To"] = f"<{chance.choice(known)}>"
    parts = [part.text for part in chance.choices(vocabulary.sentences(person.language), k=4)]
    mail.set_content("\n".join(parts))
    if chance.random() < 0.6:
        mail.add_alternative("".join(f"<p>{part}</p>" for part in parts), subtype="html")
    if chance.random() < 0.05:
        mail.add_attachment(chance.randbytes(40_000), "image", "jpeg", filename="photo.jpg")
    return mail.as_bytes()


def _deliver(server: TugiServer, mails: Sequence[bytes]) -> None:
    with ThreadPoolExecutor(LINES) as pool:
        list(pool.map(lambda start: _speak(server.smtp_port, mails[start::LINES]), range(LINES)))


def _speak(port: int, mails: Sequence[bytes]) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as line:
        for mail in mails:
            to = next(row for row in mail.split(b"\r\n") if row.startswith(b"To: "))[4:].decode()
            line.sendmail("customer@mail.example", [to], mail)


def wait_until_done() -> float:
    """Until what came in is read, numbered, and taken by every consumer. Returns how fast the cores were meanwhile."""
    began = time.monotonic()
    taken = [yardstick()]
    while not _is_done():
        assert time.monotonic() < began + LONGEST, "the mails were not all taken in"
        time.sleep(0.05)
        # Seldom: it takes the cores from those who are measured.
        if time.monotonic() > began + len(taken):
            taken.append(yardstick())
    return REFERENCE_MS / median(taken)


def _is_done() -> bool:
    if RawMail.objects.filter(state__in=(RawMail.State.DUE, RawMail.State.CLAIMED)).exists():
        return False
    if Event.objects.unstamped().exists():
        return False
    places = dict(Cursor.objects.values_list("consumer", "seq"))
    return not any(pending(one, after=places[one.name]).exists() for one in consumers().values())
