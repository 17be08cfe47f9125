from __future__ import annotations

from django.urls import path

from tugi.channels.email import key_views, views

app_name = "email"
urlpatterns = [
    path("settings/mail", views.index, name="mailboxes"),
    path("settings/mail/new", views.add, name="mailbox-new"),
    path("settings/mail/<int:mailbox_id>", views.show, name="mailbox"),
    path("settings/mail/<int:mailbox_id>/keys", key_views.keys, name="mailbox-keys"),
    path("settings/mail/<int:mailbox_id>/keys/<int:key_id>/removal", key_views.remove, name="mailbox-key-removal"),
    path("settings/mail/unprocessed/<int:raw_mail_id>/retry", views.retry, name="mail-retry"),
    path("settings/mail/unprocessed/<int:raw_mail_id>/dismissal", views.dismiss, name="mail-dismissal"),
    path("settings/mail/unprocessed/<int:raw_mail_id>/original", views.original, name="mail-original"),
]
