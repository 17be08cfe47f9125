"""Signing in keeps allauth's names, which allauth itself asks for; the rest is ours."""

from __future__ import annotations

from allauth.account import views as allauth_views
from django.urls import include, path
from django.views.decorators.http import require_http_methods

from tugi.people.views import account, agents, contacts, departments

by_form = require_http_methods(["GET", "HEAD", "POST"])
people = [
    path("settings/profile", account.profile, name="profile"),
    path("settings/profile/password", account.password, name="password"),
    path("settings/profile/preferences", account.preferences, name="preferences"),
    path("account/<str:key>", account.first_password, name="first-password"),
    path("settings/agents", agents.index, name="agents"),
    path("settings/agents/new", agents.add, name="agent-new"),
    path("settings/agents/<int:agent_id>", agents.show, name="agent"),
    path("settings/agents/<int:agent_id>/link", agents.link, name="agent-link"),
    path("settings/agents/<int:agent_id>/deactivation", agents.deactivate, name="agent-deactivation"),
    path("settings/agents/<int:agent_id>/reactivation", agents.reactivate, name="agent-reactivation"),
    path("contacts/search", contacts.search, name="contact-search"),
    path("settings/departments", departments.index, name="departments"),
    path("settings/departments/new", departments.add, name="department-new"),
    path("settings/departments/<int:department_id>", departments.show, name="department"),
]

urlpatterns = [
    path("sign-in", by_form(allauth_views.login), name="account_login"),
    path("sign-out", by_form(allauth_views.logout), name="account_logout"),
    path("", include((people, "people"))),
]
