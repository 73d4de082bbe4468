"""State of the room: editions of indices. What an edition says lies in its bundle, a file."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Edition(models.Model):
    """An index frozen in a bundle, and what became of it.

    ``digest`` is the SHA-256 of the bundle ``file``. ``outdated`` counts the input figures that
    have changed since (of a published edition), ``reweighed`` the weights whose norms now give
    others, as `WeightChange`. ``organisation`` is the owner's path.
    """

    class State(models.TextChoices):
        PLANNED = "planned"
        PUBLISHED = "published"
        DISCARDED = "discarded"

    index = models.CharField(max_length=200)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    title_zh = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    as_of = models.DateField()
    dated = models.BooleanField(default=False)
    organisation = models.CharField(max_length=255)
    corrects = models.PositiveIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    file = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    fingerprint = models.CharField(max_length=64)
    prepared_by = models.CharField(max_length=64)
    prepared_name = models.JSONField(default=dict)
    prepared_at = models.DateTimeField()
    decided_by = models.CharField(max_length=64, blank=True)
    decided_name = models.JSONField(default=dict)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(blank=True)
    outdated = models.PositiveIntegerField(default=0)
    reweighed = models.JSONField(default=list)
    outdated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["index", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["index", "number"], name="one_edition_a_number"),
            models.UniqueConstraint(
                fields=["index"], condition=Q(state="planned"), name="one_planned_edition"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.index} {self.number} {self.state}"
