"""A3: numbers and tokens that can be guessed, or used for something else than they were made for."""

from __future__ import annotations

import ast
import base64
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.urls import reverse

import tugi
from tugi.channels.email import marks
from tugi.channels.email.marks import AgentToken, OwnId
from tugi.channels.email.models import Outcome
from tugi.channels.email.testing import SUPPORT, MailTest, mail
from tugi.core import crypto
from tugi.events import actors
from tugi.people.actions import make_account_link
from tugi.people.actions.account_links import agent_behind
from tugi.tickets import actions
from tugi.tickets.actions.links import link_for

SPREADS_RETRIES = {"channels/email/actions/mailboxes.py", "channels/email/limits.py", "events/work.py"}
"""Modules that use chance where nothing is guarded by it."""
SUMS_OF_FORMATS = {("channels/email/parsing/encoded_text.py", "crc32")}
"""yEnc ends a file with this sum of its bytes, against mishaps on the way: it is compared, and opens nothing."""
WEAK = {"md5", "sha1", "uuid1", "uuid3", "uuid5", "crc32", "adler32"}


class GuessingTest(MailTest):
    def test_a3_1_a_number_with_the_customers_address_opens_nothing(self) -> None:
        ticket = self.open_ticket()
        for number in range(ticket.number - 20, ticket.number + 20):
            row = self.receive(mail(f"Guess {number}", subject=f"Re: [#{number}] Cannot sign in"))
            assert row.outcome == Outcome.OPENED
        assert ticket.messages.count() == 1

    def test_a3_1_a_guessed_key_looks_like_one_that_never_was(self) -> None:
        ticket = self.open_ticket()
        key = actions.make_link(ticket.pk, contact_id=ticket.contact_id)
        actions.revoke_links(ticket.pk, actor=actors.agent(self.cast.ben.pk))
        revoked, guessed = (
            self.client.get(reverse("portal:ticket", args=[each])) for each in (key, crypto.random_token())
        )
        assert revoked.status_code == guessed.status_code == 404

    def test_a3_2_tokens_hold_128_random_bits_or_more(self) -> None:
        assert len({crypto.random_token() for _ in range(1000)}) == 1000
        assert len(base64.urlsafe_b64decode(crypto.random_token() + "==")) * 8 >= 128
        assert marks.MARK_BYTES * 8 >= 128

    def test_a3_2_tokens_are_stored_as_hashes_alone(self) -> None:
        ticket = self.open_ticket()
        keys = (
            actions.make_link(ticket.pk, contact_id=ticket.contact_id),
            make_account_link(self.cast.ben.pk, actor=actors.system()),
        )
        stored = "\n".join(_everything())
        assert crypto.token_hash("ticket-link", keys[0]) in stored
        assert not [key for key in keys if key in stored]

    def test_a3_2_a_token_opens_what_it_was_made_for_and_nothing_else(self) -> None:
        ticket = self.open_ticket()
        page = actions.make_link(ticket.pk, contact_id=ticket.contact_id)
        account = make_account_link(self.cast.ben.pk, actor=actors.system())
        assert (link_for(account), agent_behind(page)) == (None, None)
        assert link_for(page) is not None
        assert agent_behind(account) == self.cast.ben

    def test_a3_2_a_mark_of_one_kind_is_none_of_another(self) -> None:
        """The same numbers, the mark moved from one form into the others."""
        message_id = marks.make_message_id(OwnId(1, "r", 1), "acme.example")
        reply = marks.make_reply_address(SUPPORT, 1)
        agent = marks.make_agent_reply_address(SUPPORT, AgentToken(1, 1))
        inner = marks.make_agent_reply_address(SUPPORT, AgentToken(1, 1, is_internal=True))
        found = [each.partition("@")[0][-26:] for each in (message_id, reply, agent, inner)]
        assert len(set(found)) == 4
        for mark in found:
            made = (
                f"1.r1.{mark}@acme.example",
                *(f"support+{kind}-{mark}@acme.example" for kind in ("rb", "ab-b", "ib-b")),
            )
            genuine = [
                marks.read_message_id(made[0]), marks.read_reply_address(made[1]),
                marks.read_agent_reply_address(made[2]), marks.read_agent_reply_address(made[3]),
            ]  # fmt: skip
            assert len([each for each in genuine if each is not None]) == 1

    def test_a3_3_no_token_is_made_of_a_clock_a_number_or_a_weak_hash(self) -> None:
        weak = [
            f"{path.relative_to(_root())}: {ast.unparse(node)}"
            for path in _modules()
            for node in ast.walk(ast.parse(path.read_text()))
            if _is_weak(node, path)
        ]
        assert weak == []

    def test_a3_3_the_rule_sees_what_it_forbids(self) -> None:
        for code in ("hashlib.md5(key)", "uuid.uuid1()", "random.choice(letters)", "random.random()"):
            assert any(_is_weak(node, _root() / "x.py") for node in ast.walk(ast.parse(code))), code


def _is_weak(node: ast.AST, path: Path) -> bool:
    if not isinstance(node, ast.Attribute):
        return False
    module = str(path.relative_to(_root()))
    if (module, node.attr) in SUMS_OF_FORMATS:
        return False
    is_chance = isinstance(node.value, ast.Name) and node.value.id == "random"
    return node.attr in WEAK or (is_chance and module not in SPREADS_RETRIES)


def _root() -> Path:
    return Path(tugi.__file__).parent


def _modules() -> Iterator[Path]:
    """The code that runs a desk; the demo only invents people."""
    for path in sorted(_root().rglob("*.py")):
        parts = path.relative_to(_root()).parts
        if "tests" not in parts and "demo" not in parts and path.name != "testing.py":
            yield path


def _everything() -> Iterator[str]:
    """Every value in every table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield from map(str, row)
