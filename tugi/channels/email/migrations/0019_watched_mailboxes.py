"""A worker waits at a mailbox's server for news, and says so when there is some."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0018_more_fates")]

    operations = [
        migrations.AddField("mailbox", "fetch_wanted", models.BooleanField(default=False, editable=False)),
        migrations.AddField("mailbox", "watched_until", models.DateTimeField(blank=True, editable=False, null=True)),
        migrations.AddField("mailbox", "watched_by", models.CharField(blank=True, editable=False, max_length=120)),
    ]
