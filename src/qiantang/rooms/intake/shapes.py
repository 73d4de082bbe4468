"""What others see of intake: frozen values, made from state in `views`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from qiantang.kernel.problems import problem_in
from qiantang.kernel.text import Text
from qiantang.rooms.intake.errors import SourceWaits

STATUS_NAMES: Mapping[str, Text] = {
    "received": Text("已接收", "received"),
    "reading": Text("读取中", "reading"),
    "checking": Text("检查中", "checking"),
    "held": Text("待人工确认", "held for a decision"),
    "publishing": Text("入库中", "publishing"),
    "published": Text("已入库", "published"),
    "refused": Text("整批拒收", "refused"),
    "cancelled": Text("已取消", "cancelled"),
    "failed": Text("处理失败", "failed"),
}
STATUS_TONES: Mapping[str, str] = {
    "received": "pending",
    "reading": "pending",
    "checking": "pending",
    "held": "warn",
    "publishing": "pending",
    "published": "good",
    "refused": "bad",
    "cancelled": "unknown",
    "failed": "bad",
}
MODE_NAMES: Mapping[str, Text] = {
    "append": Text("追加", "append"),
    "replace": Text("全量替换", "replace"),
    "upsert": Text("按主键更新", "upsert by key"),
    "delete": Text("按主键删除", "delete by key"),
}
NOTHING = Text("", "")
KIND_NAMES: Mapping[str, Text] = {
    "upload": Text("上传", "upload"),
    "folder": Text("监视文件夹", "watched folder"),
    "database": Text("数据库", "database"),
    "http": Text("网络地址", "web address"),
}
SOURCE_STATES: Mapping[str, tuple[str, Text, str]] = {
    "paused": ("‖", Text("已暂停", "paused"), "warn"),
    "failing": ("✕", Text("取数失败", "fetching fails"), "bad"),
    "refused": ("✕", Text("上次交付被拒收", "the last delivery was refused"), "bad"),
    "failed": ("✕", Text("上次交付处理失败", "the last delivery failed"), "bad"),
    "held": ("!", Text("上次交付待人工确认", "the last delivery is held for a decision"), "warn"),
    "working": ("…", Text("正在处理", "being worked on"), "pending"),
    "overdue": ("!", Text("逾期", "overdue"), "bad"),
    "fine": ("✓", Text("正常", "fine"), "good"),
    "nothing": ("○", Text("尚无数据", "nothing came yet"), "unknown"),
    "new": ("○", Text("尚未取数", "not fetched yet"), "unknown"),
}
"""Sign, words and tone of the one state that a source is in; the first that holds."""
WORKING = frozenset({"received", "reading", "checking", "publishing"})
"""A worker has or will have these in hand; a page that shows one renews itself."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the reader may do with a run now, and why (not)."""

    decide: bool = False
    cancel: bool = False
    resend: bool = False
    correct_reading: bool = False
    why: Text = NOTHING


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as its reader sees it. ``masked``: values of rows are withheld from this reader.

    ``absent``: of the accepted keys of a deletion, those that the table did not have.
    ``kept``: the fields that an update by key leaves as they are, for its file lacks them.
    ``since``: of a held run, what was published since and is overwritten when it is published:
    ``run``, ``file``, ``mode``, ``by``, ``at``, the newest last; to be confirmed (`decide`).
    ``because``: why a checked run is held, or was. ``exposed``: of a held run, the fields with
    undeclared personal data, to be settled before it is published (`exposing`).
    ``skipped`` rows are no data (titles, blanks, totals): ``left_out`` names them (`left_out.py`).
    ``progress`` has ``stage``, ``rows``, ``share`` (0 to 1, or None), ``at`` (ISO 8601).
    ``verdict`` and ``error`` are their JSON forms; ``error`` is a kept problem document
    (`kernel.problems`) with ``messages`` in both languages.
    ``proposal`` is the reading proposed when it must be confirmed.
    """

    id: str
    resource: str
    resource_name: Text
    division: str
    organisation: str
    source: str
    source_kind: str
    file_name: str
    digest: str
    size: int
    mode: str
    status: str
    sent: int
    accepted: int
    set_aside: int
    duplicates: int
    skipped: int
    left_out: Mapping[str, Any]
    absent: int
    kept: tuple[str, ...]
    since: tuple[Mapping[str, Any], ...]
    because: tuple[Text, ...]
    exposed: tuple[Mapping[str, Any], ...]
    snapshot: int | None
    grade: str
    verdict: Mapping[str, Any] | None
    personal: tuple[Mapping[str, Any], ...]
    recipe: Mapping[str, Any] | None
    proposal: Mapping[str, Any] | None
    options: Mapping[str, Any]
    progress: Mapping[str, Any]
    received_by: str
    received_name: Text
    received_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    decided_by: str
    decided_name: Text
    decided_at: datetime | None
    reason: str
    error_code: str
    error: Mapping[str, Any] | None
    aftermath: Mapping[str, Any] | None
    parent: str
    attempts: int
    masked: bool = True
    allowed: Allowed = field(default_factory=Allowed)
    repeated: bool = False
    """True in the answer to a delivery that had come before: nothing was changed."""

    @property
    def status_name(self) -> Text:
        return STATUS_NAMES[self.status]

    @property
    def tone(self) -> str:
        return STATUS_TONES[self.status]

    @property
    def mode_name(self) -> Text:
        return MODE_NAMES[self.mode]

    @property
    def kind_name(self) -> Text:
        return KIND_NAMES[self.source_kind]

    @property
    def is_working(self) -> bool:
        return self.status in WORKING

    @property
    def has_rejects(self) -> bool:
        return self.set_aside > 0

    def as_json(self, lang: str) -> dict[str, Any]:
        """The run without its problems; texts as ``{"zh", "en"}``, moments ISO 8601, what failed
        in the reader's language."""
        hidden = {"allowed", "masked", "proposal", "recipe", "options", "digest"}
        names = [f for f in self.__dataclass_fields__ if f not in hidden]
        shown = {name: _plain(getattr(self, name)) for name in names}
        after = dict(self.aftermath) if self.aftermath else None
        if after and "error" in after:
            after["error"] = problem_in(after["error"], lang)
        told = {"error": problem_in(self.error, lang), "aftermath": after}
        number = None if self.snapshot is None else str(self.snapshot)
        return {
            **shown,
            **told,
            "snapshot_id": number,
            "status_name": self.status_name.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class ProblemView:
    """One finding about a cell. ``value`` is masked where the reader may not see it."""

    sheet: str
    row: int
    column: str
    value: str
    code: str
    rule: str
    dimension: str
    severity: str
    text: Text
    hint: Text

    def as_json(self) -> dict[str, Any]:
        return {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class ProblemCount:
    """How many findings a rule has in a column ("" when the whole row is meant)."""

    rule: str
    code: str
    column: str
    dimension: str
    severity: str
    count: int


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source without its secrets. ``every`` is an ISO 8601 duration."""

    id: str
    kind: str
    resource: str
    resource_name: Text
    division: str
    organisation: str
    config: Mapping[str, Any]
    credential: str
    mode: str
    every: str
    watermark_column: str
    watermark: str
    last_tried_at: datetime | None
    last_ok_at: datetime | None
    next_due: datetime
    overdue_since: datetime | None
    error: Mapping[str, Any] | None
    paused: bool
    added_by: str
    added_at: datetime
    last_status: str = ""
    """Of the newest run of what was fetched."""

    @property
    def kind_name(self) -> Text:
        return KIND_NAMES[self.kind]

    @property
    def overdue(self) -> bool:
        return self.overdue_since is not None

    @property
    def waits(self) -> bool:
        """Whether nothing is fetched until its last delivery is decided."""
        return (self.error or {}).get("code") == SourceWaits.code

    @property
    def state(self) -> str:
        """The one state, of `SOURCE_STATES`."""
        held = (
            ("paused", self.paused),
            ("failing", self.error is not None and not self.waits),
            (self.last_status, self.last_status in ("refused", "failed", "held")),
            ("working", self.last_status in WORKING),
            ("overdue", self.overdue),
            ("fine", self.last_ok_at is not None),
            ("nothing", self.last_tried_at is not None),
        )
        return next((name for name, holds in held if holds), "new")

    @property
    def state_name(self) -> Text:
        """The state in words; why a source is overdue, where that is known."""
        name = SOURCE_STATES[self.state][1]
        if self.overdue and self.state != "overdue":
            return Text(f"逾期：{name.zh}", f"overdue: {name.en}")
        return name

    @property
    def sign(self) -> str:
        return SOURCE_STATES[self.state][0]

    @property
    def tone(self) -> str:
        return "bad" if self.overdue else SOURCE_STATES[self.state][2]

    def as_json(self, lang: str) -> dict[str, Any]:
        """What failed is said in the reader's language."""
        shown = {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}
        return {**shown, "state": self.state, "error": problem_in(self.error, lang)}


@dataclass(frozen=True, slots=True)
class RecipeView:
    """A kept recipe; ``body`` is its JSON form."""

    id: int
    resource: str
    source_kind: str
    signature: str
    version: int
    body: Mapping[str, Any]
    kept_by: str
    kept_name: Text
    kept_at: datetime

    def as_json(self) -> dict[str, Any]:
        return {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class Reminder:
    """A note for the people of an organisation: a late source, or a run that waits for them.

    ``kind``: ``overdue``, ``decide`` (a checked delivery), ``reading`` (a file that is not read
    yet) or ``failed``; ``subject`` the source's or run's id.
    """

    kind: str
    subject: str
    resource: str
    resource_name: Text
    text: Text
    since: datetime


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One finished run of a resource: its counts, grade and the share that passed by dimension.
    ``run`` is empty for those who may not know of the run."""

    run: str
    at: datetime
    status: str
    sent: int
    accepted: int
    set_aside: int
    grade: str
    dimensions: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Changed:
    """What a published run did to the table: the version it made, its rows, and, for the keyed
    modes, how many were inserted, updated and deleted."""

    snapshot: int
    at: datetime
    rows: int
    inserted: int | None
    updated: int | None
    deleted: int | None


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One row of a sample. ``kind``: ``data``, ``header``, ``title``, or why it is skipped
    (``total``, ``footnote``, ``blank``, ``heading-again``); ``label`` in words."""

    row: int
    kind: str
    label: Text
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deliverable:
    """A resource to which the actor may deliver."""

    resource: str
    name: Text
    mode: str
    division: str
    organisation: str
    per_division: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A proposed reading, to be confirmed or corrected: JSON forms for doors, and the file."""

    run: str
    file: Path
    recipe: Mapping[str, Any]
    sheets: tuple[Mapping[str, Any], ...]
    sample: Mapping[str, Any]
    doubts: tuple[Mapping[str, Any], ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


def _plain(value: Any) -> Any:
    match value:
        case Text():
            return value.as_dict()
        case datetime():
            return value.isoformat(timespec="seconds")
        case tuple():
            return [_plain(v) for v in value]
        case Mapping():
            return dict(value)
    return value
