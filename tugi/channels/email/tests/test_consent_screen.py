"""From the mailbox's screen to the provider and back."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.servers.identity_provider import IdentityProvider
from tugi.channels.email import oauth
from tugi.channels.email.consent_views import back_to
from tugi.channels.email.models import Consent, Mailbox, SignIn
from tugi.channels.email.tests.connecting import VERIFIER
from tugi.core.reasons import tell
from tugi.events.models import Event
from tugi.people import roles
from tugi.people.testing import make_agent, make_department

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(unconnected: Mailbox) -> Mailbox:
    return unconnected


class TestScreen:
    """From the mailbox's screen to the provider and back."""

    @pytest.fixture
    def client(self, mailbox: Mailbox) -> Client:
        lead = make_agent("Lena Lead", role=roles.LEAD, department=mailbox.department)
        client = Client()
        client.force_login(lead)
        return client

    def go(self, client: Client, mailbox: Mailbox) -> dict[str, str]:
        """What the provider is asked."""
        answer = client.get(f"/settings/mail/{mailbox.pk}/connect")
        assert answer.status_code == 302
        return {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}

    def test_it_leads_there_and_back(
        self, client: Client, mailbox: Mailbox, identity_provider: IdentityProvider
    ) -> None:
        page = client.get(f"/settings/mail/{mailbox.pk}").content.decode()
        assert "Not connected" in page
        assert back_to() in page
        asked = self.go(client, mailbox)
        assert asked["code_challenge_method"] == "S256"
        assert asked["redirect_uri"] == back_to()
        back = urlsplit(identity_provider.consents(asked))
        answer = client.get(f"{back.path}?{back.query}", follow=True)

        assert "Connected" in answer.content.decode()
        assert "Connect again" in answer.content.decode()
        assert Consent.objects.get().mailbox == mailbox
        assert Event.objects.filter(kind="mailbox.changed").count() == 1
        assert client.get(f"{back.path}?{back.query}").status_code == 422, "what came back is used up"

    def test_a_refusal_is_told_once(
        self, client: Client, mailbox: Mailbox, identity_provider: IdentityProvider
    ) -> None:
        identity_provider.says_no = True
        back = urlsplit(identity_provider.consents(self.go(client, mailbox)))
        answer = client.get(f"{back.path}?{back.query}", follow=True)

        assert "somebody there said no" in answer.content.decode()
        assert "somebody there said no" not in client.get(f"/settings/mail/{mailbox.pk}").content.decode()
        assert not Consent.objects.exists()

    def test_another_state_another_browser_and_too_late_are_refused(
        self, client: Client, mailbox: Mailbox, identity_provider: IdentityProvider
    ) -> None:
        asked = self.go(client, mailbox)
        back = urlsplit(identity_provider.consents(asked))
        other = Client()
        other.force_login(make_agent("Ada Admin", role=roles.ADMIN))
        with patch("tugi.channels.email.consent_views.GOOD_FOR", timedelta(seconds=-1)):
            late = Client()
            late.force_login(make_agent("Adam Admin", role=roles.ADMIN))
            asked_late = self.go(late, mailbox)

        assert client.get(f"{back.path}?code=x&state=wrong").status_code == 422
        assert other.get(f"{back.path}?{back.query}").status_code == 422
        assert late.get(f"{back.path}?code=x&state={asked_late['state']}").status_code == 422
        assert len(identity_provider.asked) == 0
        assert client.get(f"{back.path}?{back.query}").status_code == 302

    def test_a_lead_of_another_department_cannot_connect_it(self, mailbox: Mailbox) -> None:
        far = make_agent("Fred Far", role=roles.LEAD, department=make_department("South"))
        client = Client()
        client.force_login(far)
        assert client.get(f"/settings/mail/{mailbox.pk}/connect").status_code == 404


def test_what_is_known_of_google_and_microsoft() -> None:
    for sign_in, host in ((SignIn.GOOGLE, "accounts.google.com"), (SignIn.MICROSOFT, "login.microsoftonline.com")):
        mailbox = Mailbox(sign_in=sign_in, oauth_client_id="desk", imap_username="support@acme.example")
        place = urlsplit(oauth.consent_url(mailbox, back_to=back_to(), state="s", verifier=VERIFIER))
        asked = parse_qs(place.query)
        assert place.hostname == host
        assert asked["login_hint"] == ["support@acme.example"]
        assert ("offline" in asked.get("access_type", [])) or ("offline_access" in asked["scope"][0])


def test_a_consent_without_a_refresh_token_is_said_plainly(
    mailbox: Mailbox, identity_provider: IdentityProvider
) -> None:
    identity_provider.answers = [(200, b'{"access_token": "a", "expires_in": 3600}')]
    with pytest.raises(oauth.NoConsent) as refused:
        oauth.tokens_for_code(mailbox, "code", back_to=back_to(), verifier=VERIFIER)
    assert "for an hour only" in tell(refused.value.reason)
