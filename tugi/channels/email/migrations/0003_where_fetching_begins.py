"""New mailboxes fetch what comes from now on; those that are there go on as they were told, with everything."""

from django.db import migrations, models

CHOICES = [("new", "Only new mail from now on"), ("all", "Everything that is in the folder")]


def begins(default):
    field = models.CharField(choices=CHOICES, default=default, max_length=4)
    return {"model_name": "mailbox", "name": "imap_start", "field": field}


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0002_mails_told_once")]

    operations = [
        migrations.AddField(**begins("all")),
        migrations.AlterField(**begins("new")),
    ]
