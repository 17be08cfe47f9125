"""R01, R02, R03, R06, R17: mails by SMTP and by IMAP while the worker dies, at each named point and at random."""

from __future__ import annotations

import random
import secrets
import time
from dataclasses import replace

from soak.desk import Desk
from soak.field import Field, Ledger
from soak.nest import is_alive, kill, wait_for_death
from soak.post import SUPPORT, Carriers, Letter, lay_into_folder, make_letters
from soak.traps import POINTS

PASSWORD = "right horse"
PATIENCE = 6.0
"""How long a worker may take to come to its point."""


def deaths(field: Field) -> Ledger:
    """Half of the mails come by each road, some in every life of a worker."""
    size, chance, user = field.size, random.Random(field.seed), f"soak{secrets.token_hex(3)}"
    field.dovecot.add_user(user, PASSWORD)
    by_smtp, by_imap = (make_letters(size.mails // 2, chance, prefix) for prefix in "SI")
    lives, missed = _lives(size.kills, chance), []
    # Where each life gets few mails, the point is at the first.
    most_calls = max(min(size.mails // len(lives) // 8, 3), 1)
    with field.ground.desk() as desk:
        desk.nest.do("fetch_from", port=field.dovecot.port, user=user, password=PASSWORD)
        carriers = Carriers(desk.smtp_port)
        for number, point in enumerate(lives):
            carriers.hand_over(_share(by_smtp, number, len(lives)))
            lay_into_folder(field.dovecot.port, user, PASSWORD, _share(by_imap, number, len(lives)))
            missed += [] if _live_and_die(desk, point, chance.randint(1, most_calls), chance) else [point]
            if number % 4 == 3:
                desk.nest.do("answer", count=2, seed=field.seed + number)
        finish(desk, carriers, len(by_imap), size.quiet)
        in_folder = [replace(each, to=(SUPPORT,)) for each in by_imap]
        ledger = desk.ledger([*by_smtp, *in_folder], in_doubt=2 * len(lives))
    return ledger | {
        "kills": len(lives),
        "points": len(POINTS),
        "not reached": missed,
        "connections broken": carriers.broken,
    }


def finish(desk: Desk, carriers: Carriers, in_folder: int, seconds: float) -> None:
    """Let everything come in, be read, followed up and sent."""
    desk.hatch()
    assert carriers.wait(seconds), f"{carriers.left} mails were not acknowledged"
    carriers.close()
    ends_at = time.monotonic() + seconds
    while (fetched := desk.nest.do("fetched")) < in_folder:
        assert time.monotonic() < ends_at, f"{fetched} of {in_folder} mails were fetched"
        time.sleep(0.2)
    desk.rest(seconds)


def _lives(kills: int, chance: random.Random) -> list[str]:
    """Each point once, and at random (an empty name) as often as is left."""
    lives = [*POINTS, *[""] * max(kills - len(POINTS), 2)]
    chance.shuffle(lives)
    return lives


def _share(letters: list[Letter], number: int, shares: int) -> list[Letter]:
    return letters[len(letters) * number // shares : len(letters) * (number + 1) // shares]


def _live_and_die(desk: Desk, point: str, calls: int, chance: random.Random) -> bool:
    """False if the worker did not come to its point and was killed where it was."""
    desk.workers = [pid for pid in desk.workers if is_alive(pid)]
    if not point:
        pids = [desk.hatch() for _ in range(chance.choice((1, 1, 2)))]
        time.sleep(chance.uniform(0.1, 1.2))
        kill(chance.choice(pids))
        if len(desk.workers) > 2:
            desk.end_workers()
        return True
    desk.end_workers()
    pid = desk.hatch(point=point, calls=calls)
    if wait_for_death(pid, PATIENCE):
        return True
    desk.end_workers()
    return False
