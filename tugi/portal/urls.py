from __future__ import annotations

from django.urls import path

from tugi.portal.views import files, ticket

app_name = "portal"
urlpatterns = [
    path("t/<str:key>", ticket.show, name="ticket"),
    path("t/<str:key>/comments", ticket.comment, name="comments"),
    path("t/<str:key>/closure", ticket.close, name="closure"),
    path("t/<str:key>/reopening", ticket.reopen, name="reopening"),
    path("t/<str:key>/files/<int:attachment_id>", files.download, name="file"),
]
