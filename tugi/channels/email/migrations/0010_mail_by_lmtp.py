from django.db import migrations, models

CHOICES = [
    ("imap", "Fetched by IMAP"),
    ("smtp", "Delivered by SMTP"),
    ("lmtp", "Delivered by LMTP"),
    ("pipe", "Handed over by a mail server"),
]


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0009_mailbox_keys")]

    operations = [migrations.AlterField("rawmail", "via", models.CharField(choices=CHOICES, max_length=8))]
