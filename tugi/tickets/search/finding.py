"""The search itself. Access stands twice: in what the index is asked, and in `Ticket.objects.visible_to`.

The newest few hundred matches are nearly always enough for a page; where they are not, the page says how
far it has come, and the next one goes on from there: no search takes longer than its rounds.
"""

from __future__ import annotations

from dataclasses import dataclass

from tugi.people.models import Agent
from tugi.tickets.models import Ticket
from tugi.tickets.search.plans import plan
from tugi.tickets.search.query_language import Query
from tugi.tickets.search.walks import Hit, Walk

PAGE = 50
ROUNDS = (100, 300)
LATER_ROUNDS = (1000, 2000)
"""How many matching messages are looked at in one go; after the last one a page ends, full or not."""
COUNTED = 1000
COUNT_ROUNDS = (1500, 3500)


@dataclass(frozen=True)
class SearchPage:
    """One page of hits, those with the newest matching message first.

    `cursor` is what to give as `before` for the next page. `more`: there may be further hits; with
    fewer hits than the limit it means that the search has not looked through everything yet.
    `jump` is the ticket whose number was typed, if the agent may see it.
    """

    hits: tuple[Hit, ...] = ()
    more: bool = False
    cursor: int | None = None
    jump: int | None = None
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Count:
    """How many tickets a query finds; with `is_capped`, at least so many."""

    number: int
    is_capped: bool = False

    def __str__(self) -> str:
        return f"{self.number:,}+" if self.is_capped else f"{self.number:,}"


def search_tickets(agent: Agent, query: Query, before: int | None = None, *, limit: int = PAGE) -> SearchPage:
    """The tickets that an agent finds by a query. A ticket stands on one page only."""
    jump = _jump(agent, query) if before is None else None
    if not _asks_the_index(query):
        return SearchPage(jump=jump, hints=query.hints)
    walk = Walk(agent, plan(query, agent), before)
    walk.go(limit, ROUNDS)
    if len(walk.hits) <= limit:
        walk.go_through_tickets()
    walk.go(limit, LATER_ROUNDS)
    hits, is_full = walk.hits[:limit], len(walk.hits) > limit
    return SearchPage(
        hits=tuple(hits),
        more=is_full or not walk.is_over,
        cursor=hits[-1].message_id if is_full else walk.reached,
        jump=jump,
        hints=query.hints,
    )


def count_tickets(agent: Agent, query: Query) -> Count:
    """How many tickets an agent finds by a query, counted up to 1,000."""
    if not _asks_the_index(query):
        return Count(0)
    walk = Walk(agent, plan(query, agent))
    walk.go(COUNTED, COUNT_ROUNDS[:1])
    walk.go_through_tickets()
    walk.go(COUNTED, COUNT_ROUNDS[1:])
    found = len(walk.hits)
    return Count(min(found, COUNTED), is_capped=found > COUNTED or not walk.is_over)


def _asks_the_index(query: Query) -> bool:
    return bool(query.words or query.phrases or query.filters)


def _jump(agent: Agent, query: Query) -> int | None:
    if query.number is None:
        return None
    tickets = Ticket.objects.visible_to(agent).filter(number=query.number)
    return tickets.values_list("id", flat=True).first()
