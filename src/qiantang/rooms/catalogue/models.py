"""State of the catalogue: entries, their versions, the search index beside them, what conflicts.

An entry's published content lies in columns of `InformationResource`; every version of it, drafts
included, lies whole in `ResourceVersion`. `EntryIndex` holds what search filters and counts by;
the words themselves are in the table ``catalogue_text`` (FTS5 or tsvector, see the migrations).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class InformationResource(models.Model):
    """An information resource. ``owner_path`` is the owner's place in the tree of organisations,
    kept here so that visibility is a predicate on this table alone.

    ``declared`` is the resource of a pack (``pack.local``) that the entry follows, its own id or,
    for a division's own copy, the one before the ``@``; of a harvested entry, what its upstream
    says, whether or not a pack here declares it. ``declaration`` is what the pack said last
    time. ``edition`` counts every change of the row, so that a stale edit is noticed.
    ``left_out``: withdrawn here though its upstream has it, since a conflict was settled so.
    ``dropped``: withdrawn with its declaration, not by a person: it comes back when its pack
    declares it again.
    ``offer`` are the words of the latest offer to another organisation: ``to``, ``reason``, ``at``
    and, where it was declined, ``declined``; empty once somebody has it.
    ``theme_names`` are an upstream's names of its concepts, by their addresses.
    ``public``: everybody may know of it; ``hidden_at``: since when no longer, where everybody once
    could, and ``shown_division`` the area that they knew it under.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        REVIEW = "review"
        PUBLISHED = "published"
        RETIRED = "retired"

    id = models.CharField(max_length=160, primary_key=True)
    pack = models.CharField(max_length=60, blank=True, db_index=True)
    version = models.CharField(max_length=40, blank=True)
    declared = models.CharField(max_length=160, blank=True, db_index=True)
    declaration = models.JSONField(default=dict)
    per_division = models.BooleanField(default=False)
    code = models.CharField(max_length=60, blank=True, db_index=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    description_zh = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    owner = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner_department = models.CharField(max_length=40, blank=True)
    owner_path = models.CharField(max_length=255, blank=True, db_index=True)
    provider_code = models.CharField(max_length=80, blank=True)
    provider_zh = models.CharField(max_length=200, blank=True)
    provider_en = models.CharField(max_length=200, blank=True)
    moved = models.BooleanField(default=False)
    offered_to = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    offered_path = models.CharField(max_length=255, blank=True)
    offer = models.JSONField(default=dict)
    division = models.CharField(max_length=6, blank=True)
    level = models.CharField(max_length=8, blank=True)
    classes = models.JSONField(default=list)
    themes = models.JSONField(default=list)
    theme_names = models.JSONField(default=dict)
    keywords_zh = models.JSONField(default=list)
    keywords_en = models.JSONField(default=list)
    format = models.CharField(max_length=20, default="table")
    sharing = models.CharField(max_length=16)
    share_mode = models.CharField(max_length=16, blank=True)
    conditions_zh = models.TextField(blank=True)
    conditions_en = models.TextField(blank=True)
    open = models.BooleanField(default=False)
    open_conditions_zh = models.TextField(blank=True)
    open_conditions_en = models.TextField(blank=True)
    cadence = models.CharField(max_length=20, blank=True)
    retention = models.CharField(max_length=20, blank=True)
    licence_zh = models.CharField(max_length=300, blank=True)
    licence_en = models.CharField(max_length=300, blank=True)
    system_zh = models.CharField(max_length=200, blank=True)
    system_en = models.CharField(max_length=200, blank=True)
    contact_zh = models.CharField(max_length=200, blank=True)
    contact_en = models.CharField(max_length=200, blank=True)
    related = models.JSONField(default=list)
    grain = models.JSONField(default=list)
    fields = models.JSONField(default=list)
    signature = models.CharField(max_length=16, blank=True, db_index=True)
    name_plain = models.CharField(max_length=200, blank=True, db_index=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    reason = models.TextField(blank=True)
    number = models.PositiveIntegerField(default=0)
    edition = models.PositiveIntegerField(default=0)
    completeness = models.PositiveSmallIntegerField(default=0)
    registered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_on = models.DateField(null=True, blank=True)
    origin = models.CharField(max_length=40, blank=True)
    origin_zh = models.CharField(max_length=200, blank=True)
    origin_en = models.CharField(max_length=200, blank=True)
    upstream_id = models.CharField(max_length=500, blank=True)
    upstream_address = models.CharField(max_length=1000, blank=True)
    upstream_version = models.CharField(max_length=64, blank=True)
    passage = models.JSONField(default=list)
    distributions = models.JSONField(default=list)
    harvested_at = models.DateTimeField(null=True, blank=True)
    left_out = models.BooleanField(default=False)
    dropped = models.BooleanField(default=False)
    public = models.BooleanField(default=False)
    hidden_at = models.DateTimeField(null=True, blank=True)
    shown_division = models.CharField(max_length=6, blank=True)
    grade = models.CharField(max_length=20, blank=True)
    quality = models.JSONField(default=dict)
    arrived_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    run = models.CharField(max_length=60, blank=True)
    rows = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["upstream_id"], name="catalogue_by_upstream_id"),
            models.Index(fields=["provider_code"], name="catalogue_by_provider"),
            models.Index(fields=["origin", "upstream_id"], name="catalogue_by_origin"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(origin="") & ~Q(code=""),
                name="catalogue_code_once",
            ),
            models.UniqueConstraint(
                fields=["origin", "upstream_id"],
                condition=~Q(origin=""),
                name="catalogue_upstream_once",
            ),
        ]

    def __str__(self) -> str:
        return self.id


class ResourceVersion(models.Model):
    """One version of an entry, whole. ``number`` is given when it is published; ``base`` is the
    published version that a draft was made from. ``owner``: whose it was when it was published
    (``code``, ``zh``, ``en``); empty in those from before that was noted."""

    class State(models.TextChoices):
        DRAFT = "draft"
        REVIEW = "review"
        PUBLISHED = "published"
        SUPERSEDED = "superseded"
        DISCARDED = "discarded"

    resource = models.ForeignKey(
        InformationResource, on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField(null=True, blank=True)
    base = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices)
    content = models.JSONField(default=dict)
    owner = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    authors = models.JSONField(default=list)
    drafted_by = models.CharField(max_length=80)
    drafted_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=80, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["resource", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "number"],
                condition=Q(number__isnull=False),
                name="catalogue_version_once",
            ),
            models.UniqueConstraint(
                fields=["resource"],
                condition=Q(state__in=["draft", "review"]),
                name="catalogue_one_open_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} v{self.number or self.state}"


class DivisionArrival(models.Model):
    """The latest published delivery of one division to a resource that each division keeps, whether
    or not it has taken an entry of its own; ``rows`` are those of its part."""

    declared = models.CharField(max_length=160)
    division = models.CharField(max_length=6)
    run = models.CharField(max_length=60)
    arrived_at = models.DateTimeField()
    grade = models.CharField(max_length=20, blank=True)
    quality = models.JSONField(default=dict)
    rows = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["declared", "division"]
        constraints = [
            models.UniqueConstraint(fields=["declared", "division"], name="catalogue_arrival_once")
        ]

    def __str__(self) -> str:
        return f"{self.declared}@{self.division} {self.run}"


class ClassCounter(models.Model):
    """How many codes a class has given out; none is given twice."""

    class_code = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.class_code}/{self.last}"


class EntryConflict(models.Model):
    """A harvested entry that says it is what an entry here already is. Both stay until somebody
    decides (``decision``)."""

    class Decision(models.TextChoices):
        BOTH = "both"
        HERE = "here"
        THEIRS = "theirs"

    entry = models.ForeignKey(InformationResource, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(InformationResource, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    value = models.CharField(max_length=500)
    found_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "other", "kind"], name="catalogue_conflict_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} / {self.other_id} ({self.kind})"


class EntryIndex(models.Model):
    """What search filters, counts and sorts by, one narrow row per entry. Several values of one
    facet are joined by ``|``; ``provider``, ``licence`` and ``keywords`` are texts of `keeping`.
    ``moment`` is the change that wrote the row last; ``due`` is the day (proleptic ordinal) the
    next delivery is due, 0 before the first, -1 without a cycle."""

    key = models.BigAutoField(primary_key=True)
    resource = models.OneToOneField(InformationResource, on_delete=models.CASCADE, related_name="+")
    moment = models.BigIntegerField(db_index=True)
    status = models.CharField(max_length=10)
    sharing = models.CharField(max_length=16)
    owner_path = models.CharField(max_length=255, blank=True)
    classes = models.CharField(max_length=255, blank=True)
    department = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=8, blank=True)
    divisions = models.CharField(max_length=40, blank=True)
    openness = models.CharField(max_length=10)
    format = models.CharField(max_length=20, blank=True)
    forms = models.CharField(max_length=255, blank=True, default="")
    provider = models.TextField(blank=True, default="")
    licence = models.TextField(blank=True, default="")
    keywords = models.TextField(blank=True, default="")
    cycle = models.CharField(max_length=20, blank=True)
    grade = models.CharField(max_length=20, blank=True)
    origin = models.CharField(max_length=40, blank=True)
    completeness = models.PositiveSmallIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    due = models.IntegerField(default=0)
    name_key = models.BinaryField(max_length=80)

    class Meta:
        ordering = ["key"]
        indexes = [models.Index(fields=["name_key", "key"], name="catalogue_by_name")]

    def __str__(self) -> str:
        return f"{self.key} {self.resource_id}"


class CatalogueChange(models.Model):
    """One change of the index. ``mark`` tells a change apart from another that had its number and
    was rolled back."""

    moment = models.BigIntegerField(primary_key=True)
    mark = models.CharField(max_length=16)

    def __str__(self) -> str:
        return str(self.moment)


class ChangeHead(models.Model):
    """The number of the last change; its row lock puts writers in a queue."""

    moment = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.moment)
