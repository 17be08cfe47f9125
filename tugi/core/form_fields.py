"""Form fields that say what is wrong in our words."""

from __future__ import annotations

from django import forms
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

is_mail_address = EmailValidator(_("Enter a valid e-mail address."))


class EmailField(forms.EmailField):
    """Django's, with the spelling that all our texts have."""

    default_validators = [is_mail_address]
