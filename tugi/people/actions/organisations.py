from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from tugi.core import clock
from tugi.core.errors import Invalid
from tugi.core.text import shorten, single_line
from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.people.events import OrganisationAdded
from tugi.people.models import Organisation, OrganisationDomain


@transaction.atomic
def add_organisation(*, name: str, domains: Iterable[str] = (), actor: Actor) -> Organisation:
    """A new organisation; who writes from one of its domains from now on belongs to it.

    Raises Invalid for a name that is taken, or a domain that another organisation has.
    """
    wanted = {domain.strip().lower() for domain in domains}
    name = shorten(single_line(name), 160)
    if Organisation.objects.filter(name__iexact=name).exists():
        raise Invalid(name="taken")
    if OrganisationDomain.objects.filter(domain__in=wanted).exists():
        raise Invalid(domains="taken")
    organisation = Organisation.objects.create(name=name, created_at=clock.now())
    OrganisationDomain.objects.bulk_create(
        OrganisationDomain(organisation=organisation, domain=domain) for domain in sorted(wanted)
    )
    append(OrganisationAdded(organisation_id=organisation.pk), actor=actor)
    return organisation
