"""What stands in the box is never a language of the database: neither FTS5's, nor tsquery's, nor the ORM's (C4)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from tugi.people.testing import Cast, make_cast
from tugi.tickets.models import Ticket
from tugi.tickets.testing import make_ticket
from tugi.tickets.tests.search.desk import find, index_all

INJECTIONS = (
    'lantern" OR "a', "lantern OR zzz", "lantern AND", "NOT lantern", "lantern NEAR(a b, 5)", "tokens:lantern",
    "{tokens}: lantern", "^lantern", "lantern*", "* ", "- lantern", '"""', "'", "''", "';--", "lantern' | 'zzz",
    "lantern & !zzz", "lantern:*", "lantern:ABCD", "\\", "lantern\\'", "<->", "( ( (", ")", "%", "_", "_d1",
    "_d1 OR _d2",
    "rowid:1", "'; DROP TABLE tickets_searchdocument; --", "$1", "%s", "{}", "\x00lantern", "lantern\x00", "\ud800",
    "assignee__password:x", "status__category:open", "department_id:1", "pk__in:1", "_connector:OR", "_negated:1",
    "assignee:1) OR (1=1", "tag:' OR 1=1 --", "department:%", "assignee:_", "from:%@%", 'tag:"a" OR 1',
    "number:1 OR 1=1", "number:" + "9" * 40, "#" + "9" * 40, "priority:urgent)--", "is:unread__password", "😀:😀",
    "漢字:漢字",
)  # fmt: skip
ANSWERS_ALL = {"lantern*", "^lantern", "- lantern", "\x00lantern", "lantern\x00", "lantern\\'", "lantern:*"}


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    make_ticket(cast.north, cast.dora, text="A lantern.")
    make_ticket(cast.south, cast.emil, text="Another lantern.")
    index_all()
    return cast


@pytest.mark.parametrize("text", INJECTIONS)
def test_an_injection_is_only_words(cast: Cast, text: str) -> None:
    page = find(cast.ben, text)

    own = Ticket.objects.get(department=cast.north).pk
    assert {hit.ticket_id for hit in page.hits} <= ({own} if text in ANSWERS_ALL or ":" in text else set())
    assert Ticket.objects.count() == 2


def test_ten_thousand_characters_are_answered(cast: Cast) -> None:
    for text in ("lantern " * 1250, "a" * 10_000, '"' * 10_000, "(" * 10_000, "漢" * 10_000, "status:" * 1430):
        find(cast.ben, text)


class AnythingTest(HypothesisTestCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.text(max_size=80))
    def test_any_text_can_be_indexed_and_looked_for(self, text: str) -> None:
        from tugi.tickets.search.index import Document, engine
        from tugi.tickets.search.plans import word_clauses
        from tugi.tickets.search.query_language import parse
        from tugi.tickets.search.tokens import tokens

        text = text.replace("\ud800", "").encode("utf-8", "ignore").decode()
        engine().put([Document(1, ("_d1", *tokens(text, "en")))])
        clauses = tuple(word_clauses(parse(text)))
        if clauses:
            engine().newest(clauses, before=None, limit=5)
        assert engine().newest(((("_d1",),),), before=None, limit=5) == [1]
