"""`bin/bench peer`: Tugi and django-helpdesk take in mails of the same words and show their lists, one after the other.

The peer is installed from the package index into `.cache/peer`, and is no part of this project's requirements.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from bench import build, readings
from bench.desk import CHECKOUT
from tests.servers.smtp_sink import smtp_sink

R = TypeVar("R")
HOME = CHECKOUT / ".cache" / "peer"
PACKAGE = "django-helpdesk==2.6.1"
MAILS, MESSAGES, OPEN = 1000, 5, 0.03
OURS = {
    "mails a second": (readings.MAIL, "all consumers done"),
    "ms CPU a mail": (readings.MAIL_COST, ""),
    "list page, ms CPU": (readings.LIST, "open, whole desk"),
    "search page, ms CPU": (readings.SEARCH_PAGE, "a common word, whole desk"),
}


def main() -> int:
    """For a desk of ours on SQLite with so many tickets, in its environment."""
    build.set_up()
    for line in compare(int(sys.argv[1])):
        print(line, flush=True)
    return 0


def compare(tickets: int) -> Iterator[str]:
    """Lines of a table."""
    peer = _measure_peer(tickets)
    ours = {reading.key: reading.value for name in ("mail", "list", "search") for reading in _measure_ours(name)}
    yield f"| {tickets:,} tickets, {MAILS:,} mails | Tugi | {PACKAGE} |"
    yield "| --- | --- | --- |"
    for name, theirs in peer.items():
        wanted = OURS.get(name, ("", ""))
        found = [value for (budget, detail), value in ours.items() if budget == wanted[0] and wanted[1] in ("", detail)]
        found = found if wanted[0] else []
        yield f"| {name} | {f'{found[0]:.3g}' if found else ''} | {theirs:.4g} |"


def _measure_ours(name: str) -> list[readings.Reading]:
    return _child([sys.executable, "-m", "bench.child", name], dict(os.environ), readings.read)


def _measure_peer(tickets: int) -> dict[str, float]:
    python = _environment()
    home = HOME / f"desk-{tickets}"
    with smtp_sink() as sink:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(CHECKOUT),
            "PYTHONUTF8": "1",
            "PEER_HOME": str(home),
            "PEER_SMTP_PORT": str(sink.port),
        }
        if not (home / "made").exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir(parents=True)
            _write_tickets(home / "tickets.jsonl", tickets)
            command = [str(python), "-m", "bench.peer.child", "build", str(home / "tickets.jsonl")]
            subprocess.run(command, env=environment, cwd=CHECKOUT, check=True)
            (home / "made").touch()
        folder = _write_mails(home / "mails")
        found: dict[str, float] = _child(
            [str(python), "-m", "bench.peer.child", "measure", str(folder)], environment, json.loads
        )
        return found | {"acknowledgements that reached the customers' server": len(sink.deliveries)}


def _environment() -> Path:
    """The peer's Python, installed once."""
    python = HOME / "venv" / "bin" / "python"
    if not (HOME / PACKAGE).exists():
        subprocess.run([sys.executable, "-m", "venv", str(HOME / "venv")], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", PACKAGE], check=True)
        (HOME / PACKAGE).touch()
    return python


def _write_tickets(path: Path, tickets: int) -> None:
    """The words that our own desk of this size is made of."""
    from bench import people, vocabulary

    chance = random.Random(vocabulary.SEED)
    with path.open("w") as file:
        for number in range(tickets):
            person = people.contact(chance.randint(1, max(tickets * 3 // 10, 10)))
            said = chance.choices(vocabulary.sentences(person.language), k=MESSAGES * 3)
            row = {
                "subject": said[0].text,
                "department": people.home(person.id),
                "age": tickets - number,
                "address": person.address,
                "is_open": chance.random() < OPEN,
                "texts": ["\n".join(part.text for part in said[place::MESSAGES]) for place in range(MESSAGES)],
            }
            file.write(json.dumps(row) + "\n")


def _write_mails(folder: Path) -> Path:
    """Mails as our own measure delivers them; the peer knows none of the ids they answer, as ours does not either."""
    from bench import vocabulary
    from bench.measure_mail import make_mails

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number, mail in enumerate(make_mails(MAILS, ["unknown@mail.example"], random.Random(vocabulary.SEED))):
        (folder / f"{number:04d}.eml").write_bytes(mail)
    return folder


def _child(command: list[str], environment: dict[str, str], read: Callable[[str], R]) -> R:
    """What a program says in its last line."""
    ran = subprocess.run(command, env=environment, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True)
    return read(ran.stdout.splitlines()[-1].removeprefix("READINGS "))


if __name__ == "__main__":
    sys.exit(main())
