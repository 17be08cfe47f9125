"""From a query to what is asked: of the index an expression, of the tickets a condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from tugi.core.languages import desk_languages, language_of_word
from tugi.people.models import Agent
from tugi.tickets.search import filters
from tugi.tickets.search.expression import Clause, Expression, any_of, is_hopeless
from tugi.tickets.search.query_language import Query
from tugi.tickets.search.tokens import pairs, pieces, token
from tugi.tickets.search.words import meanings


@dataclass(frozen=True)
class Plan:
    """`expression` is asked of the index, with the agent's departments in it; `where` of each ticket found."""

    expression: Expression
    where: Q = field(default_factory=Q)

    @property
    def is_hopeless(self) -> bool:
        return is_hopeless(self.expression)


def plan(query: Query, agent: Agent) -> Plan:
    """What a query of this agent asks for."""
    clauses, where = word_clauses(query), Q()
    for wanted in query.filters:
        meaning = filters.meaning_of(wanted, agent)
        if isinstance(meaning, Q):
            where &= meaning
        else:
            clauses += meaning
    return Plan((*clauses, *filters.visible(agent)), where)


def word_clauses(query: Query) -> list[Clause]:
    """The words and phrases alone, without filters and access."""
    clauses: list[Clause] = [any_of(tokens) for tokens in meanings(query.words)]
    return clauses + [_phrase(phrase) for phrase in query.phrases]


def _phrase(phrase: str) -> Clause:
    """The phrase as it is indexed, in each language that its words may stand in."""
    sequences: dict[tuple[str, ...], None] = {}
    for language in desk_languages():
        sequences[tuple(_phrase_tokens(phrase, language))] = None
    return tuple(sequences)


def _phrase_tokens(phrase: str, language: str) -> Sequence[str]:
    found: list[str] = []
    for piece in pieces(phrase):
        if piece.is_run:
            found.extend(pairs(piece.text))
        else:
            found.append(token(piece.text, language_of_word(piece.text, language)))
    return found
