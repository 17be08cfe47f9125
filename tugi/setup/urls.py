from __future__ import annotations

from django.urls import path

from tugi.setup.views.desk import desk
from tugi.setup.views.first_run import first_run

app_name = "setup"
urlpatterns = [
    path("setup/<str:key>", first_run, name="first-run"),
    path("settings/desk", desk, name="desk"),
]
