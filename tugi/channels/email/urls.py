from __future__ import annotations

from django.urls import path

from tugi.channels.email import consent_views, health_views, key_views, views
from tugi.channels.email import domain_views as domains

app_name = "email"
urlpatterns = [
    path("settings/mail", views.index, name="mailboxes"),
    path("settings/mail/new", views.add, name="mailbox-new"),
    path("settings/mail/health", health_views.show, name="health"),
    path("settings/mail/unprocessed.zip", health_views.export, name="mail-export"),
    path("settings/mail/unprocessed/retries", health_views.retry_all, name="mail-retries"),
    path("settings/mail/<int:mailbox_id>", views.show, name="mailbox"),
    path("settings/mail/<int:mailbox_id>/domain", domains.show, name="domain"),
    path("settings/mail/<int:mailbox_id>/domain/key", domains.make_key, name="dkim-key"),
    path("settings/mail/<int:mailbox_id>/domain/signing", domains.set_signing, name="dkim-signing"),
    path("settings/mail/stopped/<int:pause_id>/end", views.resume, name="mail-resumption"),
    path("settings/mail/<int:mailbox_id>/connect", consent_views.begin, name="mailbox-connect"),
    path("settings/mail/consent", consent_views.finish, name="consent"),
    path("settings/mail/<int:mailbox_id>/keys", key_views.keys, name="mailbox-keys"),
    path("settings/mail/<int:mailbox_id>/keys/<int:key_id>/removal", key_views.remove, name="mailbox-key-removal"),
    path("settings/mail/unprocessed/<int:raw_mail_id>/retry", views.retry, name="mail-retry"),
    path("settings/mail/unprocessed/<int:raw_mail_id>/dismissal", views.dismiss, name="mail-dismissal"),
    path("settings/mail/unprocessed/<int:raw_mail_id>/original", views.original, name="mail-original"),
]
