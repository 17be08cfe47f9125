"""A mailbox is signed in to by a provider's consent, too (OAuth 2)."""

import django.db.models.deletion
from django.db import migrations, models

import tugi.core.secret_field

SIGN_IN = [
    ("password", "With a password"),
    ("google", "With Google"),
    ("microsoft", "With Microsoft"),
    ("other", "With another provider (OAuth 2)"),
]


def secret(purpose):
    return tugi.core.secret_field.EncryptedText(blank=True, default="", editable=False, purpose=purpose)


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0020_pop3")]

    operations = [
        migrations.AddField(
            "mailbox", "sign_in", models.CharField(choices=SIGN_IN, default="password", max_length=9)
        ),
        migrations.AddField("mailbox", "oauth_client_id", models.CharField(blank=True, max_length=255)),
        migrations.AddField("mailbox", "oauth_client_secret", secret("mailbox.oauth-client-secret")),
        migrations.AddField("mailbox", "oauth_authorise_url", models.CharField(blank=True, max_length=500)),
        migrations.AddField("mailbox", "oauth_token_url", models.CharField(blank=True, max_length=500)),
        migrations.AddField("mailbox", "oauth_scopes", models.CharField(blank=True, max_length=1000)),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("refresh_token", secret("mailbox.oauth-refresh-token")),
                ("access_token", secret("mailbox.oauth-access-token")),
                ("expires_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("renewing_until", models.DateTimeField(null=True)),
                ("given_at", models.DateTimeField()),
                ("trouble", models.TextField(blank=True)),
                (
                    "mailbox",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consent",
                        to="channels_email.mailbox",
                    ),
                ),
            ],
        ),
    ]
