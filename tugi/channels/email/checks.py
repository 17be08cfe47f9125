"""What can be wrong with the settings of the mail server, as a Django system check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error


def certificate(app_configs: Sequence[AppConfig] | None = None, **options: Any) -> list[CheckMessage]:
    """A certificate that was given can be used, with its key."""
    from tugi.channels.email.receiving.certificate import load

    given = settings.SMTP_CERTIFICATE
    if given is None:
        return []
    try:
        load(given, settings.SMTP_CERTIFICATE_KEY or given)
    except (OSError, ValueError) as error:
        message = f"TUGI_SMTP_CERTIFICATE cannot be used: {error}."
        hint = "Give a PEM file with the certificate and its chain, and TUGI_SMTP_CERTIFICATE_KEY with its key."
        return [Error(message, hint=hint, id="tugi.E024")]
    return []
