"""Whose an address was when a mail was written to it, so that another try finds the contact's present one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0003_where_fetching_begins")]

    operations = [
        migrations.AddField(
            model_name="outboundmessage",
            name="contacts",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
