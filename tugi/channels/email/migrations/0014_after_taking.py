"""What becomes on its server of a mail that was taken, and which mails that is still to be done to."""

import django.db.models.deletion
from django.db import migrations, models

CHOICES = [("keep", "Leave it where it is"), ("move", "Move it to another folder"), ("delete", "Delete it")]


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0013_several_folders")]

    operations = [
        migrations.AddField(
            "mailbox", "imap_afterwards", models.CharField(choices=CHOICES, default="keep", max_length=8)
        ),
        migrations.AddField("mailbox", "imap_move_to", models.CharField(blank=True, max_length=200)),
        migrations.CreateModel(
            name="TakenMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.BigIntegerField()),
                (
                    "cursor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taken",
                        to="channels_email.mailboxcursor",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "takenmail", models.UniqueConstraint(fields=("cursor", "uid"), name="taken_mail_once")
        ),
    ]
