
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels_email", "0010_mail_by_lmtp"),
        ("people", "0004_contact_words"),
        ("tickets", "0007_marks_of_ranges"),
    ]

    operations = [
        migrations.CreateModel(
            name="FolderReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("folder", models.CharField(max_length=200)),
                ("uidvalidity", models.BigIntegerField()),
                ("begin_uid", models.BigIntegerField()),
                ("newest_uid", models.BigIntegerField()),
                ("taken_uid", models.BigIntegerField()),
                ("on_server", models.PositiveIntegerField()),
                ("waiting", models.PositiveIntegerField()),
                ("compared", models.PositiveIntegerField()),
                ("missing", models.PositiveIntegerField()),
                ("read_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["folder"],
            },
        ),
        migrations.CreateModel(
            name="MailTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outcome", models.CharField(max_length=20)),
                ("count", models.PositiveBigIntegerField(default=0)),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "mail tallies",
            },
        ),
        migrations.CreateModel(
            name="StorageLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.PositiveSmallIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="rawmail",
            name="is_counted",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddIndex(
            model_name="outboundmessage",
            index=models.Index(condition=models.Q(("state", "failed")), fields=["due_at"], name="outbound_failed"),
        ),
        migrations.AddIndex(
            model_name="rawmail",
            index=models.Index(condition=models.Q(("is_counted", False)), fields=["id"], name="raw_mail_uncounted"),
        ),
        migrations.AddField(
            model_name="folderreading",
            name="mailbox",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="readings", to="channels_email.mailbox"
            ),
        ),
        migrations.AddField(
            model_name="mailtally",
            name="mailbox",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="tallies", to="channels_email.mailbox"
            ),
        ),
        migrations.AddConstraint(
            model_name="storagelevel",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="mail_one_storage_level"),
        ),
        migrations.AddConstraint(
            model_name="folderreading",
            constraint=models.UniqueConstraint(fields=("mailbox", "folder"), name="folder_reading_once"),
        ),
        migrations.AddConstraint(
            model_name="mailtally",
            constraint=models.UniqueConstraint(fields=("mailbox", "outcome"), name="mail_tally_once"),
        ),
    ]
