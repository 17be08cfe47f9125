"""A desk on PostgreSQL that was indexed before there were marks of ranges finds all it found, by everybody."""

from __future__ import annotations

from importlib import import_module
from unittest.mock import patch

from django.db import connection

from tugi.tickets.search import parse, postgres_ranges
from tugi.tickets.search.index import engine
from tugi.tickets.search.indexing import index_messages
from tugi.tickets.search.plans import plan
from tugi.tickets.testing import DeskTest, make_ticket


class MarksTest(DeskTest):
    def test_old_documents_get_them(self) -> None:
        if connection.vendor != "postgresql":
            self.skipTest("PostgreSQL only")
        ticket = make_ticket(self.cast.north, self.cast.dora, text="The kettle leaks.")
        message, newer = ticket.messages.get(), make_ticket(self.cast.north, self.cast.dora).messages.get()
        with patch.object(postgres_ranges, "marks_of_ranges", lambda number, tokens: []):
            index_messages([message.pk, newer.pk])

        migration = import_module("tugi.tickets.migrations.0007_marks_of_ranges")
        for _time in range(2):
            with connection.schema_editor() as editor:
                migration.add_marks(None, editor)

        with patch("tugi.tickets.search.postgres_index.SLICE", 1):
            for agent in (self.cast.ada, self.cast.ben):
                assert engine().newest(plan(parse("kettle"), agent).expression, before=None, limit=5) == [message.pk]
