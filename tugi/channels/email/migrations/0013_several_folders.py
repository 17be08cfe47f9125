"""A mailbox is fetched from several folders, one name a line: the one it had is such a list already."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0012_own_check")]

    operations = [
        migrations.RenameField("mailbox", "imap_folder", "imap_folders"),
        migrations.AlterField("mailbox", "imap_folders", models.TextField(default="INBOX")),
        migrations.AddField("mailboxcursor", "began_at", models.DateTimeField(null=True)),
        migrations.AddField("mailboxcursor", "known_to", models.BigIntegerField(default=0)),
    ]
