"""One mail that came by two roads says something once, whatever the workers do at the same moment."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q

MADE_SOMETHING = ["opened", "joined", "third_party"]


def let_the_oldest_speak(apps, schema_editor):
    """Twins of before: what the later ones have made stays, and they no longer count as the first."""
    made = apps.get_model("channels_email", "RawMail").objects.filter(outcome__in=MADE_SOMETHING)
    same = Q(mailbox_id=OuterRef("mailbox_id"), content_key=OuterRef("content_key"))
    later = made.filter(Exists(made.filter(same, id__lt=OuterRef("id"))))
    ids = list(later.values_list("id", flat=True))
    for start in range(0, len(ids), 500):
        made.filter(id__in=ids[start : start + 500]).update(outcome="duplicate")


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0001_mailboxes")]

    operations = [
        migrations.RunPython(let_the_oldest_speak, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="rawmail",
            constraint=models.UniqueConstraint(
                fields=["mailbox", "content_key"],
                condition=Q(outcome__in=MADE_SOMETHING),
                name="raw_mail_told_once",
            ),
        ),
    ]
