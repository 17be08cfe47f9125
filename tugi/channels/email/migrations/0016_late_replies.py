"""What becomes of answers to tickets that have been done for long."""

from django.db import migrations, models

LATE_REPLIES = [
    ("new", "Open a new ticket that names the old one"),
    ("reopen", "Reopen the old ticket"),
    ("refuse", "Refuse it and ask the sender to write anew"),
]


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0015_automatic_pauses")]

    operations = [
        migrations.AddField(
            model_name="mailbox",
            name="late_reply",
            field=models.CharField(choices=LATE_REPLIES, default="new", max_length=8),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="late_after_days",
            field=models.PositiveSmallIntegerField(default=30),
        ),
    ]
