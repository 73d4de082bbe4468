"""State of the intake room: sources, recipes, runs.

Rows are not here: accepted ones are in the lake, files and set-aside rows in the zone's spool
(see `spool`). A run's verdict, counts and personal findings are kept for ever.
"""

from __future__ import annotations

from django.db import models


class Source(models.Model):
    """Where the rows of a resource come from, and when they are due: a connection from which the
    platform fetches, or (``upload``) people who send.

    ``config`` holds no password: ``credential`` names where it lies (``file:NAME``, ``env:NAME``).
    """

    class Kind(models.TextChoices):
        UPLOAD = "upload"
        FOLDER = "folder"
        DATABASE = "database"
        HTTP = "http"

    id = models.CharField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    resource = models.CharField(max_length=160, db_index=True)
    division = models.CharField(max_length=6, blank=True)
    organisation = models.CharField(max_length=60)
    owner_path = models.CharField(max_length=255, db_index=True)
    config = models.JSONField(default=dict)
    credential = models.CharField(max_length=100, blank=True)
    mode = models.CharField(max_length=10)
    every = models.CharField(max_length=20)
    watermark_column = models.CharField(max_length=120, blank=True)
    watermark = models.JSONField(null=True, blank=True)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=60, blank=True)
    paused = models.BooleanField(default=False)
    failures = models.PositiveIntegerField(default=0)
    last_tried_at = models.DateTimeField(null=True, blank=True)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    next_due = models.DateTimeField()
    next_try = models.DateTimeField(db_index=True)
    overdue_since = models.DateTimeField(null=True, blank=True)
    error = models.JSONField(null=True, blank=True)
    added_by = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.id} {self.kind}"


class Recipe(models.Model):
    """How the files of a resource are read; ``signature`` is the digest of their column names."""

    resource = models.CharField(max_length=160)
    source_kind = models.CharField(max_length=10)
    signature = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    owner_path = models.CharField(max_length=255)
    body = models.JSONField()
    kept_by = models.CharField(max_length=64)
    kept_name = models.JSONField(default=dict)
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ["resource", "-kept_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "source_kind", "signature", "version"],
                name="intake_recipe_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.source_kind} v{self.version}"


class Run(models.Model):
    """The processing of one delivery. Its id is the idempotency key of its write to the lake."""

    class Status(models.TextChoices):
        RECEIVED = "received"
        READING = "reading"
        CHECKING = "checking"
        HELD = "held"
        PUBLISHING = "publishing"
        PUBLISHED = "published"
        REFUSED = "refused"
        CANCELLED = "cancelled"
        FAILED = "failed"

    id = models.CharField(max_length=40, primary_key=True)
    resource = models.CharField(max_length=160, db_index=True)
    division = models.CharField(max_length=6, blank=True)
    organisation = models.CharField(max_length=60)
    owner_path = models.CharField(max_length=255, db_index=True)
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source_kind = models.CharField(max_length=10, default="upload")
    watermark = models.JSONField(null=True, blank=True)
    file_name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(default=0)
    mode = models.CharField(max_length=10)
    options = models.JSONField(default=dict)
    recipe = models.JSONField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.RECEIVED)
    sent = models.PositiveBigIntegerField(default=0)
    accepted = models.PositiveBigIntegerField(default=0)
    set_aside = models.PositiveBigIntegerField(default=0)
    duplicates = models.PositiveBigIntegerField(default=0)
    skipped = models.PositiveBigIntegerField(default=0)
    left_out = models.JSONField(default=dict)
    snapshot = models.BigIntegerField(null=True, blank=True)
    grade = models.CharField(max_length=12, blank=True)
    verdict = models.JSONField(null=True, blank=True)
    personal = models.JSONField(default=list)
    proposal = models.JSONField(null=True, blank=True)
    files = models.JSONField(default=dict)
    progress = models.JSONField(default=dict)
    cancel_asked = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    received_by = models.CharField(max_length=64)
    received_name = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_name = models.JSONField(default=dict)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    error_code = models.CharField(max_length=80, blank=True)
    error = models.JSONField(null=True, blank=True)
    aftermath = models.JSONField(null=True, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    request_key = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["status", "received_at"]),
            models.Index(fields=["resource", "division", "status"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["received_by", "request_key"],
                condition=~models.Q(request_key=""),
                name="intake_request_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.resource} {self.status}"
