"""What the room shows: runs, what is due, and how tables are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from qiantang.kernel.text import Text

VERBS: Final = ("compact", "expire", "sweep", "verify")
VERB_NAMES: Final[Mapping[str, Text]] = {
    "compact": Text(zh="合并小文件", en="compact"),
    "expire": Text(zh="版本清理", en="expire"),
    "sweep": Text(zh="清扫", en="sweep"),
    "verify": Text(zh="校验", en="verify"),
}
OUTCOMES: Final[Mapping[str, Text]] = {
    "waiting": Text(zh="等待中", en="waiting"),
    "running": Text(zh="进行中", en="running"),
    "done": Text(zh="完成", en="done"),
    "nothing": Text(zh="无需处理", en="nothing to do"),
    "problems": Text(zh="发现问题", en="problems found"),
    "failed": Text(zh="失败", en="failed"),
}


@dataclass(frozen=True, slots=True)
class RunView:
    """One run; times with zone, ``figures`` as the verb gives them."""

    id: int
    table: str
    verb: str
    outcome: str
    asked_by: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    figures: Mapping[str, Any]
    error: Mapping[str, Any] | None

    @property
    def verb_name(self) -> Text:
        return VERB_NAMES[self.verb]

    @property
    def outcome_name(self) -> Text:
        return OUTCOMES[self.outcome]

    @property
    def at_work(self) -> bool:
        return self.outcome in ("waiting", "running")

    @property
    def problems(self) -> list[Mapping[str, Any]]:
        return list(self.figures.get("problems", ()))

    @property
    def said(self) -> Text:
        """What came of it, in a few words."""
        if self.error:
            messages = self.error.get("messages", {})
            return Text(zh=messages.get("zh", ""), en=messages.get("en", ""))
        return _said(self.verb, self.figures) if self.ended_at else self.outcome_name

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "table": self.table,
            "verb": self.verb,
            "outcome": self.outcome,
            "asked_by": self.asked_by,
            "asked_at": self.asked_at.isoformat(),
            "started_at": self.started_at.isoformat() if self.started_at else None,
            "ended_at": self.ended_at.isoformat() if self.ended_at else None,
            "figures": dict(self.figures),
            "error": dict(self.error) if self.error else None,
        }


def _said(verb: str, found: Mapping[str, Any]) -> Text:
    if verb == "compact":
        before, after = found.get("files_before", 0), found.get("files_after", 0)
        return Text(zh=f"文件 {before} → {after} 个", en=f"files {before} → {after}")
    if verb == "expire":
        gone, files = found.get("snapshots", 0), found.get("files", 0)
        return Text(
            zh=f"清理 {gone} 个版本、{files} 个文件", en=f"{gone} versions, {files} files removed"
        )
    if verb == "sweep":
        count = found.get("files", 0)
        return Text(zh=f"清除 {count} 个无主文件", en=f"{count} nobody's files removed")
    count = found.get("grave", 0)
    if count:
        return Text(zh=f"{count} 个文件有问题", en=f"{count} files are damaged")
    return Text(zh="全部文件完好", en="all files sound")


@dataclass(frozen=True, slots=True)
class Due:
    """A verb that a table needs now."""

    table: str
    verb: str
    reason: Text


@dataclass(frozen=True, slots=True)
class TableHealth:
    """A table as the page shows it. ``retention`` is the one in effect, empty without limit."""

    table: str
    name: Text
    rows: int
    files: int
    bytes: int
    snapshots: int
    oldest: datetime | None
    newest: datetime | None
    retention: str
    verified: RunView | None
    compacted: RunView | None
    current: RunView | None
    problems: int
    damage: Text | None = None
    """Why the table cannot be read at all; its figures are 0 then."""

    def as_json(self) -> dict[str, Any]:
        return {
            "table": self.table,
            "name": self.name.as_dict(),
            "rows": self.rows,
            "files": self.files,
            "bytes": self.bytes,
            "snapshots": self.snapshots,
            "oldest": self.oldest.isoformat() if self.oldest else None,
            "newest": self.newest.isoformat() if self.newest else None,
            "retention": self.retention or None,
            "verified_at": _ended(self.verified),
            "compacted_at": _ended(self.compacted),
            "problems": self.problems,
            "damage": self.damage.as_dict() if self.damage else None,
            "at_work": self.current.verb if self.current else None,
        }


def _ended(run: RunView | None) -> str | None:
    return run.ended_at.isoformat() if run and run.ended_at else None
