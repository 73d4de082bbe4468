"""State of the journal: the audit chain with its head, and the outbox of news.

Entries are append-only three times over: in Python here, by triggers in the database (see the
migrations), and by the chain of digests that `services.verify` recomputes.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from qiantang.rooms.journal.errors import EntryFixed


class FixedRows(models.QuerySet["AuditEntry"]):
    """Rows that can be read and added, never changed."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise EntryFixed

    def delete(self) -> NoReturn:
        raise EntryFixed

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise EntryFixed


class AuditEntry(models.Model):
    """One act. ``digest`` covers every other column and the digest before it.

    ``path`` is the actor's organisation, which decides whose administrators may read the entry.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64, db_index=True)
    path = models.CharField(max_length=255, blank=True, db_index=True)
    token = models.CharField(max_length=32, blank=True)
    verb = models.CharField(max_length=80, db_index=True)
    subject = models.CharField(max_length=200, db_index=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects = FixedRows.as_manager()

    class Meta:
        ordering = ["-seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise EntryFixed
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise EntryFixed


class ChainHead(models.Model):
    """The single row that says where the chain ends; its lock puts writers in a queue."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"head at {self.seq}"


class OutboxItem(models.Model):
    """One piece of news for one reaction (no reaction: kept for the record, delivered at once)."""

    event = models.CharField(max_length=120)
    payload = models.JSONField(default=dict)
    reaction = models.CharField(max_length=200, blank=True)
    emitted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(delivered_at__isnull=True),
                name="journal_outbox_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.reaction or 'nobody'}"
