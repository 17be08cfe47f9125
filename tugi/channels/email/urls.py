from __future__ import annotations

from django.urls import path

from tugi.channels.email import health_views, views

app_name = "email"
urlpatterns = [
    path("settings/mail", views.index, name="mailboxes"),
    path("settings/mail/new", views.add, name="mailbox-new"),
    path("settings/mail/health", health_views.show, name="health"),
    path("settings/mail/unprocessed.zip", health_views.export, name="mail-export"),
    path("settings/mail/unprocessed/retries", health_views.retry_all, name="mail-retries"),
    path("settings/mail/<int:mailbox_id>", views.show, name="mailbox"),
    path("settings/mail/unprocessed/<int:raw_mail_id>/retry", views.retry, name="mail-retry"),
    path("settings/mail/unprocessed/<int:raw_mail_id>/dismissal", views.dismiss, name="mail-dismissal"),
    path("settings/mail/unprocessed/<int:raw_mail_id>/original", views.original, name="mail-original"),
]
