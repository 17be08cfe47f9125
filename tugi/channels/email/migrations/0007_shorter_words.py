from django.db import migrations, models

CHOICES = [("tls", "TLS"), ("starttls", "STARTTLS"), ("plain", "None (only on this machine)")]


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0006_three_proofs")]

    operations = [
        migrations.AlterField("mailbox", name, models.CharField(choices=CHOICES, default="tls", max_length=8))
        for name in ("imap_security", "smtp_security")
    ]
