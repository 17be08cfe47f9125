"""Every kind of fact is complete, and described in docs/events.md."""

from __future__ import annotations

from tests.house import source
from tugi.events.documentation import document
from tugi.events.facts import kinds

DOCUMENT = source.ROOT / "docs" / "events.md"


def test_every_fact_says_what_it_means() -> None:
    assert [kind for kind, fact in kinds().items() if not (fact.__doc__ or "").strip()] == []


def test_every_fact_names_what_erasure_clears_and_whether_it_is_public() -> None:
    for kind, fact in kinds().items():
        assert isinstance(fact.public, bool), kind
        assert set(fact.erases) <= set(fact.__dataclass_fields__), kind  # type: ignore[attr-defined]


def test_the_document_of_facts_is_true() -> None:
    assert DOCUMENT.read_text() == document(), "run: tugi manage document_facts > docs/events.md"
