"""State of the shelf: which packs are installed, and which norms an operator overrode.

The declarations themselves are never rows: they are read from the packs' files.
"""

from __future__ import annotations

from django.db import models


class InstalledPack(models.Model):
    """A pack on the shelf. ``folder`` is below the zone's folder of packs, so that the zone can be
    moved; empty for a pack shipped with the product.

    A version that could not be read leaves ``problems``; the version before it, if there was one,
    stays in use. ``usable`` is False for a pack that never had a readable version.
    """

    id = models.CharField(max_length=60, primary_key=True)
    version = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    folder = models.CharField(max_length=1000, blank=True)
    shipped = models.BooleanField(default=False)
    usable = models.BooleanField(default=False)
    problems = models.JSONField(default=list)
    installed_at = models.DateTimeField()
    installed_by = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.id} {self.version}"


class NormOverride(models.Model):
    """An operator's figure in place of a shipped norm, for a stretch of time, with its reason."""

    norm = models.CharField(max_length=160, db_index=True)
    value = models.DecimalField(max_digits=28, decimal_places=8)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    reason = models.TextField()
    document = models.CharField(max_length=500)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["norm", "-valid_from", "-id"]

    def __str__(self) -> str:
        return f"{self.norm} = {self.value}"
