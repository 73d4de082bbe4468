"""State of harvesting: who we are, the upstreams, their runs, and what each run has seen."""

from __future__ import annotations

from django.db import models


class Instance(models.Model):
    """This instance's name for ever, one row: a catalogue's address may change, this does not."""

    urn = models.CharField(max_length=60, unique=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.urn


class Upstream(models.Model):
    """A catalogue that we take entries from. ``division`` bounds what may come from it (empty:
    anything); ``private``: it may lie in the own network; ``every_hours`` 0: only by hand.

    ``failures`` in a row count from the moment a run begins, so that one that never ends counts;
    ``tried_at`` is that moment."""

    id = models.CharField(max_length=40, primary_key=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, default="dcat")
    address = models.CharField(max_length=1000)
    owner = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner_path = models.CharField(max_length=255, blank=True, db_index=True)
    division = models.CharField(max_length=6, blank=True)
    every_hours = models.PositiveIntegerField(default=24)
    private = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    instance = models.CharField(max_length=60, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    harvested_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    error_zh = models.TextField(blank=True)
    error_en = models.TextField(blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.id


class HarvestRun(models.Model):
    """One passage through an upstream's pages. ``cursor`` is the address of the page that comes
    next: whoever continues begins there. ``worker`` and ``beat_at`` tell who is at it."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        STOPPED = "stopped"

    upstream = models.ForeignKey(Upstream, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    cursor = models.CharField(max_length=2000, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    worker = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    pages = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    gone = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    error = models.CharField(max_length=80, blank=True)
    error_zh = models.TextField(blank=True)
    error_en = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.upstream_id} {self.pk} {self.state}"


class Sighting(models.Model):
    """An identifier and the last run that met it. ``missed``: the first complete run since that did
    not, 0 where it is certainly gone."""

    upstream = models.ForeignKey(Upstream, on_delete=models.CASCADE, related_name="+")
    identifier = models.CharField(max_length=500)
    run = models.BigIntegerField(db_index=True)
    missed = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upstream", "identifier"], name="harvest_seen_once")
        ]

    def __str__(self) -> str:
        return self.identifier
