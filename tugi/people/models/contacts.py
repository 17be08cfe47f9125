"""Customers: a contact is a person, who may be known by several identities."""

from __future__ import annotations

from django.db import models


class Organisation(models.Model):
    name = models.CharField(max_length=160)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class OrganisationDomain(models.Model):
    """Mail from this domain comes from the organisation's people."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253, unique=True)

    def __str__(self) -> str:
        return self.domain


class Contact(models.Model):
    """A customer. `language` is empty until known; `name` may be, then the address stands for it."""

    name = models.CharField(max_length=160, blank=True)
    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    organisations: models.ManyToManyField[Organisation, models.Model] = models.ManyToManyField(
        Organisation, blank=True, related_name="contacts"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_contacts"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["name"], name="contact_name")]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class IdentityKind(models.TextChoices):
    EMAIL = "email"
    PHONE = "phone"


class Identity(models.Model):
    """One way a contact is known. `value` is normalised: an e-mail address in lower case without blanks."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=12, choices=IdentityKind.choices)
    value = models.CharField(max_length=320)
    proven_at = models.DateTimeField(null=True, blank=True)
    undeliverable_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "identities"
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="identity_once")]

    def __str__(self) -> str:
        return self.value
