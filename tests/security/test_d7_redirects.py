"""D7.2, D7.3: after signing in one stays on the desk; no header switches the form's token off."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.test import Client
from django.urls import reverse

from tests.house.access.world import routes
from tugi.core.testing import HTMX
from tugi.people.testing import PASSWORD
from tugi.tickets.models import Ticket
from tugi.tickets.testing import DeskTest, make_ticket

ELSEWHERE = [
    "//evil.example", "///evil.example", "////evil.example/%2e%2e", "/\\evil.example", "\\/evil.example",
    "\\\\evil.example", "https:evil.example",
    "https:/evil.example", "http:///evil.example", "https://evil.example", "//evil.example\\@testserver",
    "https://testserver@evil.example",
    "https://testserver.evil.example", "//testserver:80@evil.example/", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    " javascript:alert(1)", "\x00//evil.example", "\x01//evil.example", "\t//evil.example", " //evil.example",
    "data:text/html,x", "/%09/evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "%2f%2fevil.example", "/.evil.example",
    "http:\\\\evil.example", "//[evil.example",
    "http://[::1", "ftp://evil.example", "\u2044\u2044evil.example", "\uff0f\uff0fevil.example",
    "//evil\u3002example", "?next=//evil.example", "#//evil.example",
    "/sign-out", "/" * 3000, "/tickets/1\r\nSet-Cookie: a=b", "/tickets/1\r\n\r\n<script>",
    "blob:https://evil.example/x", "evil.example",
]  # fmt: skip


def stays(location: str) -> bool:
    """Whether a browser that is sent there stays where it is. Browsers drop tabs and line ends, and turn \\ into /."""
    seen = location.strip("\x00\x01\x02\x03 \t\r\n").translate({9: None, 10: None, 13: None}).replace("\\", "/")
    try:
        parts = urlsplit(seen)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc and not seen.startswith("//")


def test_the_judge_knows_what_browsers_do() -> None:
    assert [each for each in ELSEWHERE[:22] if stays(each)] == []
    assert all(stays(each) for each in ("/", "/tickets/?view=mine", "?a=//b", "tickets", "/%09/evil.example"))


class RedirectTest(DeskTest):
    def test_signing_in_leads_nowhere_else(self) -> None:
        for there in ELSEWHERE:
            client = Client()
            given = {"login": "ben@acme.example", "password": PASSWORD, "next": there}
            by_form = client.post(reverse("account_login"), given)
            assert by_form.status_code == 302, there
            assert stays(by_form["Location"]), (there, by_form["Location"])
            assert "\r" not in by_form["Location"] and "\n" not in by_form["Location"], there
            again = client.get(reverse("account_login"), {"next": there})
            assert again.status_code in (200, 302), there
            assert stays(again.headers.get("Location", "/")), (there, again.headers)
            self.forget_tries()

    def test_the_address_of_the_form_takes_nobody_elsewhere(self) -> None:
        for there in ELSEWHERE:
            page = Client().get(reverse("account_login"), {"next": there}).content.decode()
            assert 'href="//evil' not in page and 'href="javascript' not in page.lower(), there
            assert 'action="//evil' not in page and 'action="http' not in page, there

    def test_signing_out_leads_nowhere_else(self) -> None:
        for there in ELSEWHERE:
            self.sign_in(self.cast.ben)
            answer = self.client.post(reverse("account_logout"), {"next": there})
            assert answer.status_code == 302
            assert stays(answer["Location"]), there

    def test_a_stranger_is_led_back_to_the_desk_alone(self) -> None:
        for there in ELSEWHERE:
            if "\r" in there or "\n" in there or not there.isascii():
                continue  # no header can say it
            answer = Client().get("/tickets/", headers={**HTMX, "HX-Current-URL": there})
            location = answer["HX-Redirect"]
            assert answer.status_code == 401 and stays(location), there
            signed_in = Client().post(location, {"login": "ben@acme.example", "password": PASSWORD})
            assert stays(signed_in["Location"]), (there, signed_in["Location"])
            self.forget_tries()

    def test_no_parameter_of_any_page_leads_elsewhere(self) -> None:
        self.sign_in(self.cast.ada)
        ticket = make_ticket(self.cast.north, self.cast.dora)
        given = dict.fromkeys(
            ("next", "url", "to", "return", "redirect", "continue", "view", "q", "back"), "//evil.example"
        )
        for name, pattern in routes().items():
            parts = list(pattern.pattern.converters)
            if parts not in ([], ["number"]) or name.startswith("core:"):
                continue
            there = reverse(name, kwargs=dict.fromkeys(parts, ticket.number))
            for answer in (self.client.get(there, given), self.client.post(f"{there}?next=//evil.example", {})):
                for header in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "Refresh", "Link"):
                    assert stays(answer.headers.get(header, "/")), (name, header)
            self.sign_in(self.cast.ada)

    @staticmethod
    def forget_tries() -> None:
        from tugi.core.models import RateBucket

        RateBucket.objects.all().delete()


class TokenTest(DeskTest):
    def test_no_header_takes_the_place_of_the_forms_token(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)
        client = Client(enforce_csrf_checks=True)
        client.force_login(self.cast.ben)
        for headers in (
            {}, {"Authorization": "Bearer x"}, {"Authorization": "Basic YTpi"}, {"X-Requested-With": "XMLHttpRequest"},
            {"X-CSRFToken": "x" * 64}, {"X-HTTP-Method-Override": "GET"}, HTMX, {"Sec-Fetch-Site": "none"},
            {"Content-Type": "application/json"}, {"Origin": "null"}, {"Origin": "https://evil.example"},
            {"Referer": "https://evil.example/"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
        ):  # fmt: skip
            answer = client.post(
                reverse("ticket-priority", args=[ticket.number]), {"priority": "urgent"}, headers=headers
            )
            assert answer.status_code == 403, headers
        assert Ticket.objects.get(pk=ticket.pk).priority == "normal"

    def test_a_form_sent_as_another_method_does_nothing(self) -> None:
        ticket = make_ticket(self.cast.north, self.cast.dora)
        self.sign_in(self.cast.ben)
        there = reverse("ticket-priority", args=[ticket.number])
        for override in ({"X-HTTP-Method-Override": "POST"}, {"X-Method-Override": "POST"}, {"X-HTTP-Method": "POST"}):
            self.client.get(there, {"priority": "urgent", "_method": "POST"}, headers=override)
        assert Ticket.objects.get(pk=ticket.pk).priority == "normal"
