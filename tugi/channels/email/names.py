"""Names of mailboxes, for whatever history speaks of them."""

from __future__ import annotations

from tugi.channels.email.models import Mailbox
from tugi.events import names


def mailbox_names(ids: set[int]) -> dict[int, str]:
    return dict(Mailbox.objects.filter(id__in=ids).values_list("id", "address"))


def register() -> None:
    names.register("mailbox", mailbox_names)
