"""How a fact's typed fields become JSON and come back. Only small, plain types are let through."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

_known: dict[Any, dict[str, Any]] = {}


def to_data(instance: Any) -> dict[str, Any]:
    """`{field: JSON value}` of a dataclass. Raises TypeError where a value is not of its field's type."""
    hints = _hints(type(instance))
    return {name: _encode(getattr(instance, name), hint, name) for name, hint in hints.items()}


def from_data(cls: type[T], data: Mapping[str, Any]) -> T:
    """The dataclass again. Keys it does not know are ignored; absent ones are left to their defaults."""
    hints = _hints(cls)
    return cls(**{name: _decode(data[name], hint) for name, hint in hints.items() if name in data})


def _hints(cls: Any) -> dict[str, Any]:
    if cls not in _known:
        hints = get_type_hints(cls)
        _known[cls] = {field.name: hints[field.name] for field in fields(cls)}
    return _known[cls]


def _encode(value: Any, hint: Any, name: str) -> Any:
    if not _fits(value, hint):
        raise TypeError(f"{name} is {value!r}, which is not of type {hint}")
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _fits(value: Any, hint: Any) -> bool:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if origin in (Union, types.UnionType):
        return any(_fits(value, option) for option in arguments)
    if origin is Literal:
        return value in arguments
    if origin in (tuple, list):
        return isinstance(value, origin) and all(_fits(item, arguments[0]) for item in value)
    if origin is not None:
        return isinstance(value, origin)
    if hint is None or hint is types.NoneType:
        return value is None
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint)


def _decode(value: Any, hint: Any) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if value is None:
        return None
    if origin in (Union, types.UnionType):
        return _decode(value, next(option for option in arguments if option is not types.NoneType))
    if origin in (tuple, list):
        return origin(_decode(item, arguments[0]) for item in value)
    if isinstance(hint, type) and issubclass(hint, datetime | date):
        return hint.fromisoformat(value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum(hint, value)
    return value


def _enum(hint: type[Enum], value: Any) -> Any:
    """A stored word that the enumeration has lost stays the word: old history must read."""
    return hint(value) if value in {member.value for member in hint} else value
