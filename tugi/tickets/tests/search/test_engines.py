"""The index of either engine by itself, with more documents than fit into one of its steps."""

from __future__ import annotations

from unittest.mock import patch

from django.db import connection
from django.test import TestCase

from tugi.tickets.search import postgres_index
from tugi.tickets.search.expression import Expression, any_of
from tugi.tickets.search.index import Document, engine

EVERY, THIRD, OLD, PHRASE = "every", "third", "old", ("warm", "coat")
STEP = 97
"""Ids lie apart, so that they fill several ranges."""
COUNT = 400


def words(number: int) -> tuple[str, ...]:
    found = [EVERY, *(["third"] if number % 3 == 0 else []), *(["old"] if number < 4 else [])]
    return (*found, *(PHRASE if number % 100 == 0 else reversed(PHRASE)))


def asked(*tokens: str) -> Expression:
    return tuple(any_of([token]) for token in tokens)


class EngineTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        engine().put([Document(number * STEP, words(number)) for number in range(1, COUNT + 1)])

    def newest(self, expression: Expression, **options: int) -> list[int]:
        limits = {"before": None, "limit": 1000, **options}
        return [found // STEP for found in engine().newest(expression, **limits)]  # type: ignore[arg-type]

    def test_the_newest_come_first_however_rare(self) -> None:
        assert self.newest(asked(EVERY), limit=3) == [400, 399, 398]
        assert self.newest(asked(THIRD), limit=3) == [399, 396, 393]
        assert self.newest(asked(OLD), limit=3) == [3, 2, 1]
        assert self.newest(asked(THIRD, OLD)) == [3]
        assert self.newest(asked("never")) == []

    def test_everything_is_found_in_the_end(self) -> None:
        assert self.newest(asked(EVERY)) == list(range(400, 0, -1))
        assert self.newest(asked(THIRD)) == list(range(399, 0, -3))

    def test_phrases_keep_their_order(self) -> None:
        assert self.newest(((PHRASE,),)) == [400, 300, 200, 100]

    def test_bounds(self) -> None:
        assert self.newest(asked(THIRD), before=300 * STEP, limit=2) == [297, 294]
        assert self.newest(asked(THIRD), since=390 * STEP) == [399, 396, 393, 390]
        assert self.newest(asked(OLD), since=2 * STEP, before=3 * STEP) == [2]

    def test_a_document_is_written_over_and_taken_out(self) -> None:
        engine().put([Document(3 * STEP, ("new",))])
        engine().remove([2 * STEP, 10**9])

        assert self.newest(asked(OLD)) == [1]
        assert self.newest(asked("new")) == [3]

    def test_settling_changes_nothing(self) -> None:
        engine().settle()

        assert len(self.newest(asked(EVERY))) == COUNT

    def test_an_emptied_index_is_empty(self) -> None:
        engine().clear()

        assert self.newest(asked(EVERY)) == []

    def test_only_documents_of_these_departments(self) -> None:
        engine().put([Document(number * STEP, (*words(number), f"_d{number % 5}")) for number in range(1, COUNT + 1)])
        two = any_of(["_d1", "_d2"])
        for few in (0, 3000):
            with patch.object(postgres_index, "FEW", few):
                assert self.newest((*asked(EVERY), two), limit=4) == [397, 396, 392, 391]
                assert self.newest((*asked(OLD), two)) == [2, 1]
                assert self.newest((*asked(OLD), two, any_of(["_d2", "_d3"]))) == [2]
                assert self.newest((*asked(OLD), any_of(["_d1"]), any_of(["_d3"]))) == []
                assert self.newest((*asked(THIRD), two), since=380 * STEP, limit=9) == [396, 387, 381]
                assert len(self.newest((two,))) == 160

    def test_no_step_loses_what_another_finds(self) -> None:
        if connection.vendor != "postgresql":
            self.skipTest("one step only")
        for size in (1, 7, 1000):
            with patch.object(postgres_index, "SLICE", size):
                assert self.newest(asked(THIRD), limit=50) == list(range(399, 249, -3))
                assert self.newest(asked(OLD)) == [3, 2, 1]
