from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0008_undelivered")]

    operations = [
        migrations.AddField("message", name, models.JSONField(blank=True, null=True))
        for name in ("invitations", "protection")
    ]
