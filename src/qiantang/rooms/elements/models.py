"""State of the room: waivers, nothing else; the registry itself is what packs declare."""

from __future__ import annotations

from django.db import models


class Waiver(models.Model):
    """Leave for one field of a resource to differ from the registry in one point, until a day."""

    resource = models.CharField(max_length=200, db_index=True)
    owner_path = models.CharField(max_length=255, blank=True)
    field = models.CharField(max_length=100)
    rule = models.CharField(max_length=40)
    reason = models.TextField()
    document = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField()
    granted_by = models.CharField(max_length=80)
    granted_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["resource", "field", "rule", "-valid_to", "pk"]

    def __str__(self) -> str:
        return f"{self.resource}.{self.field}: {self.rule}"
