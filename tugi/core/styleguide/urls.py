"""Addresses of the style guide. They are there only in development: see `development_only`."""

from __future__ import annotations

from django.urls import path

from tugi.core.styleguide import views

app_name = "core"
urlpatterns = [
    path("styleguide", views.components, name="styleguide"),
    path("styleguide/desk", views.desk, name="styleguide-desk"),
    path("styleguide/desk/<int:number>", views.desk, name="styleguide-ticket"),
    path("styleguide/customer", views.customer, name="styleguide-customer"),
    path("styleguide/plain", views.plain, name="styleguide-plain"),
    path("styleguide/error/<int:status>", views.error, name="styleguide-error"),
    path("styleguide/toast", views.toast, name="styleguide-toast"),
]
