"""A mail that its server does not hand over is put aside, so that it holds up no other."""

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
    ("not_given", "Its server does not hand it over; it is still there"),
    ("too_large", "Larger than the desk takes; only its header was kept"),
]


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0021_consents")]

    operations = [
        migrations.AlterField(
            "rawmail", "outcome", models.CharField(blank=True, choices=OUTCOMES, max_length=12)
        ),
    ]
