"""How people refuse."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tugi.core.errors import Conflict, Invalid


class EmailTaken(Invalid):
    code = "email_taken"
    message = _("There is already an agent with this e-mail address.")


class NameTaken(Invalid):
    code = "name_taken"
    message = _("There is already a department with this name.")


class WeakPassword(Invalid):
    """`detail["password"]` lists what is wrong with it."""

    code = "weak_password"
    message = _("Choose another password.")


class LastAdmin(Conflict):
    """Nobody else could manage the desk afterwards."""

    code = "last_admin"
    message = _("This is the only administrator. Make somebody else an administrator first.")


class DepartmentInUse(Conflict):
    code = "department_in_use"
    message = _("The desk needs at least one open department.")
