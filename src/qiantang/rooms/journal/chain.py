"""The arithmetic of the audit chain: canonical form, digest, and what a break looks like."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from qiantang.kernel.text import Text

FIRST: Final = "0" * 64
"""What the first entry names as its predecessor."""

BREAKS: Final[Mapping[str, Text]] = {
    "altered": Text(
        zh="第 {seq} 条审计日志的内容被改动。", en="Journal entry {seq} has been altered."
    ),
    "missing": Text(
        zh="第 {seq} 条审计日志缺失（被删除）。", en="Journal entry {seq} is missing (deleted)."
    ),
    "inserted": Text(
        zh="第 {seq} 条审计日志不在链上（被插入）。",
        en="Journal entry {seq} does not belong to the chain (inserted).",
    ),
    "head": Text(
        zh="链尾记录与第 {seq} 条审计日志不一致。",
        en="The chain's head does not agree with journal entry {seq}.",
    ),
}


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """One fault: ``kind`` is a key of `BREAKS`, ``seq`` the entry it concerns."""

    seq: int
    kind: str

    @property
    def text(self) -> Text:
        return BREAKS[self.kind].format(seq=self.seq)


def digest(entry: Mapping[str, Any]) -> str:
    """SHA-256, hex, over the canonical JSON of an entry with its ``previous`` digest.

    Keys are sorted, no spaces, UTF-8, times in UTC with microseconds, so that either database
    gives back exactly what was digested.
    """
    plain = {k: _stamp(v) if isinstance(v, datetime) else v for k, v in entry.items()}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
