"""C4: nothing that a request says names a field of the database, orders by one, or becomes SQL."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from django.urls import reverse

from tests.house import source
from tests.security.asking import plain
from tests.security.sides import make_side
from tugi.core.testing import HTMX
from tugi.events.testing import run_consumers
from tugi.tickets.queries.cursors import Cursor
from tugi.tickets.testing import DeskTest

LOOKUPS = [
    "assignee__password__startswith", "assignee__password__regex", "department__mailboxes__imap_password__gt",
    "contact__identities__value__icontains", "links__key_hash__startswith", "pk__in", "id__gte", "_connector",
    "_negated",
    "__class__", "self", "**", "password", "-password", "department__head__email", "messages__text__contains",
    "raw_mails__sha256", "session_key", "?", "random", "stage) OR (1=1", "1;--", "NULL", "%s", "%(x)s", "{0}",
    "department-",
    "department-0", "department--1", "department-99999999999999999999", "department-1 or 1=1", "department-\u0663",
    "mine\x00",
    "mine'", 'mine"', "MINE", "mine,open", "../mine", "\u202emine",
]  # fmt: skip
CURSORS = [
    "0-0", "-1", "1", "9" * 16 + "-" + "9" * 18, "9" * 17 + "-1", "1-" + "9" * 19, "1763800000000000-1 OR 1=1",
    "\u0661-\u0661",
    "1-1\x00", "1e3-1", "id", "-id", "active_at", "NaN", "1.0-1", "None", "[]", "1-1-1", " 1-1", "%00",
    "18446744073709551616",
]  # fmt: skip
SEARCHES = [
    f"{lookup}:{value}" for lookup in LOOKUPS[:16] for value in ("a", "md5")
] + [
    "status:open)OR(1=1", "tag:' OR '1'='1", "tag:%", "tag:_", "assignee:%", "assignee:password", "department:%",
    "from:@",
    "from:%@%", "from:a@b' OR 1=1 --", "number:1 OR 1=1", "number:99999999999999999999", "#9999999999999999999999",
    "is:unread;",
    '"', '""', '" OR "', "NEAR(a b)", "a AND NOT b", "subject:*", "{a b}:c", "col:d7", "d7", "xd7", "*", "a*", "(",
    "')", "\\", "&|!",
    "a <-> b", "$$", "\x00", "\x00d1", "\ud7ff", "\U0001f600", "a\u0000b", "a" * 3000, "tag:" * 300,
    "status:open " * 50, "' || pg_sleep(9) || '",
]  # fmt: skip


class OracleTest(DeskTest):
    def setUp(self) -> None:
        self.number = make_side("nearby", self.cast.north, self.cast.dora, self.cast.ben).ticket.number
        make_side("faraway", self.cast.south, self.cast.emil, self.cast.cleo)
        run_consumers()
        self.sign_in(self.cast.ben)

    def seen(self, name: str, query: dict[str, str]) -> str:
        """The page, or that there is none; never a failure, never a word from behind the wall."""
        answer = self.client.get(reverse(name), query, follow=True)
        assert answer.status_code in (200, 404), f"{query}: {answer.status_code}"
        text = plain(answer)
        assert "faraway" not in text, query
        return text

    def test_a_view_is_one_that_the_desk_names(self) -> None:
        mine, missing = self.seen("inbox", {"view": "mine"}), self.client.get("/no-such-page").content
        for view in LOOKUPS:
            answer = self.client.get(reverse("inbox"), {"view": view})
            if answer.status_code == 404:
                assert len(answer.content) == pytest.approx(len(missing), abs=200), view
            else:
                assert plain(answer) == mine, view
            beside = self.client.get(reverse("inbox-beside"), {"view": view}, headers=HTMX)
            assert beside.status_code in (200, 404), view

    def test_parameters_that_no_view_knows_change_nothing(self) -> None:
        for name, query in (("inbox", {"view": "open"}), ("ticket-search", {"q": "nearbysubject"})):
            known = self.seen(name, query)
            assert self.seen(name, {**dict.fromkeys(LOOKUPS, "a"), **query}) == known
            for lookup in LOOKUPS[:12]:
                asked = dict.fromkeys(("sort", "order_by", "filter", "fields", lookup), lookup)
                assert self.seen(name, {**asked, **query}) == known, lookup

    def test_a_place_in_a_list_is_a_place_or_nothing(self) -> None:
        whole = self.seen("inbox", {"view": "open"})
        for cursor in CURSORS:
            for part in ("before", "down_to"):
                shown = self.seen("inbox", {"view": "open", part: cursor})
                assert Cursor.read(cursor) is not None or shown == whole, cursor
            self.seen("ticket-search", {"q": "nearbysubject", "before": cursor})

    def test_older_messages_are_those_of_the_ticket(self) -> None:
        number = (
            self.client.get(reverse("inbox"), {"view": "open"}).content.decode().partition('id="row-')[2].split('"')[0]
        )
        for cursor in CURSORS:
            answer = self.client.get(reverse("ticket-older", args=[int(number)]), {"before": cursor})
            assert answer.status_code == 200, cursor
            assert "faraway" not in answer.content.decode()

    def test_a_search_finds_words_and_never_fields(self) -> None:
        for words in SEARCHES:
            shown = self.client.get(reverse("ticket-search"), {"q": words})
            assert shown.status_code in (200, 302), words[:80]
            assert "faraway" not in shown.content.decode(), words[:80]
            merge = self.client.get(reverse("ticket-merge", args=[self.number]), {"q": words})
            assert merge.status_code in (200, 404), words[:80]

    def test_no_question_tells_the_letters_of_a_secret(self) -> None:
        """Whatever is asked of a password, right or wrong beginnings answer alike."""
        hashed = self.cast.ben.password
        for lookup in LOOKUPS[:8]:
            answers = {
                self.seen("ticket-search", {"q": f"{lookup}:{begin} nearbysubject"}).replace(begin, "")
                for begin in (hashed[:3], hashed[:6], "zzz")
            }
            assert len({answer.count('class="item') for answer in answers}) == 1, lookup

    def test_odd_headers_are_borne(self) -> None:
        """What htmx says of the page it is on comes from a browser, like everything."""
        there = reverse("ticket", args=[self.number])
        for url in (
            "http://[",
            "http://[evil]:x/",
            "//[",
            "?view=" + "a" * 5000,
            "?" + "&" * 3000,
            "?view=mine&view=x",
            "\x7f",
        ):
            for headers in ({**HTMX, "HX-Current-URL": url}, {"HX-Current-URL": url}):
                assert self.client.get(there, headers=headers).status_code == 200, url
                said = self.client.post(
                    reverse("ticket-priority", args=[self.number]), {"priority": "high"}, headers=headers
                )
                assert said.status_code in (200, 302), url


# C4.2: the gate

LOOKING = {"filter", "exclude", "get", "aggregate", "annotate", "alias", "Q", "get_or_create", "update_or_create"}
ORDERING = {"order_by", "values", "values_list", "only", "defer", "select_related", "prefetch_related", "distinct"}
SQL = {"extra", "RawSQL"}
CURSORS_OF_DATABASES = {"execute", "executemany", "executescript"}

MAY: dict[str, str] = {
    "tugi/core/probes.py:_pragma": "of names in that file",
    "tugi/core/prepared.py:__call__": "compiled by Django of a query in the source; every value is a parameter",
    "tugi/core/updating.py:update": "names of columns from the model, looked up there; every value is a parameter",
    "tugi/events/work.py:_lock": "names that each sender's class states; none comes with a request",
    "tugi/people/contact_search.py:index_contacts": "constants of that file, one after the other; parameters",
    "tugi/core/inserting.py:_put": "compiled by Django, with names of columns; every value is a parameter",
    "tugi/core/sqlite_in_turn/base.py:execute": "hands on what the engine is given",
    "tugi/core/sqlite_in_turn/base.py:executemany": "as above",
    "tugi/people/contact_search.py:not_found_in": "only places for parameters are put in",
    "tugi/tickets/queries/thread.py:_entries": "a constant of that file",
    "tugi/events/bell.py:ring": "NOTIFY takes no parameters; the channels are constants",
    "tugi/events/bell.py:close": "as above",
    "tugi/events/bell.py:_wait_for_notice": "as above",
    "tugi/people/contact_search.py:_near_words": "only places for parameters are put in",
    "tugi/people/contact_search.py:_matching": "fixed text and numbers; every word is a parameter",
    "tugi/tickets/queries/conversation.py:_past": "the columns stand in the line above",
    "tugi/tickets/queries/counts.py:sidebar": "only places for parameters are put in",
    "tugi/tickets/queries/rows.py:read_rows": "fixed text, or compiled by Django; every value is a parameter",
    "tugi/tickets/search/postgres_index.py:_rows": "called with constants of that file",
    "tugi/tickets/search/words.py:_rows": "only places for parameters are put in",
    "tugi/tickets/search/words.py:_known_tails": "only places for parameters are put in",
    "tugi/tickets/tag_column.py:tags_column": "fixed text; the function's name is by engine",
}
"""`file:function` → why what it hands to the database is its own."""


def offences() -> Iterator[tuple[str, str]]:
    """`file:function` and line of each call whose fields or SQL are not written in the source."""
    for path in (path for path in source.python_files() if path.name != "testing.py"):
        module = source.tree(path)
        constants = {name.id for node in module.body for name in _names(node)}
        for function in source.functions(module):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                if _is_open(call, constants):
                    yield (
                        f"{source.shown(path)}:{function.name}",
                        f"{source.shown(path)}:{call.lineno}: {ast.unparse(call)[:100]}",
                    )


def _names(node: ast.stmt) -> Iterator[ast.Name]:
    """What a module's constant is called."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return (target for target in targets if isinstance(target, ast.Name) and target.id.lstrip("_").isupper())


def _is_open(call: ast.Call, constants: set[str]) -> bool:
    name = (
        call.func.attr
        if isinstance(call.func, ast.Attribute)
        else call.func.id
        if isinstance(call.func, ast.Name)
        else ""
    )
    if name in SQL or (name == "raw" and "objects" in ast.unparse(call.func)):
        return True
    if name in LOOKING and any(keyword.arg is None for keyword in call.keywords):
        return True
    if name in CURSORS_OF_DATABASES and call.args:
        return not _is_fixed(call.args[0], constants)
    if name in ORDERING:
        return any(
            not _is_fixed(each.value if isinstance(each, ast.Starred) else each, constants) for each in call.args
        )
    return any(keyword.arg is None and "request" in ast.unparse(keyword.value) for keyword in call.keywords)


def _is_fixed(node: ast.expr, constants: set[str]) -> bool:
    """A text or a constant of the module; `F("x").desc()` and the like, made of such."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name):
        return node.id in constants or node.id.isupper()
    if isinstance(node, ast.Attribute):
        return node.attr.isupper()
    if isinstance(node, ast.BinOp):
        return _is_fixed(node.left, constants) and _is_fixed(node.right, constants)
    if isinstance(node, ast.Call):
        inner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        return all(_is_fixed(each, constants) for each in (*node.args, *inner))
    return False


def test_what_the_database_is_asked_stands_in_the_source() -> None:
    assert [line for place, line in offences() if place not in MAY] == []


def test_every_exception_is_still_needed() -> None:
    assert set(MAY) - {place for place, _ in offences()} == set()


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ("rows.filter(**request.GET.dict())", "rows.filter(name=request.GET['q'])"),
        ("rows.order_by(request.GET['sort'])", "rows.order_by('name', '-id')"),
        ("rows.order_by(wanted)", "rows.order_by(*NEWEST)"),
        ("rows.values_list(column)", "rows.values_list('id', flat=True)"),
        ("Q(**{key: value})", "Q(name=value)"),
        ("rows.extra(where=[x])", "rows.extras(where=[x])"),
        ("cursor.execute(f'SELECT {x}')", "cursor.execute('SELECT %s', [x])"),
        ("cursor.execute('SELECT ' + x)", "cursor.execute(SELECT, [x])"),
        ("change(**request.POST.dict())", "change(**form.cleaned_data)"),
    ],
)
def test_the_gate_tells_good_from_bad(bad: str, good: str) -> None:
    def call(text: str) -> ast.Call:
        expression = ast.parse(text, mode="eval").body
        assert isinstance(expression, ast.Call)
        return expression

    assert _is_open(call(bad), {"NEWEST", "SELECT"})
    assert not _is_open(call(good), {"NEWEST", "SELECT"})
