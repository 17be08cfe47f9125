from __future__ import annotations

from django.db import transaction

from tugi.events.actors import Actor
from tugi.events.log import append
from tugi.people.errors import DepartmentInUse, NameTaken
from tugi.people.events import DepartmentAdded, DepartmentChanged
from tugi.people.models import Agent, Department


@transaction.atomic
def add_department(*, name: str, head: Agent | None = None, actor: Actor) -> Department:
    """A new department at the end of the list. Raises NameTaken."""
    _refuse_taken(name)
    position = Department.objects.count()
    department = Department.objects.create(name=name.strip(), head=head, position=position)
    append(DepartmentAdded(department_id=department.pk), actor=actor)
    return department


@transaction.atomic
def change_department(
    department_id: int, *, name: str, head: Agent | None, is_active: bool, actor: Actor
) -> Department:
    """Rename, give another head, open or shut. Raises NameTaken, DepartmentInUse for the last open one."""
    # All of them, in one order: two may be shut at the same moment, and one has to stay open.
    list(Department.objects.select_for_update(no_key=True).order_by("id"))
    department = Department.objects.get(id=department_id)
    _refuse_taken(name, but=department)
    if not is_active and not Department.objects.filter(is_active=True).exclude(id=department_id).exists():
        raise DepartmentInUse
    wanted = {"name": name.strip(), "head": head, "is_active": is_active}
    changed = [field for field, value in wanted.items() if getattr(department, field) != value]
    for field in changed:
        setattr(department, field, wanted[field])
    if changed:
        department.save(update_fields=changed)
        append(DepartmentChanged(department_id=department.pk, fields=changed), actor=actor)
    return department


def _refuse_taken(name: str, *, but: Department | None = None) -> None:
    others = Department.objects.filter(name__iexact=name.strip())
    if (others if but is None else others.exclude(id=but.pk)).exists():
        raise NameTaken
