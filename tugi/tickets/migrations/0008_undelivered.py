"""Tickets know that their last reply did not arrive; those whose last one failed before are marked."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def mark_undelivered(apps, schema_editor):
    replies = apps.get_model("tickets", "Message").objects.filter(kind="outbound").exclude(delivery="withdrawn")
    newest = replies.filter(ticket=OuterRef("pk")).order_by("-id").values("delivery")[:1]
    suspects = apps.get_model("tickets", "Ticket").objects.filter(
        pk__in=replies.filter(delivery="failed").order_by().values("ticket")
    )
    suspects.annotate(newest=Subquery(newest)).filter(newest="failed").update(is_undelivered=True)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0007_marks_of_ranges")]

    operations = [
        migrations.AddField("ticket", "is_undelivered", models.BooleanField(default=False)),
        migrations.RunPython(mark_undelivered, migrations.RunPython.noop),
    ]
