"""C3: a form changes what it declares and nothing else, whatever else is sent along with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.house.access.world import routes
from tests.security.asking import code_of
from tests.security.rows import all_rows, changes
from tests.security.sides import Side, make_side
from tugi.channels.email.actions.mailboxes import SETTINGS
from tugi.people.models import Agent, Role
from tugi.tickets.models import Message, Proof
from tugi.tickets.testing import DeskTest

NO_FIELDS = {"mail-retry", "account_logout", "csp-report"}
MAILBOX = {
    "address": "nearby@acme.example", "display_name": "Another name", "aliases": "", "language": "en", "signature": "",
    "imap_port": "993", "imap_security": "tls", "imap_folders": "INBOX", "smtp_port": "465", "smtp_security": "tls",
}  # fmt: skip
OAUTH = ("oauth_client_id", "oauth_client_secret", "oauth_authorise_url", "oauth_token_url", "oauth_scopes")
PROFILE = {"name": "Ben N.", "language": "et", "time_zone": "Europe/Tallinn", "density": "compact", "signature": "B."}
BAD = [
    "true", "false", "null", "-1", "0", "1.5", "1e3", "9" * 30, "\x00", "a\x00b", "[1,2]", '{"a":1}', "\ud7ff",
    "\u202e",
    " ", "1 OR 1=1", "١",
    "a" * 10_000, "__class__", "{{7*7}}",
]  # fmt: skip


def columns_of_all_models() -> dict[str, str]:
    """Every column there is, and ways over relations, each with a value that would do harm."""
    names = {field.name for model in apps.get_models() for field in model._meta.get_fields()}
    paths = {
        f"{name}__{inner}" for name in ("agent", "ticket", "contact", "grants") for inner in ("id", "password", "role")
    }
    switches = {
        "is_superuser",
        "is_staff",
        "is_admin",
        "permissions",
        "ignore_permissions",
        "role",
        "roles",
        "_state",
        "pk",
    }
    return dict.fromkeys(sorted(names | paths | switches), "1")


class SidesTest(DeskTest):
    near: Side
    far: Side

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.near = make_side("nearby", cls.cast.north, cls.cast.dora, cls.cast.ben)
        cls.far = make_side("faraway", cls.cast.south, cls.cast.emil, cls.cast.cleo)


class FormsTest(SidesTest):
    def changed_by(self, there: str, given: dict[str, Any], agent: Agent | None) -> set[str]:
        """What changes when the form comes with every column of every table besides its own fields."""
        client = Client()
        if agent:
            client.force_login(agent)
        before = all_rows()
        answer = client.post(there, {**columns_of_all_models(), **given})
        assert code_of(answer) in (204, 302), answer.content
        return {change for change in changes(before, all_rows()) if not change.startswith("+events.")}

    def test_there_are_many_columns(self) -> None:
        assert len(columns_of_all_models()) > 150

    def test_a_profile_is_its_five_fields(self) -> None:
        changed = self.changed_by(reverse("people:profile"), PROFILE, self.cast.ben)

        assert changed <= {f"people.Agent.{name}" for name in PROFILE}
        assert "people.Agent.signature" in changed
        self.only_bens_row_differs()

    def only_bens_row_differs(self) -> None:
        ben = Agent.objects.get(pk=self.cast.ben.pk)
        assert (ben.email, ben.password, ben.is_active) == (self.cast.ben.email, self.cast.ben.password, True)
        assert Agent.objects.filter(signature="B.").count() == 1

    def test_preferences_are_theme_and_density(self) -> None:
        changed = self.changed_by(reverse("people:preferences"), {"theme": "dark", "density": "compact"}, self.cast.ben)

        assert changed == {"people.Agent.theme", "people.Agent.density"}

    def test_a_password_needs_the_present_one_and_changes_nothing_else(self) -> None:
        words = "a wholly different 42 horse"
        client = Client()
        client.force_login(self.cast.ben)
        before = all_rows()
        for current in ("", "wrong", "1"):
            client.post(reverse("people:password"), {**columns_of_all_models(), "current": current, "password": words})
        assert changes(before, all_rows()) == set()

        given = {"current": "slow purple tractor 17", "password": words}
        assert self.changed_by(reverse("people:password"), given, self.cast.ben) == {"people.Agent.password"}

    def test_roles_are_the_roles_of_one_agent(self) -> None:
        there = reverse("people:agent", args=[self.cast.leo.pk])
        changed = self.changed_by(there, {f"role_{self.cast.south.pk}": "agent", "role_desk": ""}, self.cast.ada)

        assert changed <= {"+people.RoleGrant", "-people.RoleGrant"}
        assert list(self.cast.leo.grants.values_list("department_id", "role__slug")) == [(self.cast.south.pk, "agent")]
        assert Role.objects.get(slug="agent").permissions == self.permissions_of_agents()

    @staticmethod
    def permissions_of_agents() -> list[str]:
        from tugi.people.roles import AGENT, BUILT_IN

        return [permission.value for permission in BUILT_IN[AGENT]]

    def test_a_new_agent_has_no_password_and_the_roles_that_were_chosen(self) -> None:
        given = {"name": "Nils", "email": "nils@acme.example", f"role_{self.cast.south.pk}": "light_agent"}
        client = Client()
        client.force_login(self.cast.ada)
        answer = client.post(reverse("people:agent-new"), {**columns_of_all_models(), **given})

        nils = Agent.objects.get(email="nils@acme.example")
        assert answer.status_code == 200
        assert not nils.has_usable_password()
        assert list(nils.grants.values_list("department_id", "role__slug")) == [(self.cast.south.pk, "light_agent")]

    def test_a_department_is_its_three_fields(self) -> None:
        there = reverse("people:department", args=[self.cast.north.pk])
        changed = self.changed_by(there, {"name": "Norden", "head": "", "is_active": "on"}, self.cast.ada)

        assert changed == {"people.Department.name"}

    def test_a_mailbox_is_its_settings(self) -> None:
        """CVE-2026-40569 of another desk: undeclared columns of the connection led all mail elsewhere."""
        there = reverse("email:mailbox", args=[self.near.mailbox.pk])
        given = {
            **MAILBOX,
            "department": self.cast.north.pk,
            "is_active": "on",
            "plus_addresses": "on",
            "late_reply": "new",
            "late_after_days": "30",
            "authserv_id": "",
            "imap_start": "new",
            "imap_afterwards": "keep",
            "imap_move_to": "",
            "fetch_protocol": "imap",
            "sign_in": "password",
            **dict.fromkeys(OAUTH, ""),
        }
        servers = dict.fromkeys(("imap_on", "smtp_on", "imap_host", "smtp_host", "imap_username", "smtp_username"), "")
        changed = self.changed_by(there, {**given, **servers, "imap_password": "", "smtp_password": ""}, self.cast.ada)

        assert changed <= {f"channels_email.Mailbox.{name}" for name in SETTINGS}
        self.near.mailbox.refresh_from_db()
        assert self.near.mailbox.display_name == "Another name"

    def test_a_customers_comment_is_words_of_that_customer_in_that_ticket(self) -> None:
        given = {
            "text": "Hello again", "kind": "note", "contact": self.cast.emil.pk, "ticket": self.far.ticket.pk,
            "proof": "session", "agent": self.cast.ada.pk, "author_name": "Ada Admin", "channel": "email",
            "status": "6",
            "to": "evil@evil.example",
        }  # fmt: skip
        newest = Message.objects.latest("id").pk
        self.changed_by(reverse("portal:comments", args=[self.near.key]), given, None)

        said = Message.objects.get(id__gt=newest)
        assert (said.kind, said.channel, said.proof) == ("inbound", "portal", Proof.TOKEN)
        assert (said.ticket, said.contact, said.agent) == (self.near.ticket, self.cast.dora, None)
        assert (said.author_name, said.to, said.cc) == ("Dora Customer", [], [])

    def test_closing_by_the_customer_sets_no_other_status(self) -> None:
        there = reverse("portal:closure", args=[self.near.key])
        changed = self.changed_by(there, {"status": "1", "category": "closed", "to": "1"}, None)

        assert changed <= {f"tickets.Ticket.{name}" for name in ("status_id", "stage", "resolved_at", "version")}
        self.near.ticket.refresh_from_db()
        assert self.near.ticket.status.category == "resolved"


class StrictTest(SidesTest):
    """The desk's own requests: an unknown key, or one said twice, is refused whole (C3.2)."""

    VALID: dict[str, dict[str, str]] = {
        "ticket-assignment": {"agent": "me"},
        "ticket-status": {"status": "2"},
        "ticket-priority": {"priority": "high"},
        "ticket-subject": {"subject": "Another"},
        "ticket-department": {"department": "2"},
        "ticket-tags": {"add": "new"},
        "ticket-merge": {"into": "1"},
        "ticket-participants": {"add": "emil@emil.example"},
        "ticket-messages": {"kind": "note", "body": "Words"},
    }

    def setUp(self) -> None:
        self.sign_in(self.cast.ben)
        self.before = all_rows()

    def nothing_changed(self) -> None:
        assert changes(self.before, all_rows()) == set()

    def post(self, name: str, given: Any, **more: Any) -> int:
        return code_of(self.client.post(reverse(name, args=[self.near.ticket.number]), given, **more))

    def test_every_form_of_a_ticket_is_tried(self) -> None:
        """Whoever refuses an unknown key has a form; who takes any does something without words."""
        takes = set()
        for name, pattern in routes().items():
            if list(pattern.pattern.converters) == ["number"]:
                with transaction.atomic():
                    takes |= {name} if self.post(name, {"x": "1"}) == 400 else set()
                    transaction.set_rollback(True)
        assert takes == set(self.VALID)

    def test_unknown_keys_are_refused(self) -> None:
        for name, valid in self.VALID.items():
            for key in ("assignee_id", "ticket", "contact", "version_", "is_active", "agent__password", "id"):
                if key not in valid:
                    assert self.post(name, {**valid, key: "1"}) == 400, (name, key)
        self.nothing_changed()

    def test_keys_said_twice_are_refused(self) -> None:
        for name, valid in self.VALID.items():
            for key, value in valid.items():
                assert self.post(name, {**valid, key: [value, "x"]}) == 400, (name, key)
        self.nothing_changed()

    def test_values_of_the_wrong_shape_are_refused(self) -> None:
        for name, valid in self.VALID.items():
            if name in ("ticket-subject", "ticket-tags", "ticket-messages"):
                continue
            for key in valid:
                for value in set(BAD) - {"١"}:  # a digit like any other
                    assert self.post(name, {**valid, key: value}) in (400, 404, 422), (name, value[:20])
        self.nothing_changed()

    def test_a_body_that_is_no_form_is_refused(self) -> None:
        for name in self.VALID:
            for kind, body in self.bodies():
                # No tags to add and none to take away is a change of nothing.
                known = (302, 400) if name == "ticket-tags" else (400, 404, 422)
                assert self.post(name, body, content_type=kind) in known, (name, kind)
        self.nothing_changed()

    def test_words_are_taken_whatever_they_are(self) -> None:
        for value in BAD:
            assert self.post("ticket-subject", {"subject": value}) < 500
            assert self.post("ticket-tags", {"add": value}) < 500
            for form in ("text", "html"):
                assert self.post("ticket-messages", {"kind": "note", "body": value, "body_format": form}) < 500
            assert (
                self.post("ticket-messages", {"kind": value, "body": "x", "then": value, "body_format": value}) == 422
            )

    @staticmethod
    def bodies() -> Iterable[tuple[str, bytes]]:
        yield "application/json", b'{"priority": "high", "agent": "me", "status": 2, "kind": "note", "body": "x"}'
        yield "text/plain", b"priority=high"
        yield "application/xml", b"<priority>high</priority>"
        yield "multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="priority'
        yield "multipart/form-data", b""
        yield "application/x-www-form-urlencoded; charset=utf-7", b"priority=high"
        yield "application/x-www-form-urlencoded", b"\xff\xfe=%ff&%00=%00"
        yield "application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(1001))


class OddInputTest(SidesTest):
    """No form of the desk fails on anything: it says what is wrong, or that there is nothing here."""

    def test_no_form_breaks(self) -> None:
        client = Client(raise_request_exception=False)
        client.force_login(self.cast.ada)
        for name, pattern in routes().items():
            if name.startswith(("core:", "people:agent-de", "people:agent-link")) or name in NO_FIELDS:
                continue
            there = self.address(name, list(pattern.pattern.converters))
            # The forms of tickets take no strangers.
            fields = StrictTest.VALID.get(name) or {"text", "login", "password", "current", *PROFILE, *MAILBOX}
            for value in ("", "\x00", "\ud7ff", "9" * 30, "a" * 10_000, "[1,2]"):
                code = code_of(client.post(there, dict.fromkeys(fields, value)))
                assert code < 500, f"{name}: {value[:20]!r} gave {code}"

    def address(self, name: str, parts: list[str]) -> str:
        known = {**self.near.arguments, "agent_id": self.cast.leo.pk, "token": "x", "status": 404}
        return reverse(name, kwargs={part: known[part] for part in parts})

    def test_numbers_in_addresses_may_be_anything(self) -> None:
        client = Client(raise_request_exception=False)
        client.force_login(self.cast.ada)
        for name, pattern in routes().items():
            parts = list(pattern.pattern.converters)
            if not parts or name.startswith("core:"):
                continue
            for number in (0, 2**31, 2**63 - 1, 2**63, 10**30):
                given = {part: number if part != "key" else self.near.key for part in parts}
                for method in ("get", "post"):
                    code = code_of(getattr(client, method)(reverse(name, kwargs=given)))
                    assert code in (400, 404, 405, 422) or parts == ["key"], f"{method} {name} {number}: {code}"

    def test_keys_in_addresses_may_be_anything(self) -> None:
        client = Client(raise_request_exception=False)
        for name, pattern in routes().items():
            if not {"key", "token"} & set(pattern.pattern.converters):
                continue
            for key in ("\x00", "%00", "a" * 5000, "\ud7ff", "..", "%2e%2e", "{{7*7}}", "'", "None", "null", " ", "0"):
                given = {part: key if part in ("key", "token") else 1 for part in pattern.pattern.converters}
                code = code_of(client.get(reverse(name, kwargs=given)))
                assert code in (404, 405), f"{name} {key[:10]!r}: {code}"
