from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from tugi.core.errors import DeskError, NotFound
from tugi.core.pages import page
from tugi.people import actions, queries
from tugi.people.access import access_of
from tugi.people.forms import DepartmentForm
from tugi.people.models import Department, Permission
from tugi.people.request import actor_of, agent_of


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    _may_manage(request)
    return page(request, "people/departments.html", {"departments": queries.departments()})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    _may_manage(request)
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, department_id: int) -> HttpResponse:
    _may_manage(request)
    department = Department.objects.filter(id=department_id).first()
    if department is None:
        raise NotFound
    return _edit(request, department)


def _edit(request: HttpRequest, department: Department | None) -> HttpResponse:
    known = {name: getattr(department, name) for name in ("name", "head", "is_active")} if department else None
    form = DepartmentForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, department, form)
        except DeskError as refused:
            form.add_error("name", str(refused.message))
        else:
            return redirect("people:departments")
    context = {"form": form, "department": department}
    return page(request, "people/department.html", context, status=422 if form.is_bound else 200)


def _save(request: HttpRequest, department: Department | None, form: DepartmentForm) -> None:
    told = form.cleaned_data
    actor = actor_of(request)
    if department is None:
        actions.add_department(name=told["name"], head=told["head"], actor=actor)
    else:
        actions.change_department(department.pk, actor=actor, **told)


def _may_manage(request: HttpRequest) -> None:
    access_of(agent_of(request)).require(Permission.MANAGE_PEOPLE)
