import django.db.models.deletion
from django.db import migrations, models

import tugi.core.secret_field


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0008_limits_and_deferred")]

    operations = [
        migrations.CreateModel(
            name="MailboxKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("system", models.CharField(choices=[("smime", "S/MIME"), ("openpgp", "OpenPGP")], max_length=8)),
                ("fingerprint", models.CharField(max_length=64)),
                ("owner", models.CharField(blank=True, max_length=300)),
                ("public", models.TextField()),
                (
                    "private",
                    tugi.core.secret_field.EncryptedText(
                        blank=True, default="", editable=False, purpose="mailbox-key.private"
                    ),
                ),
                (
                    "passphrase",
                    tugi.core.secret_field.EncryptedText(
                        blank=True, default="", editable=False, purpose="mailbox-key.passphrase"
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "mailbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mail_keys",
                        to="channels_email.mailbox",
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.AddConstraint(
            model_name="mailboxkey",
            constraint=models.UniqueConstraint(fields=("mailbox", "system", "fingerprint"), name="mailbox_key_once"),
        ),
    ]
