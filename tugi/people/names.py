"""Names of people and departments, for whatever history speaks of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from tugi.events import names
from tugi.people.models import Agent, Contact, Department, Identity, Organisation


def agent_names(ids: set[int]) -> dict[int, str]:
    return dict(Agent.objects.filter(id__in=ids).values_list("id", "name"))


def department_names(ids: set[int]) -> dict[int, str]:
    return dict(Department.objects.filter(id__in=ids).values_list("id", "name"))


def organisation_names(ids: set[int]) -> dict[int, str]:
    return dict(Organisation.objects.filter(id__in=ids).values_list("id", "name"))


def contact_names(ids: set[int]) -> dict[int, str]:
    """The contact's name, or an address of theirs where the name is not known."""
    found = dict(Contact.objects.filter(id__in=ids).values_list("id", "name"))
    found.update(_addresses(id_ for id_, name in found.items() if not name))
    return {id_: name or gettext("Unknown sender") for id_, name in found.items()}


def _addresses(contact_ids: Iterable[int]) -> dict[int, str]:
    wanted = list(contact_ids)
    if not wanted:
        return {}
    # Reversed, so that the oldest address is the one that stays.
    identities = Identity.objects.filter(contact__in=wanted).order_by("-id")
    return dict(identities.values_list("contact_id", "value"))


def register() -> None:
    names.register("agent", agent_names)
    names.register("department", department_names)
    names.register("organisation", organisation_names)
    names.register("contact", contact_names)
