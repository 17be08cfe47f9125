"""The mails of a soak and how they are brought: by SMTP as a mail server does it, by IMAP as they lie in a folder.

Each carries a token of its own in its words, by which the ledger finds what became of it.
"""

from __future__ import annotations

import imaplib
import queue
import random
import smtplib
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP

SUPPORT, BILLING = "support@soak.example", "billing@soak.example"
AUTHSERV = "mx.soak.example"
WORDS = (
    "The printer on the second floor does not answer since this morning, please help.",
    "Здравствуйте, принтер на втором этаже не отвечает с самого утра, помогите.",
    "Bună ziua, imprimanta de la etajul doi nu răspunde de azi dimineață.",
    "Tere, teise korruse printer ei vasta hommikust saadik, palun aidake.",
)


@dataclass(frozen=True)
class Letter:
    """`to` is by envelope; `copies` is how often a forgetful server brings it."""

    token: str
    raw: bytes = field(repr=False)
    to: tuple[str, ...] = (SUPPORT,)
    copies: int = 1
    sender: str = ""
    message_id: str = ""


def make_letters(count: int, chance: random.Random, prefix: str = "Q") -> list[Letter]:
    """Plain and rich, new and in answer, to one mailbox or two, brought once or twice, with files, without an id,
    with another's id, and broken ones."""
    letters: list[Letter] = []
    for number in range(count):
        letters.append(_letter(f"{prefix}{number:06d}", letters, chance))
    return letters


def _letter(token: str, earlier: list[Letter], chance: random.Random) -> Letter:
    kind = chance.random()
    mail = EmailMessage(policy=SMTP)
    sender, message_id = f"{token.lower()}@customer.example", f"<{token}.{chance.getrandbits(48):x}@customer.example>"
    if 0.10 < kind < 0.25 and len(earlier) > 20:
        before = earlier[-20]
        sender = before.sender
        mail["Authentication-Results"] = f"{AUTHSERV}; dmarc=pass header.from=customer.example"
        mail["In-Reply-To"] = before.message_id
    if 0.25 < kind < 0.29 and earlier:
        message_id = earlier[-1].message_id  # of another mail: a different body is a different mail
    if kind > 0.03:
        mail["Message-ID"] = message_id
    mail["From"], mail["To"], mail["Subject"] = f"Customer {token} <{sender}>", SUPPORT, f"Question {token}"
    words = f"{token}\n{chance.choice(WORDS)}"
    mail.set_content(words)
    if chance.random() < 0.5:
        mail.add_alternative(f"<p>{words}</p>", subtype="html")
    if chance.random() < 0.08:
        mail.add_attachment(chance.randbytes(20_000), "image", "jpeg", filename=f"{token}.jpg")
    raw = mail.as_bytes()
    if 0.29 < kind < 0.33:
        raw = raw.replace(b"Content-Type: text/plain", b'Content-Type: text/plain; charset="x-none"; x="\xff')
    to = (SUPPORT, BILLING) if kind > 0.95 else (BILLING,) if kind > 0.75 else (SUPPORT,)
    return Letter(token, raw, to, 2 if 0.68 < kind < 0.75 else 1, sender, message_id)


class Carriers:
    """Mail servers of customers: each mail is offered until it is acknowledged, as RFC 5321 has it.

    `acknowledged` holds the tokens for which a 250 was heard after the data; `refusals` counts the other answers.
    """

    def __init__(self, port: int, count: int = 3) -> None:
        self.port = port
        self.acknowledged: set[str] = set()
        self.refusals: dict[int, int] = {}
        self.broken = 0
        self._waiting: queue.Queue[Letter | None] = queue.Queue()
        self._threads = [threading.Thread(target=self._carry, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def hand_over(self, letters: Iterable[Letter]) -> None:
        for letter in letters:
            self._waiting.put(letter)

    @property
    def left(self) -> int:
        return self._waiting.unfinished_tasks

    def wait(self, seconds: float) -> bool:
        """True when all that was handed over is acknowledged."""
        ends_at = time.monotonic() + seconds
        while self.left and time.monotonic() < ends_at:
            time.sleep(0.05)
        return not self.left

    def close(self) -> None:
        for _ in self._threads:
            self._waiting.put(None)

    def _carry(self) -> None:
        while (letter := self._waiting.get()) is not None:
            for _copy in range(letter.copies):
                while not self._offer(letter):
                    time.sleep(0.1)
            self.acknowledged.add(letter.token)
            self._waiting.task_done()

    def _offer(self, letter: Letter) -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=15) as line:
                return not line.sendmail(letter.sender, list(letter.to), letter.raw)
        except smtplib.SMTPResponseException as answer:
            self.refusals[answer.smtp_code] = self.refusals.get(answer.smtp_code, 0) + 1
        except smtplib.SMTPRecipientsRefused as answers:
            code = next(iter(answers.recipients.values()))[0]
            self.refusals[code] = self.refusals.get(code, 0) + 1
        except (smtplib.SMTPException, OSError):
            self.broken += 1
        return False


def lay_into_folder(port: int, user: str, password: str, letters: Iterable[Letter], seen: int = 0) -> None:
    """Put mails into the user's inbox; `seen` of them are marked as read by somebody."""
    with imaplib.IMAP4("127.0.0.1", port) as client:
        client.login(user, password)
        for number, letter in enumerate(letters):
            flags = "(\\Seen)" if number < seen else ""
            client.append("INBOX", flags, imaplib.Time2Internaldate(time.time()), letter.raw)
