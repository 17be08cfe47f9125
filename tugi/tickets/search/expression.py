"""What the index is asked: all of these, each one of several sequences of tokens. Says nothing of SQL."""

from __future__ import annotations

from collections.abc import Iterable

Sequence = tuple[str, ...]
"""Tokens that stand next to each other; mostly one."""
Clause = tuple[Sequence, ...]
"""At least one of these."""
Expression = tuple[Clause, ...]
"""All of these. An empty clause can never hold; an empty expression always does."""


def any_of(tokens: Iterable[str]) -> Clause:
    """A clause of single tokens."""
    return tuple((token,) for token in dict.fromkeys(tokens))


def is_hopeless(expression: Expression) -> bool:
    """Whether no document can hold it."""
    return not all(expression)
