"""Queries whose statement is made once.

Django makes the statement of a query anew each time it is asked, which costs several times what the database needs to
answer a row by its key. For the few questions that every mail asks, the statement is kept, and only the values change.

    @prepared
    def _twins(content_key: Any) -> QuerySet[RawMail]:
        return RawMail.objects.filter(content_key=content_key)

    _twins("abc…")   # a list of rows
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from inspect import signature
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models import QuerySet, Value
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable
from django.db.models.sql.compiler import SQLCompiler

R = TypeVar("R")
Given = str | int


class _Place(Value):
    """Stands in a query where a value will stand."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


@dataclass(frozen=True)
class _Statement:
    sql: str
    values: tuple[Any, ...]
    shape: Callable[[Iterable[Sequence[Any]]], list[Any]]


class Prepared(Generic[R]):
    """Called with values (texts and whole numbers, none of them None), it gives all rows as a list: instances of the
    model without what is related, or what `values_list` named."""

    def __init__(self, make: Callable[..., QuerySet[Any, R]]) -> None:
        self._make = make
        self._count = len(signature(make).parameters)
        self._statement = cache(self._prepare)

    def __call__(self, *given: Given) -> list[R]:
        assert len(given) == self._count, f"{self._make.__name__} takes {self._count} values"
        statement = self._statement(connection.vendor)
        values = [given[value.number] if isinstance(value, _Place) else value for value in statement.values]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, values)
            return statement.shape(cursor.fetchall())

    def first(self, *given: Given) -> R | None:
        """The first row, if there is one. The query says itself how many are wanted."""
        return next(iter(self(*given)), None)

    def _prepare(self, vendor: str) -> _Statement:
        queryset = self._make(*map(_Place, range(self._count)))
        compiler = queryset.query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        return _Statement(sql, tuple(values), _shape(queryset, compiler))


def prepared(make: Callable[..., QuerySet[Any, R]]) -> Prepared[R]:
    """A query of the values that `make` takes; it is asked once, with stand-ins."""
    return Prepared(make)


def _shape(queryset: QuerySet[Any, Any], compiler: SQLCompiler) -> Callable[[Iterable[Sequence[Any]]], list[Any]]:
    """What makes rows of the database's answer, as the query's own iteration would."""
    columns: Any = compiler.select
    converters = compiler.get_converters([column for column, _sql, _alias in columns])

    def converted(rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
        return compiler.apply_converters(rows, converters) if converters else rows

    kind = queryset._iterable_class
    if kind is FlatValuesListIterable:
        return lambda rows: [row[0] for row in converted(rows)]
    if kind is ValuesListIterable:
        return lambda rows: [tuple(row) for row in converted(rows)]
    assert kind is ModelIterable and not queryset.query.select_related, "only rows of one table, or values_list"
    model: type[models.Model] = queryset.model
    names = [column.target.attname for column, _sql, _alias in columns]
    return lambda rows: [model.from_db(connection.alias, names, row) for row in converted(rows)]
