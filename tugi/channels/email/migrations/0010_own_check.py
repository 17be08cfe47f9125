"""What our own check of a mail's sender found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0009_mail_by_lmtp")]

    operations = [
        migrations.AddField(
            model_name="rawmail",
            name="authentication",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
