from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tugi.core.form_fields import EmailField
from tugi.people import roles
from tugi.people.actions.agents import Grant
from tugi.people.models import Agent, Department, RoleGrant


def time_zones() -> list[tuple[str, str]]:
    """IANA zones as choices: UTC, then regions such as "Europe/Tallinn"."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and name[:4] != "Etc/")
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    density = forms.ChoiceField(
        label=_("Density"),
        choices=[("comfortable", _("Comfortable")), ("compact", _("Compact"))],
    )
    signature = forms.CharField(
        label=_("Signature"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown below your replies."),
    )


class PasswordForm(forms.Form):
    """Another password, by one who knows the present one."""

    current = forms.CharField(
        label=_("Present password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    password = forms.CharField(
        label=_("New password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agent = agent
        self.fields["password"].help_text = password_validators_help_texts()[1]

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not self.agent.check_password(current):
            raise forms.ValidationError(_("This is not your present password."))
        return current


class FirstPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; a few words are best."),
    )


class AgentForm(forms.Form):
    """A new agent. What they may do is asked by `RolesForm`."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = EmailField(label=_("E-mail address"), max_length=254)


class RolesForm(forms.Form):
    """One choice for the whole desk and one for each department."""

    def __init__(self, *args: Any, agent: Agent | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held: dict[int | None, str] = {}
        held.update(RoleGrant.objects.filter(agent=agent).values_list("department_id", "role__slug"))
        choices = [("", _("No role")), *roles.NAMES.items()]
        # A shut one too where a role is held in it: saving must not take that role away unseen.
        shown = Q(is_active=True) | Q(pk__in=[key for key in held if key is not None])
        self.departments = list(Department.objects.filter(shown)[:200])
        for department in [None, *self.departments]:
            key = department.pk if department else None
            self.fields[_field(key)] = forms.ChoiceField(
                label=department.name if department else _("On the whole desk"),
                choices=choices,
                required=False,
                initial=held.get(key, ""),
            )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not any(told.values()):
            raise forms.ValidationError(_("Choose at least one role; without one an agent sees nothing."))
        return told

    def grants(self) -> list[Grant]:
        places: list[Department | None] = [None, *self.departments]
        chosen = [(self.cleaned_data[_field(place.pk if place else None)], place) for place in places]
        return [(slug, place) for slug, place in chosen if slug]


class DepartmentForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("department", "Name"), max_length=80)
    head = forms.ModelChoiceField(
        label=_("Head"),
        queryset=Agent.objects.filter(is_active=True),
        required=False,
        empty_label=pgettext_lazy("head of a department", "Nobody"),
        help_text=_("Answers for the department being on time."),
    )
    is_active = forms.BooleanField(label=_("Takes tickets"), required=False, initial=True)


def _field(department_id: int | None) -> str:
    return f"role_{department_id or 'desk'}"
