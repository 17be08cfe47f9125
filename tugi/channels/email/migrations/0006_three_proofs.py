"""Nobody is known by a session: one proof less to choose from. No row has it."""

from django.db import migrations, models

PROOFS = [
    ("none", "Unverified sender"),
    ("sender", "The sender's mail server vouches for it"),
    ("token", "Came through a link or address only the participant has"),
]


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0005_withheld_mails")]

    operations = [
        migrations.AlterField(
            model_name="rawmail",
            name="proof",
            field=models.CharField(blank=True, choices=PROOFS, max_length=8),
        ),
    ]
