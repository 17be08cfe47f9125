"""Why a mail to an agent's address does not count as the agent's."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Refusal(models.TextChoices):
    """Why a mail to an agent's address does not count as the agent's."""

    OTHER_SENDER = "other_sender", _("another address wrote it")
    NOT_PROVEN = "not_proven", _("nothing proves who wrote it")
    NO_ACCESS = "no_access", _("the agent may not do this in this ticket")
    MACHINE = "machine", _("a machine wrote it")
