"""What is said in a conversation: variables filled in, greetings and quotations put around."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from tugi.core.html import text_to_html
from tugi.setup.demo import files
from tugi.setup.demo.cast import COMPANY, FEMALE_ENDING, LAMPS, Customer, Worker
from tugi.setup.demo.hours import ZONE
from tugi.setup.demo.manners import MANNERS
from tugi.setup.demo.script import Step, render
from tugi.tickets.content import Content
from tugi.tickets.models import Message

Speaker = Customer | Worker


class Speech:
    """The words of one conversation; numbers and products stay the same all through it."""

    def __init__(self, customer: Customer, start: datetime, rng: Random) -> None:
        self.customer, self.rng = customer, rng
        self.language = customer.language
        self.manners = MANNERS[customer.language]
        self.variables = _variables(customer, start, rng)

    def plain(self, text: str, speaker: Speaker) -> str:
        """The words alone, as in a subject, a note or a comment."""
        return render(text, self._spoken_by(speaker), self.rng)

    def letter(self, text: str, speaker: Speaker, *, is_first: bool) -> str:
        """The words as a mail: greeted and signed at first, more briefly later on."""
        is_customer = isinstance(speaker, Customer)
        opens = self.manners.customer_opens if is_customer else self.manners.agent_opens
        closes = self.manners.customer_closes if is_customer else self.manners.agent_closes
        greeting = self.rng.choice(opens) if is_first or self.rng.random() < 0.4 else ""
        closing = self.rng.choice(closes) if is_first or self.rng.random() < 0.6 else ""
        return "\n\n".join(self.plain(part, speaker) for part in (greeting, text, closing) if part)

    def away(self) -> str:
        return self.plain(self.manners.away, self.customer)

    def content(self, text: str, step: Step, *, answered: Message | None = None) -> Content:
        """The words with the step's file, and with the message below that they answer."""
        quoted_text, quoted_html = self._quotation(answered) if answered else ("", "")
        return Content(
            html=text_to_html(text),
            text=text,
            quoted_html=quoted_html,
            quoted_text=quoted_text,
            language=self.language,
            files=(files.make(step.file, self.variables),) if step.file else (),
        )

    def _quotation(self, message: Message) -> tuple[str, str]:
        when = message.created_at.astimezone(ZONE).strftime("%d.%m.%Y %H:%M")
        heading = self.manners.wrote.format(when=when, who=f"{message.author_name} ({COMPANY})")
        lines = "\n".join(f"> {line}".rstrip() for line in message.text.split("\n"))
        return f"{heading}\n{lines}", f"{text_to_html(heading)}<blockquote>{text_to_html(message.text)}</blockquote>"

    def _spoken_by(self, speaker: Speaker) -> Mapping[str, str]:
        own = {
            "first": speaker.first_in(self.language),
            "name": speaker.name,
            "you": self.customer.first_in(self.language),
            "a": FEMALE_ENDING[self.language] if speaker.is_female else "",
        }
        return {**self.variables, **own}


def _variables(customer: Customer, start: datetime, rng: Random) -> dict[str, str]:
    manners = MANNERS[customer.language]
    days = rng.randrange(5, 10)
    euros, cents = rng.randrange(29, 240), rng.choice(("00", "50", "90"))
    amount = f"{euros}.{cents}" if customer.language == "en" else f"{euros},{cents}"
    return {
        "lamp": rng.choice(LAMPS),
        "order": f"NL-{rng.randrange(41000, 49000)}",
        "invoice": f"{start.year}-{rng.randrange(1000, 10000)}",
        "serial": f"NLX{rng.randrange(10**6, 10**7)}",
        "version": f"{rng.randrange(3, 5)}.{rng.randrange(9)}.{rng.randrange(20)}",
        "card": f"{rng.randrange(1000, 10000)}",
        "vat": f"{customer.language.upper()}{rng.randrange(10**8, 10**9)}",
        "count": str(rng.randrange(20, 85, 5)),
        "city": rng.choice(manners.cities),
        "company": customer.organisation or manners.company.format(last=customer.last),
        "amount": manners.money.format(amount=amount),
        "amount_plain": f"{euros}.{cents}",
        "days": str(days),
        "date": (start - timedelta(days=days)).strftime(manners.date),
        "until": (start + timedelta(days=rng.randrange(15, 31))).strftime(manners.date),
    }
