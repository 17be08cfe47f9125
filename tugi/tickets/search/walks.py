"""Walking the index from the newest message on, through the wall, until enough tickets are found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from tugi.people.models import Agent
from tugi.tickets.models import Message, Ticket
from tugi.tickets.search.index import engine
from tugi.tickets.search.plans import Plan

FEW_TICKETS = 300
"""Up to so many are looked through from the tickets' side where the index alone finds them too slowly."""
MOST_OF_TICKETS = 3000


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
            message_ids = self._newest(size)
            self.is_over = len(message_ids) < size
            self.reached = message_ids[-1] if message_ids else self.reached
            self._take(message_ids)

    def go_through_tickets(self) -> None:
        """Finish the walk from the tickets' side if the condition leaves only few of them."""
        if self.is_over or not self.plan.where:
            return
        tickets = Ticket.objects.visible_to(self.agent).filter(self.plan.where).order_by()
        ticket_ids = list(tickets.values_list("id", flat=True)[: FEW_TICKETS + 1])
        if len(ticket_ids) > FEW_TICKETS:
            return
        message_ids = self._of_tickets(ticket_ids, before=self.reached)
        self._take(message_ids)
        self.is_over = len(message_ids) < MOST_OF_TICKETS

    def _take(self, message_ids: Sequence[int]) -> None:
        rows = self._through_the_wall(message_ids)
        shown_before = self._shown_before({ticket_id for _message_id, ticket_id in rows})
        for message_id, ticket_id in rows:
            if ticket_id not in shown_before:
                self._found.setdefault(ticket_id, message_id)

    def _through_the_wall(self, message_ids: Sequence[int]) -> list[tuple[int, int]]:
        """Two queries by key: in one, a database without statistics begins with the agent's departments."""
        if not message_ids:
            return []
        ticket_of = dict(Message.objects.filter(id__in=message_ids).order_by().values_list("id", "ticket_id"))
        tickets = Ticket.objects.visible_to(self.agent).filter(self.plan.where, id__in=set(ticket_of.values()))
        allowed = set(tickets.order_by().values_list("id", flat=True))
        return sorted(((pk, ticket) for pk, ticket in ticket_of.items() if ticket in allowed), reverse=True)

    def _shown_before(self, ticket_ids: set[int]) -> set[int]:
        """Those of the tickets that an earlier page showed: they have a newer match."""
        if self.before is None or not ticket_ids:
            return set()
        newer = self._of_tickets(ticket_ids, before=None, since=self.before)
        shown = Message.objects.filter(id__in=newer).order_by().values_list("ticket_id", flat=True)
        return set(shown.distinct())

    def _of_tickets(self, ticket_ids: Collection[int], *, before: int | None, since: int = 0) -> list[int]:
        """The newest matching messages of these tickets."""
        if not ticket_ids:
            return []
        return engine().of_tickets(self.plan.expression, ticket_ids, before=before, since=since, limit=MOST_OF_TICKETS)

    def _newest(self, size: int) -> list[int]:
        if self.plan.expression:
            return engine().newest(self.plan.expression, before=self.reached, limit=size)
        messages = Message.objects.order_by("-id")
        if self.reached is not None:
            messages = messages.filter(id__lt=self.reached)
        return list(messages.values_list("id", flat=True)[:size])
