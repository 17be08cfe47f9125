"""What our own check of a mail's sender found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0011_health_of_mail")]

    operations = [
        migrations.AddField(
            model_name="rawmail",
            name="authentication",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
