"""The tables by which contacts are found. Never read through the ORM: see `tugi.people.contact_search`."""

from __future__ import annotations

from django.db import models


class ContactWord(models.Model):
    """A word of a contact's name or addresses, once for each department that knows the contact (0: none)."""

    pk = models.CompositePrimaryKey("word", "department_id", "contact_id")
    word = models.CharField(max_length=80)
    department_id = models.BigIntegerField()
    contact_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.word}: {self.contact_id}"


class ContactTypo(models.Model):
    """A word with one letter left out, by which it is met when it is misspelt."""

    pk = models.CompositePrimaryKey("variant", "word")
    variant = models.CharField(max_length=80)
    word = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.variant} → {self.word}"
