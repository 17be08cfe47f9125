"""What the style guide shows: one believable morning at a desk, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms

from tugi.core import clock
from tugi.core.places import Place

COLOURS = (
    ("--ink", "--surface"),
    ("--ink", "--surface-selected"),
    ("--ink-muted", "--surface-sunken"),
    ("--ink-faint", "--surface-raised"),
    ("--ink-faint", "--surface-selected"),
    ("--accent", "--surface"),
    ("--accent", "--accent-soft"),
    ("--accent-ink", "--accent"),
    ("--ok", "--ok-soft"),
    ("--warning", "--warning-soft"),
    ("--danger", "--danger-soft"),
    ("--danger-ink", "--danger"),
    ("--warning", "--note"),
)


@dataclass(frozen=True)
class Row:
    number: int
    who: str
    at: datetime
    subject: str
    snippet: str
    channel: str
    marks: tuple[tuple[str, str, str], ...]
    unread: bool = False


@dataclass(frozen=True)
class Desk:
    now: datetime
    rows: tuple[Row, ...]
    views: tuple[tuple[str, int, str], ...]
    departments: tuple[tuple[str, int], ...]
    saved: tuple[tuple[str, int], ...]


class SampleForm(forms.Form):
    """A Django form as the screens use them."""

    email = forms.EmailField(label="E-mail", help_text="Where answers go.")
    language = forms.ChoiceField(label="Language", choices=[("en", "English"), ("et", "Eesti")])
    copies = forms.BooleanField(label="Send me a copy", required=False)


def form() -> SampleForm:
    """The sample form, filled in wrongly, so that its errors show."""
    return SampleForm({"email": "mari@", "language": "et"})


def now() -> datetime:
    return clock.now()


def desk() -> Desk:
    return Desk(now=now(), rows=_rows(now()), views=VIEWS, departments=DEPARTMENTS, saved=SAVED)


def places() -> tuple[Place, ...]:
    """The rail as it is when every domain has added its place."""
    names = (
        ("inbox", "Inbox"),
        ("people", "Contacts"),
        ("book", "Knowledge"),
        ("chart", "Reports"),
        ("clock", "Schedule"),
    )
    known = [Place(icon, label, icon, "core:styleguide-desk") for icon, label in names]
    return (*known, Place("gear", "Settings", "gear", "core:styleguide-desk", at_end=True))


VIEWS = (
    ("Mine", 12, ""),
    ("Unassigned", 31, ""),
    ("Mentions", 2, ""),
    ("Breaching soon", 4, "warning"),
    ("Snoozed", 7, ""),
    ("All open", 1214, ""),
)
DEPARTMENTS = (("Customer support", 96), ("Technical", 83), ("Billing", 35))
SAVED = (("VIP, waiting on us", 5), ("Reopened this week", 9))


def _rows(now: datetime) -> tuple[Row, ...]:
    def before(**ago: float) -> datetime:
        return now - timedelta(**ago)

    return (
        Row(10482, "Mari Tamm", before(minutes=8), "Cannot sign in after the update",
            "I tried the reset link twice, it says expired. We open at ten and I cannot reach the till.", "mail",
            (("Urgent", "danger", "priority"), ("first reply 8 min", "warning", "clock")), unread=True),
        Row(10479, "Ирина Петрова", before(minutes=19), "Счёт за октябрь выставлен дважды",
            "Добрый день! В приложении оба счёта, прошу проверить и отменить лишний.", "chat",
            (("Billing", "", ""), ("next reply 1 h 12 m", "", "clock"))),
        Row(10471, "Andrei Dumitru", before(minutes=38), "Instalare echipament nou, etajul 3",
            "Am completat formularul, persoana de contact este doamna Ionescu de la recepție.", "mail",
            (("Installation", "accent", ""), ("2 h 40 m", "", "clock")), unread=True),
        Row(10466, "Liis Saar", before(days=1), "How do I export our data?",
            "You: The export lives under Settings → Data. I have also turned on the nightly copy.", "chat",
            (("Waiting", "", ""), ("paused", "", "pause"))),
        Row(10458, "James Okafor", before(days=1, hours=2), "Webhook deliveries fail with 502",
            "Logs attached. It started after 14:00 UTC for every endpoint in the EU region.", "mail",
            (("L2", "", ""), ("on track", "ok", "clock"))),
        Row(10441, "Maarja-Liisa Põldoja-Kuusemets", before(days=3), "Kassaaparaat ei prindi pärast voolukatkestust",
            "Tere! Pärast eilset voolukatkestust ei prindi kassaaparaat enam ühtegi tšekki.", "phone",
            (("Hardware", "", ""), ("over by 12 min", "danger", "clock"))),
    )  # fmt: skip
