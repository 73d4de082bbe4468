"""State of the indicators room: submissions, verdict history, overrules.

Observations are not here: they are rows of the lake's table ``observations`` (see `store`).
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Submission(models.Model):
    """Rows that somebody wants published, and what became of them.

    ``ticket`` is the idempotency key of the append to the lake; ``version`` is the optimistic lock.
    """

    class Kind(models.TextChoices):
        ADD = "add"
        CORRECT = "correct"
        WITHDRAW = "withdraw"
        DELIVER = "deliver"

    class State(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"

    ticket = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    version = models.PositiveIntegerField(default=1)
    resource = models.CharField(max_length=120, blank=True)
    indicator = models.CharField(max_length=120, blank=True)
    division = models.CharField(max_length=6, blank=True)
    observation = models.CharField(max_length=120, blank=True)
    organisation = models.CharField(max_length=255)
    payload = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    base_revision = models.PositiveIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    document = models.CharField(max_length=500, blank=True)
    submitted_by = models.CharField(max_length=64)
    submitted_name = models.JSONField(default=dict)
    submitted_at = models.DateTimeField()
    decided_by = models.CharField(max_length=64, blank=True)
    decided_name = models.JSONField(default=dict)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-submitted_at", "-id"]
        indexes = [
            models.Index(fields=["state", "organisation"]),
            models.Index(fields=["observation", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"


class VerdictRecord(models.Model):
    """One computed verdict and the time for which it stood; a changed digest makes a new row."""

    plan = models.CharField(max_length=120)
    target = models.CharField(max_length=120)
    division = models.CharField(max_length=6)
    verdict = models.CharField(max_length=24)
    digest = models.CharField(max_length=64)
    result = models.JSONField()
    cause = models.CharField(max_length=200, blank=True)
    computed_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-computed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "target", "division"],
                condition=Q(superseded_at__isnull=True),
                name="one_current_verdict",
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan}/{self.target} {self.verdict}"


class Overrule(models.Model):
    """A person's verdict, with reason and document, shown beside the computed one."""

    plan = models.CharField(max_length=120)
    target = models.CharField(max_length=120)
    division = models.CharField(max_length=6)
    verdict = models.CharField(max_length=24)
    computed_verdict = models.CharField(max_length=24, blank=True)
    reason = models.TextField()
    document_title = models.CharField(max_length=300)
    document_address = models.CharField(max_length=500, blank=True)
    organisation = models.CharField(max_length=255)
    by = models.CharField(max_length=64)
    by_name = models.JSONField(default=dict)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=64, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "target", "division"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_overrule_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan}/{self.target} {self.verdict}"


class PublicationLock(models.Model):
    """One row per lake table: held while an approval checks revisions and appends."""

    name = models.CharField(max_length=60, unique=True)
    uses = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
