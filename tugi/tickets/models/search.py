"""The tables of the search index. Never read through the ORM: see `tugi.tickets.search`."""

from __future__ import annotations

from django.db import models


class SearchDocument(models.Model):
    """One message's tokens, `id` being the message's. SQLite: an FTS5 table; PostgreSQL: a tsvector."""

    tokens = models.TextField()

    def __str__(self) -> str:
        return f"document of message {self.pk}"


class SearchWord(models.Model):
    """A word that stands in some message, levelled, and the token it is indexed by."""

    pk = models.CompositePrimaryKey("language", "tail", "token")
    language = models.CharField(max_length=4)
    tail = models.CharField(max_length=40)
    token = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"{self.tail} → {self.token}"


class SearchRebuild(models.Model):
    """How far a rebuilding of the index has come; the row is there while one is under way."""

    reached = models.BigIntegerField()
    upto = models.BigIntegerField()
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.reached} of {self.upto}"
