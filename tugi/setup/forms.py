from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from tugi.core.form_fields import EmailField
from tugi.people.forms import time_zones
from tugi.people.models import Agent
from tugi.setup.actions import FirstDesk


class DeskForm(forms.Form):
    company = forms.CharField(label=_("Company"), max_length=120, help_text=_("Customers see this name."))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)


class FirstRunForm(forms.Form):
    company = forms.CharField(
        label=_("Company"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        help_text=_("Customers see this name."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = EmailField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        help_text=_("You sign in with it."),
    )
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; a few words are best."),
    )
    address = EmailField(
        label=_("First mailbox"),
        help_text=_("The address that customers write to, such as support@example.com."),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        person = Agent(email=self.data.get("email", ""), name=self.data.get("name", ""))
        validate_password(password, person)
        return password

    def first_desk(self) -> FirstDesk:
        return FirstDesk(**self.cleaned_data)
