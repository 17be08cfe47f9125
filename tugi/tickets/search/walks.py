"""Walking the index from the newest message on, through the wall, until enough tickets are found."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from tugi.people.models import Agent
from tugi.tickets.models import Ticket
from tugi.tickets.search.index import engine
from tugi.tickets.search.plans import Plan

FEW_TICKETS = 300
"""Up to so many are looked through from the tickets' side where the index alone finds them too slowly."""
MOST_OF_TICKETS = 3000

_NEWEST = "SELECT id, ticket_id FROM tickets_message WHERE id < %s ORDER BY id DESC LIMIT %s"
_THESE = "SELECT id, ticket_id FROM tickets_message WHERE id = ANY(%s) ORDER BY id DESC"
_THESE_ON_SQLITE = """
    SELECT id, ticket_id FROM tickets_message WHERE id IN (SELECT value FROM json_each(%s)) ORDER BY id DESC
"""
_END = 2**63 - 1
Found = Sequence[tuple[int, int]]
"""Messages and their tickets, newest first."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A ticket, and its newest message that holds what was looked for."""

    ticket_id: int
    message_id: int


class Walk:
    """One agent's walk. `hits` grow, newest first; `reached` is the oldest message looked at.

    `before` is where an earlier walk stopped: what that one found is not found again.
    """

    def __init__(self, agent: Agent, plan: Plan, before: int | None = None) -> None:
        self.agent, self.plan, self.before = agent, plan, before
        self.reached = before
        self.is_over = plan.is_hopeless
        self._found: dict[int, int] = {}

    @property
    def hits(self) -> list[Hit]:
        return [Hit(ticket_id, message_id) for ticket_id, message_id in self._found.items()]

    def go(self, wanted: int, rounds: Iterable[int]) -> None:
        """Look at so many matching messages a round, until more than `wanted` tickets are found."""
        for size in rounds:
            if self.is_over or len(self._found) > wanted:
                return
            found = self._newest(size)
            self.is_over = len(found) < size
            self.reached = found[-1][0] if found else self.reached
            self._take(found)

    def go_through_tickets(self) -> None:
        """Finish the walk from the tickets' side if the condition leaves only few of them."""
        if self.is_over or not self.plan.where:
            return
        tickets = Ticket.objects.visible_to(self.agent).filter(self.plan.where).order_by()
        ticket_ids = list(tickets.values_list("id", flat=True)[: FEW_TICKETS + 1])
        if len(ticket_ids) > FEW_TICKETS:
            return
        found = _with_tickets(self._of_tickets(ticket_ids, before=self.reached))
        self._take(found)
        self.is_over = len(found) < MOST_OF_TICKETS

    def _take(self, found: Found) -> None:
        rows = self._through_the_wall(found)
        shown_before = self._shown_before({ticket_id for _message_id, ticket_id in rows})
        for message_id, ticket_id in rows:
            if ticket_id not in shown_before:
                self._found.setdefault(ticket_id, message_id)

    def _through_the_wall(self, found: Found) -> Found:
        """In a statement of its own: in one with the messages, a database without statistics begins with all tickets
        of the agent's departments."""
        if not found:
            return []
        tickets = Ticket.objects.visible_to(self.agent).filter(self.plan.where, id__in={pair[1] for pair in found})
        allowed = set(tickets.order_by().values_list("id", flat=True))
        return [pair for pair in found if pair[1] in allowed]

    def _shown_before(self, ticket_ids: set[int]) -> set[int]:
        """Those of the tickets that an earlier page showed: they have a newer match."""
        if self.before is None or not ticket_ids:
            return set()
        newer = self._of_tickets(ticket_ids, before=None, since=self.before)
        return {ticket_id for _message_id, ticket_id in _with_tickets(newer)}

    def _of_tickets(self, ticket_ids: Collection[int], *, before: int | None, since: int = 0) -> list[int]:
        """The newest matching messages of these tickets."""
        if not ticket_ids:
            return []
        return engine().of_tickets(self.plan.expression, ticket_ids, before=before, since=since, limit=MOST_OF_TICKETS)

    def _newest(self, size: int) -> Found:
        if self.plan.expression:
            return _with_tickets(engine().newest(self.plan.expression, before=self.reached, limit=size))
        with connection.cursor() as cursor:
            cursor.execute(_NEWEST, [_END if self.reached is None else self.reached, size])
            return list(cursor.fetchall())


def _with_tickets(message_ids: list[int]) -> Found:
    if not message_ids:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(_THESE_ON_SQLITE, [json.dumps(message_ids)])
        else:
            cursor.execute(_THESE, [message_ids])
        return list(cursor.fetchall())
