"""What the log's consumers would do for the search, done at once for a history that is told at once.

Message by message it takes a worker ten times as long, and on SQLite every writer waits for it meanwhile: somebody
who has just started the demo. The consumers go on behind what is done here.
"""

from __future__ import annotations

from django.db import transaction

from tugi.core import languages
from tugi.events import places, stamping
from tugi.events.models import Cursor
from tugi.people.models import Contact
from tugi.tickets.consumers import place_contact
from tugi.tickets.models import Message
from tugi.tickets.search.indexing import index_messages

DONE_HERE = ("search", "contact_search")
BATCH = 200


@transaction.atomic
def index_everything() -> None:
    """Let all tickets and contacts be found. Only for a desk whose log nobody has read yet."""
    message_ids = list(Message.objects.order_by("id").values_list("id", flat=True))
    for start in range(0, len(message_ids), BATCH):
        index_messages(message_ids[start : start + BATCH])
    # The web process that tells the demo goes on for days, and needs 70 MB less without the model.
    languages.cool_down()
    for contact_id in Contact.objects.values_list("id", flat=True):
        place_contact(contact_id)
    places.place_cursors()
    Cursor.objects.filter(consumer__in=DONE_HERE).update(seq=stamping.stamp())
