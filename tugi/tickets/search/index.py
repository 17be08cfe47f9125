"""The inverted index, whichever engine keeps it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol, cast

from django.db import connection

from tugi.tickets.search import postgres_index, sqlite_index
from tugi.tickets.search.expression import Expression


@dataclass(frozen=True)
class Document:
    """A message as the index keeps it: its tokens in their order, marks among them."""

    message_id: int
    tokens: tuple[str, ...]


class Index(Protocol):
    def put(self, documents: Iterable[Document]) -> None:
        """Write documents, in the place of what was there under their ids."""

    def remove(self, message_ids: Iterable[int]) -> None:
        """Take documents out; ids that are not there are passed over."""

    def clear(self) -> None:
        """Take everything out."""

    def of_tickets(
        self,
        expression: Expression,
        ticket_ids: Collection[int],
        *,
        before: int | None,
        limit: int,
        since: int = 0,
    ) -> list[int]:
        """As `newest`, but only of these tickets (at least one); the expression may be empty."""

    def settle(self) -> None:
        """Bring the index into its quickest shape after much was written."""

    def newest(self, expression: Expression, *, before: int | None, limit: int, since: int = 0) -> list[int]:
        """Ids of at most `limit` documents that hold the expression, newest first.

        Only those older than `before`, and not older than `since`.
        """


def engine() -> Index:
    """The index in the database that is in use."""
    return cast(Index, postgres_index if connection.vendor == "postgresql" else sqlite_index)
