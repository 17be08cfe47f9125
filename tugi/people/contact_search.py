"""Finding contacts as one types: by the beginnings of names and addresses, a slip of the finger forgiven.

Every word of a contact is a row, once for each department that knows the contact, so that the range of
a word is also the wall: an agent never meets contacts of other departments' customers. A contact that no
department knows yet is found by those who see the whole desk. A misspelt word meets the right one where
both lose one letter (symmetric deletion): equal keys in an index, nothing is scanned or scored.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from tugi.core.inflection import fold, plain
from tugi.people.access import access_of
from tugi.people.models import Agent, Contact, Identity, IdentityKind, Permission

Value = str | int

NOWHERE = 0
"""Stands for the department of a contact that none knows."""
LONGEST = 80
MOST_WORDS = 5
SHORTEST_MISSPELT = 4
KEPT_FOR_TYPOS = 8
"""Only so many letters of a word count when it is misspelt."""
LONG_WORD = 8
RANGE = 3000
"""So many rows of a beginning are tried against the other words."""
NEAR = 20

_END = "\U0010ffff"
_WORD = re.compile(r"[^\W_]+")
_IN_RANGE = "word >= %s AND word < %s"
_NO_WORDS = "DELETE FROM people_contactword WHERE contact_id = %s"
_PLACES = "SELECT DISTINCT contact_id, department_id FROM people_contactword WHERE contact_id IN ({places})"
_ROWS = "SELECT contact_id, word, department_id FROM people_contactword WHERE contact_id IN ({places})"
_ADD_WORD = "INSERT INTO people_contactword (word, department_id, contact_id) VALUES (%s, %s, %s)"
_ADD_TYPO = "INSERT INTO people_contacttypo (variant, word) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_DROP_TYPOS = """
    DELETE FROM people_contacttypo WHERE variant = %s AND word = %s
    AND NOT EXISTS (SELECT 1 FROM people_contactword WHERE people_contactword.word = people_contacttypo.word)
"""


@dataclass(frozen=True, slots=True)
class FoundContact:
    """A contact as a picker shows it; `address` is its first e-mail address, or empty."""

    id: int
    name: str
    address: str


def find_contacts(agent: Agent, text: str, limit: int = 10) -> list[FoundContact]:
    """The contacts that an agent may know and that fit what was typed, best first.

    Every word typed must begin a word of the contact's name or address; if that gives too few, words that
    differ by a letter or two count as well.
    """
    departments = access_of(agent).departments_for(Permission.SEE_TICKETS)
    typed = _typed_words(text)
    if not typed or departments == frozenset():
        return []
    meant: list[Collection[str] | str] = list(typed)
    found = _matching(meant, departments, limit)
    if len(found) < limit:
        near: list[Collection[str] | str] = [_near_words(word) or word for word in typed]
        more = _matching(near, departments, limit) if near != meant else []
        found = list(dict.fromkeys([*found, *more]))
    return _shown(found, limit)


def index_contact(contact_id: int, departments: Collection[int] | None = None) -> None:
    """Let a contact be found by its present name and addresses, in these departments.

    None keeps the departments it was found in. A contact that is gone or merged is found no more.
    """
    index_contacts({contact_id: departments})


@transaction.atomic
def index_contacts(places: Mapping[int, Collection[int] | None]) -> None:
    """As `index_contact`, for many: contact → departments."""
    if not places:
        return
    before, words = _rows_of(places), _words_of(places)
    gone: list[int] = []
    rows: set[tuple[str, int, int]] = set()
    typos: set[tuple[str, str]] = set()
    dropped: set[tuple[str, str]] = set()
    for contact_id, departments in places.items():
        was, own = before.get(contact_id, set()), words.get(contact_id, set())
        placed = {place for _word, place in was} if departments is None else set(departments)
        after = {(word, place) for word in own for place in placed - {NOWHERE} or {NOWHERE}}
        if after != was:
            gone += [contact_id] if was else []
            rows |= {(word, place, contact_id) for word, place in after}
            typos |= _typos(own)
            dropped |= _typos({word for word, _place in was} - own)
    with connection.cursor() as cursor:
        for statement, values in (
            (_NO_WORDS, [(contact_id,) for contact_id in gone]),
            (_ADD_WORD, sorted(rows)),
            (_ADD_TYPO, sorted(typos)),
            (_DROP_TYPOS, sorted(dropped)),
        ):
            if values:
                cursor.executemany(statement, values)


def not_found_in(places: Iterable[tuple[int, int]]) -> set[int]:
    """Of these (contact, department) the contacts that are not found in the department yet."""
    wanted = set(places)
    if not wanted:
        return set()
    contact_ids = sorted({contact_id for contact_id, _department in wanted})
    statement = _PLACES.format(places=", ".join(["%s"] * len(contact_ids)))
    with connection.cursor() as cursor:
        cursor.execute(statement, contact_ids)
        return {contact_id for contact_id, _department in wanted.difference(cursor.fetchall())}


def _typed_words(text: str) -> list[str]:
    typed: list[str] = []
    for chunk in text[:500].split():
        typed += [_folded(chunk)] if "@" in chunk.strip("@") else _split(chunk)
    return list(dict.fromkeys(typed))[:MOST_WORDS]


def _words_of(contact_ids: Iterable[int]) -> dict[int, set[str]]:
    """The words of those contacts that are there and not merged."""
    present = Contact.objects.order_by().filter(id__in=list(contact_ids), merged_into=None)
    words = {contact_id: set(_split(name)) for contact_id, name in present.values_list("id", "name")}
    rows = Identity.objects.order_by().filter(contact__in=list(words))
    for contact_id, kind, value in rows.values_list("contact_id", "kind", "value"):
        local, _at, domain = value.partition("@")
        of_domain = _split(domain.rpartition(".")[0]) if kind == IdentityKind.EMAIL else []
        words[contact_id].update((_folded(value), *_split(local), *of_domain))
    return words


def _split(text: str) -> list[str]:
    return [_folded(word) for word in _WORD.findall(text)]


def _folded(word: str) -> str:
    return plain(fold(word))[:LONGEST]


def _rows_of(contact_ids: Collection[int]) -> dict[int, set[tuple[str, int]]]:
    found: dict[int, set[tuple[str, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(places=", ".join(["%s"] * len(contact_ids))), list(contact_ids))
        for contact_id, word, department_id in cursor.fetchall():
            found.setdefault(contact_id, set()).add((word, department_id))
    return found


def _typos(words: Iterable[str]) -> set[tuple[str, str]]:
    return {(variant, word) for word in words if word.isalpha() and len(word) > 2 for variant in _variants(word)}


def _variants(word: str) -> Iterator[str]:
    head = word[:KEPT_FOR_TYPOS]
    yield head
    yield from (head[:place] + head[place + 1 :] for place in range(len(head)))


def _near_words(word: str) -> list[str]:
    """Known words that differ from a typed one by one letter, a long one by two, nearest first."""
    if len(word) < SHORTEST_MISSPELT or not word.isalpha():
        return []
    variants = sorted(set(_variants(word)))
    places = ", ".join(["%s"] * len(variants))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT word FROM people_contacttypo WHERE variant IN ({places})",  # noqa: S608 - places only
            variants,
        )
        known = [row[0] for row in cursor.fetchall()]
    most = 2 if len(word) >= LONG_WORD else 1
    measured = sorted((_distance(word, other), other) for other in known)
    return [other for distance, other in measured if distance <= most][:NEAR]


def _distance(one: str, other: str) -> int:
    """Letters left out, put in, changed or swapped between two words (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        two_before, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, two_before[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _matching(meant: Sequence[Collection[str] | str], departments: Collection[int] | None, limit: int) -> list[int]:
    """Ids of contacts that have every word: one of a set, or any that begins with a typed one."""
    first, *others = sorted(meant, key=_breadth)
    wall, wall_values = _wall(departments)
    condition, values = _condition(first)
    inner = f"SELECT contact_id FROM people_contactword WHERE {condition}{wall} LIMIT {RANGE}"  # noqa: S608
    values = [*values, *wall_values]
    checks = []
    for other in others:
        condition, own = _condition(other)
        checks.append(
            f"EXISTS (SELECT 1 FROM people_contactword o WHERE o.contact_id = hit.contact_id AND {condition})"  # noqa: S608
        )
        values += own
    where = f"WHERE {' AND '.join(checks)}" if checks else ""
    statement = f"SELECT contact_id FROM ({inner}) AS hit {where} LIMIT {limit * 4}"  # noqa: S608 - no input in it
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(dict.fromkeys(row[0] for row in cursor.fetchall()))


def _breadth(meant: Collection[str] | str) -> tuple[bool, int]:
    """Words that are known first, then the longest beginning."""
    return (isinstance(meant, str), -len(meant) if isinstance(meant, str) else len(meant))


def _condition(meant: Collection[str] | str) -> tuple[str, list[Value]]:
    if isinstance(meant, str):
        return _IN_RANGE, [meant, meant + _END]
    return f"word IN ({', '.join(['%s'] * len(meant))})", list(meant)


def _wall(departments: Collection[int] | None) -> tuple[str, list[Value]]:
    if departments is None:
        return "", []
    values: list[Value] = [*sorted(departments)]
    return f" AND department_id IN ({', '.join(['%s'] * len(values))})", values


def _shown(contact_ids: Sequence[int], limit: int) -> list[FoundContact]:
    kept = contact_ids[:limit]
    contacts = Contact.objects.in_bulk(kept)
    addresses: dict[int, str] = {}
    rows = Identity.objects.filter(contact__in=kept, kind=IdentityKind.EMAIL).order_by("-id")
    addresses.update(rows.values_list("contact_id", "value"))
    return [
        FoundContact(number, contacts[number].name, addresses.get(number, "")) for number in kept if number in contacts
    ]
