from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tugi.channels.email.protection.isolated import inspect_isolated
from tugi.channels.email.protection.keys import LARGEST_KEY, Inspected, KeyRefused

WHY = {
    "unreadable": _("This is no key that Tugi can use: give an OpenPGP key, or a certificate as PEM or PKCS #12."),
    "passphrase": _("The passphrase does not open this key."),
    "mismatch": _("The private key comes without its certificate: give both together."),
}
NOTHING = _("Paste a key or choose a file.")
TOO_LARGE = _("A key is no larger than a megabyte.")


class SecretTextarea(forms.Textarea):
    """Shows nothing of what was typed into it: it may be a private key."""

    def format_value(self, value: Any) -> str:
        return ""


class KeyForm(forms.Form):
    """A key to be added, pasted or as a file. It goes in and never comes out."""

    key = forms.CharField(
        label=_("Key or certificate"),
        required=False,
        max_length=LARGEST_KEY,
        widget=SecretTextarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_(
            "OpenPGP, or S/MIME as PEM. With a private key mail is opened; without one, signatures are checked."
        ),
    )
    file = forms.FileField(
        label=_("Or as a file"), required=False, help_text=_("Also S/MIME as PKCS #12 (.p12, .pfx).")
    )
    passphrase = forms.CharField(
        label=_("Passphrase of the key"),
        required=False,
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
    )

    found: Inspected

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        file = told.get("file")
        if file and file.size > LARGEST_KEY:
            raise forms.ValidationError(TOO_LARGE)
        data = file.read() if file else str(told.get("key", "")).encode()
        if not data.strip():
            raise forms.ValidationError(NOTHING)
        try:
            self.found = inspect_isolated(data, told.get("passphrase", ""))
        except KeyRefused as refused:
            raise forms.ValidationError(WHY[refused.reason]) from None
        return told
