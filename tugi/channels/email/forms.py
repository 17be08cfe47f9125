from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import validate_email
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tugi.channels.email import typed_passwords
from tugi.channels.email.actions.mailboxes import OF_CONSENT, SECRETS
from tugi.channels.email.models import (
    LATE_AFTER_DAYS,
    Afterwards,
    LateReply,
    Mailbox,
    Protocol,
    Security,
    SignIn,
    Start,
)
from tugi.channels.email.provider_form import check_provider
from tugi.core.config import is_loopback
from tugi.core.form_fields import EmailField
from tugi.people.models import Agent, Department

AGAIN = _("Enter the password again: it is not sent to another server, or for another user, than it was given for.")

LONGEST_FOLDER = 200
TOO_LONG = _("The name of a folder has %(most)s characters at most.")
PASSWORD_STORED = _("A password is stored. Leave this empty to keep it.")
SECRET_STORED = _("A secret is stored. Leave this empty to keep it.")
LIMITS = ("most_a_minute", "most_an_hour", "automatic_an_hour")

TOO_LATE = _("Enter the password again: what you typed before was kept for half an hour only.")


class MailboxForm(forms.Form):
    """A mailbox's settings. Passwords go in and never come out; an empty one keeps what was typed before, or is stored.

    `kept` holds for imap and smtp what the page carries instead of the password that was typed.
    """

    address = EmailField(label=_("E-mail address"), max_length=254)
    display_name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("What customers see beside the address.")
    )
    aliases = forms.CharField(
        label=_("Other addresses of this mailbox"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One on each line."),
    )
    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), empty_label=_("Choose a department")
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of our own words, where the customer's language is not known."),
    )
    signature = forms.CharField(
        label=_("Signature"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    late_reply = forms.ChoiceField(
        label=_("A late answer to a resolved ticket"),
        choices=LateReply.choices,
        initial=LateReply.NEW,
        required=False,
        help_text=_("An earlier answer reopens the ticket. Automatic ones never do."),
    )
    late_after_days = forms.IntegerField(
        label=_("Late after days"),
        min_value=0,
        max_value=3650,
        initial=LATE_AFTER_DAYS,
        required=False,
    )

    imap_on = forms.BooleanField(label=_("Fetch mail from a server"), required=False)
    fetch_protocol = forms.ChoiceField(
        label=_("Protocol"),
        choices=Protocol.choices,
        initial=Protocol.IMAP,
        required=False,
        help_text=_("IMAP is the better one where you can choose: it is faster, and knows folders."),
    )
    imap_host = forms.CharField(label=_("Mail server"), required=False, max_length=253)
    imap_port = forms.IntegerField(
        label=_("Port"), min_value=1, max_value=65535, initial=993, help_text=_("With TLS 993 for IMAP, 995 for POP3.")
    )
    imap_security = forms.ChoiceField(label=_("Encryption"), choices=Security.choices)
    imap_username = forms.CharField(label=_("User name"), required=False, max_length=254)
    imap_password = forms.CharField(label=_("Password"), required=False, max_length=1000, strip=False)
    imap_folders = forms.CharField(
        label=_("Folders"),
        required=False,
        max_length=4000,
        initial="INBOX",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One on each line, as the server names them. POP3 has no folders."),
    )
    imap_start = forms.ChoiceField(
        label=_("What to fetch"),
        choices=Start.choices,
        initial=Start.NEW,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Older mails become tickets too, if you choose everything. Nobody is told of their arrival."),
    )

    imap_afterwards = forms.ChoiceField(
        label=_("What to do there with a mail that Tugi has taken in"),
        choices=Afterwards.choices,
        initial=Afterwards.KEEP,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Nothing is moved or deleted before it is safe here. It concerns mail that comes in from now on."),
    )
    imap_move_to = forms.CharField(
        label=_("Folder to move it to"),
        required=False,
        max_length=200,
        help_text=_("The folder is made if there is none."),
    )

    smtp_on = forms.BooleanField(
        label=_("Send through this mailbox's own server"),
        required=False,
        help_text=_("Otherwise the desk's server sends."),
    )
    smtp_host = forms.CharField(label=_("SMTP server"), required=False, max_length=253)
    smtp_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=465)
    smtp_security = forms.ChoiceField(label=_("Encryption"), choices=Security.choices)
    smtp_username = forms.CharField(label=_("User name"), required=False, max_length=254)
    smtp_password = forms.CharField(label=_("Password"), required=False, max_length=1000, strip=False)

    most_a_minute = forms.IntegerField(
        label=_("Most mails a minute"),
        initial=0,
        min_value=0,
        max_value=100_000,
        required=False,
        help_text=_("What your provider allows; 0 is no limit. What is over it leaves later."),
    )
    most_an_hour = forms.IntegerField(
        label=_("Most mails an hour"), initial=0, min_value=0, max_value=1_000_000, required=False
    )
    automatic_an_hour = forms.IntegerField(
        label=_("Most automatic mails an hour"),
        initial=3000,
        min_value=0,
        max_value=1_000_000,
        required=False,
        help_text=_(
            "Over it automatic mail stops for an hour, and you are told: somebody may be flooding others through you."
        ),
    )

    sign_in = forms.ChoiceField(
        label=_("How the desk signs in to these servers"),
        choices=SignIn.choices,
        initial=SignIn.PASSWORD,
        required=False,
        widget=forms.RadioSelect,
    )
    oauth_client_id = forms.CharField(label=_("Client ID"), required=False, max_length=255)
    oauth_client_secret = forms.CharField(label=_("Client secret"), required=False, max_length=1000)
    oauth_authorise_url = forms.CharField(
        label=_("Authorisation address"), required=False, max_length=500, help_text=_("Known for Google and Microsoft.")
    )
    oauth_token_url = forms.CharField(
        label=_("Token address"), required=False, max_length=500, help_text=_("Known for Google and Microsoft.")
    )
    oauth_scopes = forms.CharField(
        label=_("Scopes"), required=False, max_length=1000, help_text=_("Known for Google and Microsoft.")
    )

    plus_addresses = forms.BooleanField(
        label=_("The server takes addresses with a plus sign"),
        required=False,
        initial=True,
        help_text=_("Answers then come to an address only the recipient knows, such as support+r7-…@example.com."),
    )
    authserv_id = forms.CharField(
        label=_("Name of your server in Authentication-Results"),
        required=False,
        max_length=253,
        help_text=_("Fill in only if that server checks DMARC and removes what others write under its name."),
    )

    def __init__(
        self, *args: Any, agent: Agent, departments: Iterable[Department], mailbox: Mailbox | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.mailbox = mailbox
        self.kept: dict[str, str] = {}
        self._form_of: dict[str, Any] = {"agent_id": agent.pk, "mailbox_id": mailbox.pk if mailbox else None}
        ids = [department.pk for department in departments]
        choice = self.fields["department"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Department.objects.filter(id__in=ids)
        if len(ids) == 1:
            choice.empty_label = None
        for name in SECRETS:
            self._hide_secret(name)

    def clean_aliases(self) -> list[str]:
        addresses = [line.strip() for line in self.cleaned_data["aliases"].splitlines() if line.strip()]
        for address in addresses:
            try:
                validate_email(address)
            except forms.ValidationError:
                text = _now("“%(address)s” is no e-mail address.") % {"address": address}
                raise forms.ValidationError(text) from None
        return addresses

    def clean_imap_start(self) -> str:
        return self.cleaned_data["imap_start"] or (self.mailbox.imap_start if self.mailbox else Start.NEW)

    def clean_imap_folders(self) -> str:
        names = Mailbox(imap_folders=self.cleaned_data["imap_folders"]).folders or ["INBOX"]
        for name in names:
            if len(name) > LONGEST_FOLDER:
                raise forms.ValidationError(TOO_LONG % {"most": LONGEST_FOLDER})
        return "\n".join(names)

    def clean_fetch_protocol(self) -> str:
        return self.cleaned_data["fetch_protocol"] or (self.mailbox.fetch_protocol if self.mailbox else Protocol.IMAP)

    def clean_imap_afterwards(self) -> str:
        return self.cleaned_data["imap_afterwards"] or (
            self.mailbox.imap_afterwards if self.mailbox else Afterwards.KEEP
        )

    def clean_late_reply(self) -> str:
        return self.cleaned_data["late_reply"] or (self.mailbox.late_reply if self.mailbox else LateReply.NEW)

    def clean_late_after_days(self) -> int:
        days: int | None = self.cleaned_data["late_after_days"]
        return days if days is not None else (self.mailbox.late_after_days if self.mailbox else LATE_AFTER_DAYS)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for name in LIMITS:
            if told.get(name) is None and name not in self.errors:
                told[name] = getattr(self.mailbox or Mailbox(), name)
        for kind in ("imap", "smtp"):
            self._remember_password(kind, told)
            self._check_server(kind, told)
        self._check_afterwards(told)
        check_provider(self, told)
        return told

    def clean_sign_in(self) -> str:
        return self.cleaned_data["sign_in"] or (self.mailbox.sign_in if self.mailbox else SignIn.PASSWORD)

    def unsaved(self) -> Mailbox:
        """A mailbox as the form says, with the stored secrets where none was typed; for trying it out.

        It has the stored one's consent only where that was given for just this.
        """
        told = dict(self.cleaned_data)
        typed = {name: told.pop(name) for name in SECRETS}
        mailbox = Mailbox(**told)
        for name, value in typed.items():
            setattr(mailbox, name, value or (getattr(self.mailbox, name) if self.mailbox else ""))
        if self.mailbox and not self._differs(told, *(name for name in OF_CONSENT if name not in SECRETS)):
            mailbox.pk = self.mailbox.pk
        return mailbox

    def _differs(self, told: dict[str, Any], *names: str) -> bool:
        return any(told.get(name) != getattr(self.mailbox, name) for name in names)

    def _hide_secret(self, name: str) -> None:
        stored = self.mailbox is not None and bool(getattr(self.mailbox, name))
        field = self.fields[name]
        field.widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})
        if stored:
            is_secret = name == "oauth_client_secret"
            field.help_text = SECRET_STORED if is_secret else PASSWORD_STORED

    def _remember_password(self, kind: str, told: dict[str, Any]) -> None:
        """Take the password typed before where none is typed now, and keep either for the next time."""
        name, token = f"{kind}_password", str(self.data.get(f"{kind}_kept", ""))
        if not told.get(name) and token:
            told[name] = typed_passwords.kept(token, kind=kind, **self._form_of)
            if told[name] is None:
                self.add_error(name, TOO_LATE)
        if told.get(name):
            self.kept[kind] = typed_passwords.keep(told[name], kind=kind, **self._form_of)
            self[name].help_text = _("The password you typed is kept. Leave this empty to use it.")

    def _check_afterwards(self, told: dict[str, Any]) -> None:
        """A mail moved into a folder that is fetched would come in again and again."""
        if not told.get("imap_on") or told.get("imap_afterwards") != Afterwards.MOVE:
            return
        target = told.get("imap_move_to", "")
        if told.get("fetch_protocol") == Protocol.POP3:
            self.add_error("imap_afterwards", _("POP3 cannot move mails. Leave them there, or have them deleted."))
        elif not target:
            self.add_error("imap_move_to", _("Name the folder."))
        elif target.upper() in {name.upper() for name in Mailbox(imap_folders=told.get("imap_folders", "")).folders}:
            self.add_error("imap_move_to", _("Mail is fetched from this folder. Choose another."))

    def _check_server(self, kind: str, told: dict[str, Any]) -> None:
        host = told.get(f"{kind}_host", "")
        if told.get(f"{kind}_on") and not host:
            self.add_error(f"{kind}_host", _("Name the server."))
        if host and told.get(f"{kind}_security") == Security.PLAIN and not is_loopback(host):
            self.add_error(f"{kind}_security", _("Without encryption only a server on this machine can be used."))
        if self._would_leak(kind, told):
            self.add_error(f"{kind}_password", AGAIN)
        elif self._lacks_password(kind, told):
            self.add_error(f"{kind}_password", _("Enter the password of this user name."))

    def _lacks_password(self, kind: str, told: dict[str, Any]) -> bool:
        name = f"{kind}_password"
        has_one = told.get(name) or name in self.errors or (self.mailbox and getattr(self.mailbox, name))
        needs_one = told.get("sign_in") == SignIn.PASSWORD and told.get(f"{kind}_username")
        return bool(told.get(f"{kind}_on") and needs_one and not has_one)

    def _would_leak(self, kind: str, told: dict[str, Any]) -> bool:
        """Would the stored password go where it was not meant to?"""
        if self.mailbox is None or told.get(f"{kind}_password"):
            return False
        moved = self._differs(told, *(f"{kind}_{part}" for part in ("host", "port", "username", "security")))
        return moved and bool(getattr(self.mailbox, f"{kind}_password"))
