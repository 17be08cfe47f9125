"""Mail comes by POP3, too: which mails on such a server need not be fetched again."""

import django.db.models.deletion
from django.db import migrations, models

PROTOCOLS = [("imap", "IMAP"), ("pop3", "POP3")]
VIA = [
    ("imap", "Fetched by IMAP"),
    ("pop3", "Fetched by POP3"),
    ("smtp", "Delivered by SMTP"),
    ("lmtp", "Delivered by LMTP"),
    ("pipe", "Handed over by a mail server"),
]


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0019_watched_mailboxes")]

    operations = [
        migrations.AddField(
            "mailbox", "fetch_protocol", models.CharField(choices=PROTOCOLS, default="imap", max_length=4)
        ),
        migrations.AlterField("rawmail", "via", models.CharField(choices=VIA, max_length=8)),
        migrations.CreateModel(
            name="PopMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uidl", models.CharField(max_length=100)),
                ("is_to_go", models.BooleanField(default=False)),
                ("missing_since", models.DateTimeField(null=True)),
                (
                    "mailbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pop_mails",
                        to="channels_email.mailbox",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "popmail", models.UniqueConstraint(fields=("mailbox", "uidl"), name="pop_mail_once")
        ),
    ]
