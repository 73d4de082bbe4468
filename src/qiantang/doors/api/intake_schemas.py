"""The shapes of deliveries, runs and their findings at the API."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Schema

from qiantang.doors.api.schemas import Bilingual, Short, SnapshotId, SnapshotNumber, Words

Mode = Literal["append", "replace", "upsert", "delete"]
Status = Literal[
    "received",
    "reading",
    "checking",
    "held",
    "publishing",
    "published",
    "refused",
    "cancelled",
    "failed",
]


class RunOut(Schema):
    """A delivery's processing. ``progress``: stage, rows, at; ``error`` is an RFC 9457 document;
    ``sent`` is ``accepted`` plus ``set_aside`` once it was checked; ``absent`` of the accepted keys
    of a deletion were not in the table; ``kept`` fields stayed as they were, for the file of an
    update lacks them. ``skipped`` rows of the file are no data and not ``sent``: ``left_out`` has
    their total, their number by reason, and up to 100 rows with file, sheet, row, reason, content
    and text, and the ``columns`` of the file that were not read."""

    id: str
    resource: str
    resource_name: Bilingual
    division: str
    organisation: str
    source: str
    source_kind: str
    file_name: str
    size: int
    mode: str
    status: Status
    status_name: Bilingual
    sent: int
    accepted: int
    set_aside: int
    duplicates: int
    skipped: int
    left_out: dict[str, Any]
    absent: int
    kept: list[str]
    since: list[dict[str, Any]]
    because: list[Bilingual]
    exposed: list[dict[str, Any]]
    snapshot: SnapshotNumber | None
    snapshot_id: SnapshotId | None
    grade: str
    verdict: dict[str, Any] | None
    personal: list[dict[str, Any]]
    progress: dict[str, Any]
    received_by: str
    received_name: Bilingual
    received_at: str
    started_at: str | None
    finished_at: str | None
    decided_by: str
    decided_name: Bilingual
    decided_at: str | None
    reason: str
    error_code: str
    error: dict[str, Any] | None
    aftermath: dict[str, Any] | None
    parent: str
    attempts: int
    repeated: bool


class FindingOut(Schema):
    sheet: str
    row: int
    column: str
    value: str
    code: str
    rule: str
    dimension: str
    severity: str
    text: Bilingual
    hint: Bilingual


class ReadingOut(Schema):
    """A proposed reading; ``recipe`` may be corrected and sent back."""

    run: str
    recipe: dict[str, Any]
    sheets: list[dict[str, Any]]
    sample: dict[str, Any]
    doubts: list[dict[str, Any]]
    missing: list[str]
    unknown: list[str]


class RecipeOut(Schema):
    id: int
    resource: str
    source_kind: str
    signature: str
    version: int
    body: dict[str, Any]
    kept_by: str
    kept_name: Bilingual
    kept_at: str


class SourceOut(Schema):
    id: str
    kind: str
    resource: str
    resource_name: Bilingual
    division: str
    organisation: str
    config: dict[str, Any]
    credential: str
    mode: str
    every: str
    watermark_column: str
    watermark: str
    last_tried_at: str | None
    last_ok_at: str | None
    next_due: str
    overdue_since: str | None
    error: dict[str, Any] | None
    paused: bool
    added_by: str
    added_at: str
    last_status: str
    state: str


class DecisionIn(Schema):
    """``over``: the newest run of the held one's ``since``, where publishing over it is meant.
    ``as_declared``: fields of its ``exposed`` that hold no personal data after all."""

    decision: Literal["publish", "refuse"]
    reason: Words
    over: Short = ""
    as_declared: list[Short] = []


class ReadingIn(Schema):
    recipe: dict[str, Any]
    keep: bool = True


class DeliveryIn(Schema):
    """The parts of a delivery beside its file. ``recipe`` is JSON."""

    resource: Short
    mode: Mode | None = None
    division: Short = ""
    sheet: Short | None = None
    member: Short | None = None
    recipe: str | None = None
    accept_doubts: bool = False
    publish: bool = True
    resend_of: Short = ""


class SharedKeyOut(Schema):
    """A key, its fields joined by ``|``, and the codes of the divisions that keep it."""

    key: str
    divisions: list[str]


class SharedKeysOut(Schema):
    """``first`` is empty where the key's fields are personal data that the reader may not see."""

    total: int
    first: list[SharedKeyOut]
