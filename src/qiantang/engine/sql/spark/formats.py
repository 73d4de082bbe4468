"""Formats of dates: from ``%Y-%m-%d`` to Java's ``yyyy-MM-dd``."""

from __future__ import annotations

import re
from typing import Final

from qiantang.engine.sql.spark.refusals import PATTERN_CODE, NotPortable

_CODES: Final = {
    "%Y": "yyyy", "%y": "yy", "%m": "MM", "%d": "dd", "%H": "HH", "%I": "hh", "%M": "mm",
    "%S": "ss", "%f": "SSSSSS", "%p": "a", "%j": "DDD", "%B": "MMMM", "%b": "MMM", "%A": "EEEE",
    "%a": "EEE", "%-m": "M", "%-d": "d", "%-H": "H", "%-M": "m", "%-S": "s", "%-I": "h",
    "%-y": "y", "%-j": "D",
}  # fmt: skip
_SHORT: Final = {"%m": "M", "%d": "d", "%H": "H", "%M": "m", "%S": "s", "%I": "h"}
_PARTS: Final = re.compile(r"%-?[A-Za-z]|%%|[^%]+|%")


def for_writing(written: str, function: str) -> str:
    """The Java pattern that writes as ``written`` does."""
    return "".join(_part(part, function, {}) for part in _PARTS.findall(written))


def for_reading(written: str, function: str) -> str:
    """The Java pattern that reads as ``written`` does: one or two digits unless digits follow."""
    parts = _PARTS.findall(written)
    found = []
    for at, part in enumerate(parts):
        follower = parts[at + 1] if at + 1 < len(parts) else ""
        tight = follower.startswith("%") and follower != "%%"
        before = at > 0 and parts[at - 1].startswith("%") and parts[at - 1] != "%%"
        found.append(_part(part, function, {} if tight or before else _SHORT))
    return "".join(found)


def _part(part: str, function: str, instead: dict[str, str]) -> str:
    if part == "%%":
        return "%"
    if part.startswith("%"):
        if part not in _CODES:
            raise NotPortable(function, PATTERN_CODE.format(code=part))
        return instead.get(part, _CODES[part])
    return re.sub(r"[A-Za-z\[\]{}#]+", lambda m: f"'{m[0]}'", part.replace("'", "''"))
