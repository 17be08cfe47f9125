"""The ledger's other side: what is in the desk's tables, files and log, counted and compared."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from tugi.channels.email.models import OutboundKind, OutboundMessage, RawMail
from tugi.events.models import Event, ParkedEvent
from tugi.events.work import WorkState
from tugi.tickets.models import Attachment, Message, MessageKind, Ticket

TOKEN = re.compile(r"\b[A-Z]\d{6}\b")


def audit() -> dict[str, Any]:
    """Counts, the messages by their token, the mails out by their Message-ID, and everything that is wrong."""
    inbound = Message.objects.filter(kind=MessageKind.INBOUND).order_by("id")
    tokens = Counter(found for text in inbound.values_list("text", flat=True) for found in TOKEN.findall(text)[:1])
    sent = OutboundMessage.objects.exclude(state=WorkState.CANCELLED)
    return {
        "tickets": Ticket.objects.count(),
        "messages": inbound.count(),
        "raw mails": RawMail.objects.count(),
        "events": Event.objects.count(),
        "tokens": dict(tokens),
        "mail ids": list(sent.filter(state=WorkState.DONE).values_list("mail_id", flat=True)),
        "failed in": RawMail.objects.filter(state=WorkState.FAILED).count(),
        "not sent": sent.exclude(state=WorkState.DONE).count(),
        "wrong": [*_half_things(), *_files(), *_tables()],
    }


def _half_things() -> list[str]:
    """What one transaction writes together must be there together."""
    counts = {
        "tickets without a message": Ticket.objects.filter(messages=None, merged_into=None).count(),
        "messages without a fact": _differs(
            Message.objects.exclude(kind="note").exclude(kind="outbound").count(), "message.received"
        ),
        "tickets without a fact": _differs(Ticket.objects.count(), "ticket.opened"),
        "events without a number": Event.objects.unstamped().count(),
        "numbers with gaps": _gaps(),
        "parked events": ParkedEvent.objects.count(),
        "acknowledgements beyond one a ticket": _told_twice(),
        "messages that are not found": _not_indexed(),
    }
    return [f"{count} {what}" for what, count in counts.items() if count]


def _differs(rows: int, kind: str) -> int:
    return abs(rows - Event.objects.filter(kind=kind).count())


def _gaps() -> int:
    """`seq` runs from 1 without a gap."""
    numbers = list(Event.objects.stamped().values_list("seq", flat=True))
    return sum(number != place for place, number in enumerate(numbers, 1))


def _told_twice() -> int:
    told = OutboundMessage.objects.filter(kind=OutboundKind.ACKNOWLEDGEMENT).values_list("ticket_id", flat=True)
    return len(told) - len(set(told))


def _not_indexed() -> int:
    with connection.cursor() as cursor:
        column = "id" if connection.vendor == "postgresql" else "rowid"
        cursor.execute(f"SELECT {column} FROM tickets_searchdocument")  # noqa: S608 - names of ours
        found = {row[0] for row in cursor.fetchall()}
    return len(set(Message.objects.values_list("id", flat=True)) - found)


def _files() -> list[str]:
    """Every blob holds the bytes that its name says, and every row has its blob."""
    store = Path(settings.DATA_DIR) / "blobs"
    kept = {path.name: path for path in store.glob("??/??/*")}
    spoilt = [name for name, path in kept.items() if hashlib.sha256(path.read_bytes()).hexdigest() != name]
    wanted = {*RawMail.objects.values_list("sha256", flat=True), *Attachment.objects.values_list("sha256", flat=True)}
    missing = wanted - set(kept)
    return [f"{len(found)} blobs {what}" for what, found in (("spoilt", spoilt), ("missing", missing)) if found]


def _tables() -> list[str]:
    return _of_postgresql() if connection.vendor == "postgresql" else _of_sqlite()


def _of_sqlite() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        wrong = [str(row[0]) for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        return wrong + [f"foreign key: {row}" for row in cursor.fetchall()]


def _of_postgresql() -> list[str]:
    """Its own checker over tables and indexes (amcheck); foreign keys are counted by hand."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind = 'r'"
        )
        wrong: list[str] = []
        for (table,) in cursor.fetchall():
            cursor.execute("SELECT msg FROM verify_heapam(%s::regclass)", [table])
            wrong += [f"{table}: {row[0]}" for row in cursor.fetchall()]
        cursor.execute(
            "SELECT bt_index_check(i.indexrelid, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " JOIN pg_am a ON a.oid = c.relam JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE a.amname = 'btree' AND n.nspname = 'public'"
        )
    try:
        connection.check_constraints()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        wrong.append(f"foreign key: {error}")
    return wrong
