"""What the reader hands over: a proposal with its sample and doubts, limits, rows left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from qiantang.kernel.text import Text

if TYPE_CHECKING:
    from qiantang.engine.quality.reading.recipe import Recipe

MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one file may ask of the machine; sizes in bytes.

    ``ratio`` is how many times its packed size an archive may grow to; it counts once more than
    ``ratio_from`` bytes were unfolded. ``cells`` bounds rows times columns of an Excel sheet,
    which is held in memory whole.
    """

    columns: int = 2_000
    record: int = 16 * MIB
    unfolded: int = 8 * 1024 * MIB
    ratio: int = 300
    ratio_from: int = 32 * MIB
    workbook: int = 1024 * MIB
    cells: int = 20_000_000
    header_rows: int = 60
    head_rows: int = 200


LIMITS: Final = ReadingLimits()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that the reader settled by a guess; a person should look at it."""

    code: str
    text: Text
    hint: Text

    def as_dict(self) -> dict[str, object]:
        return {"code": self.code, "text": self.text.as_dict(), "hint": self.hint.as_dict()}


@dataclass(frozen=True, slots=True)
class Hints:
    """What the sender already knows; each overrides the reader's own finding.

    ``header_first`` and ``header_last`` are 1-based rows (0 and 0: no header). ``columns`` maps a
    source column's name to a field id, or to "" to leave the column out.
    """

    member: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_first: int | None = None
    header_last: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    empty: bool = False
    """Whether a table that names its columns may have no rows."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it stands in the source; ``row`` counts from 1 (the line, in CSV)."""

    row: int
    cells: tuple[str | None, ...]

    @property
    def blank(self) -> bool:
        return not any(c and c.strip() for c in self.cells)


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """One sheet (or the one table of a text file); ``rows`` is None where not counted."""

    name: str
    rows: int | None = None
    columns: int | None = None
    visible: bool = True
    chosen: bool = False
    named_fields: int = 0
    """How many declared fields its header names."""


@dataclass(frozen=True, slots=True)
class Sample:
    """``header``: the rows taken for the header; ``rows``: the first data rows as they stand;
    ``before``: title rows above the header; ``last``: the last rows, where ``rows`` does not come
    to the end (their number is 0 where it is not known)."""

    header: tuple[RawRow, ...]
    rows: tuple[RawRow, ...]
    before: tuple[RawRow, ...] = ()
    last: tuple[RawRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """How the reader would read the file. ``missing``: declared fields that no column gives;
    ``unknown``: source columns that give no field."""

    recipe: Recipe
    sheets: tuple[SheetInfo, ...]
    sample: Sample
    doubts: tuple[Doubt, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no data. ``reason``: title, heading, blank, total, footnote, heading-again,
    second-table."""

    row: int
    reason: str
    text: Text
    cells: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        return {
            "row": self.row,
            "reason": self.reason,
            "text": self.text.as_dict(),
            "cells": list(self.cells),
        }


@dataclass(frozen=True, slots=True)
class MisshapenRow:
    """A data row with more cells than the header has columns: its values may have shifted."""

    row: int
    cells: tuple[str, ...]
    expected: int


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line that is no record: how it begins, and what is wrong with it."""

    text: str
    reason: Text


SKIP_TEXTS: Final[Mapping[str, Text]] = {
    "title": Text(zh="表头之上的标题行", en="Title row above the header"),
    "heading": Text(zh="表头行", en="Header row"),
    "blank": Text(zh="空行", en="Blank row"),
    "total": Text(zh="合计行", en="Row of totals"),
    "footnote": Text(zh="表尾的说明行", en="Footnote under the table"),
    "second-table": Text(zh="表下另一张表的行", en="Row of another table under this one"),
    "heading-again": Text(zh="重复的表头", en="Header repeated"),
}
