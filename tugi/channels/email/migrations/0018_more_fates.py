"""Outcomes of mails of agents, of answers to notes and of late ones; a refusal as a kind of mail."""

from django.db import migrations, models

OUTCOMES = [
    ("opened", "Opened a ticket"),
    ("joined", "Joined its ticket"),
    ("third_party", "Kept as an internal note: somebody else wrote to the ticket's address"),
    ("internal", "Kept as an internal note: it answered one"),
    ("refused", "Answered a closed ticket; its sender was told to write anew"),
    ("agent", "Answered, noted or commanded as an agent"),
    ("not_agent", "Came to an agent's address and was refused"),
    ("bounce", "Told us that a mail of ours did not arrive"),
    ("report", "A delivery report without consequence"),
    ("loop", "Came from one of our own addresses; kept, not turned into a ticket"),
    ("duplicate", "The same mail had come in before"),
    ("withheld", "Carried a link that sets an agent's password; shown to nobody"),
    ("too_large", "Larger than the desk takes; only its header was kept"),
]
KINDS = [("reply", "Reply"), ("acknowledgement", "Acknowledgement"), ("refusal", "Refusal")]
TOLD = ("opened", "joined", "third_party", "internal", "refused", "agent", "not_agent")


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0017_dkim_keys")]

    operations = [
        migrations.AlterField(
            model_name="rawmail",
            name="outcome",
            field=models.CharField(blank=True, choices=OUTCOMES, max_length=12),
        ),
        migrations.AlterField(
            model_name="outboundmessage",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=16),
        ),
        migrations.RemoveConstraint(model_name="rawmail", name="raw_mail_told_once"),
        migrations.AddConstraint(
            model_name="rawmail",
            constraint=models.UniqueConstraint(
                fields=["mailbox", "content_key"],
                condition=models.Q(outcome__in=TOLD),
                name="raw_mail_told_once",
            ),
        ),
    ]
