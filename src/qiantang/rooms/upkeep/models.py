"""State of the room: what was asked for and what came of it."""

from __future__ import annotations

from django.db import models


class TendRun(models.Model):
    """One verb on one table. ``outcome`` is waiting, running, done, nothing, problems or failed."""

    table = models.CharField(max_length=128, db_index=True)
    verb = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20, db_index=True)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    figures = models.JSONField(default=dict)
    error = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.table}: {self.outcome}"
