"""State of the catalogue: one row per information resource that packs declare."""

from __future__ import annotations

from django.db import models


class InformationResource(models.Model):
    """An information resource. ``owner_path`` is the owner's place in the tree of organisations,
    kept here so that visibility is a predicate on this table alone."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        RETIRED = "retired"

    id = models.CharField(max_length=160, primary_key=True)
    pack = models.CharField(max_length=60, db_index=True)
    version = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    description_zh = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    owner = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner_department = models.CharField(max_length=40)
    owner_path = models.CharField(max_length=255, blank=True, db_index=True)
    sharing = models.CharField(max_length=16)
    conditions_zh = models.TextField(blank=True)
    conditions_en = models.TextField(blank=True)
    open = models.BooleanField(default=False)
    cadence = models.CharField(max_length=20)
    licence_zh = models.CharField(max_length=300)
    licence_en = models.CharField(max_length=300)
    grain = models.JSONField(default=list)
    fields = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    registered_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.id
