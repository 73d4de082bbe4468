"""The recipe: how one department's file is read, kept for its next delivery.

A recipe is plain data with a JSON form (documented in this part's README). It names the columns
of the source, so that a delivery which no longer fits can be told what changed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from qiantang.engine.quality.reading.errors import RecipeBroken

FORMATS: Final = ("csv", "xlsx", "xls", "json", "ndjson", "parquet")
SECOND_TABLE: Final = ("ask", "end", "read")
KEYED: Final = ("json", "ndjson", "parquet")
"""Formats whose records name their own columns: there is no header to find."""


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """One column of the source. ``position`` counts from 0; ``field`` is None for a column left
    out. ``factor`` turns the column's unit into the field's (万元 to 元: 10000); ``unit`` is the
    one that the file states for it, "" for none."""

    source: str
    position: int
    field: str | None = None
    factor: Decimal = Decimal(1)
    unit: str = ""
    round: bool = False
    """A person settled that figures with more places than the field holds are rounded."""
    unmarked: bool = False
    """Marks of notes behind the column's figures are left out."""
    names: bool = False
    """Names of the field's code list stand for their codes."""
    stated: bool = dataclasses.field(default=False, compare=False)
    """Somebody, or the reader with a doubt, settled the factor, be it 1."""

    def to_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "source": self.source,
            "position": self.position,
            "field": self.field,
        }
        if self.factor != 1 or self.stated:
            body["factor"] = str(self.factor)
        if self.unit:
            body["unit"] = self.unit
        if self.round:
            body["round"] = True
        if self.unmarked:
            body["unmarked"] = True
        if self.names:
            body["names"] = True
        return body


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a file is read. Rows count from 1 as the source counts them; ``header_first`` 0 means
    that there is no header and columns go by position."""

    format: str
    columns: tuple[ColumnUse, ...]
    member: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    path: str | None = None
    """JSON: the keys that lead to the array, joined by dots; None for an array on its own."""
    header_first: int = 0
    header_last: int = 0
    data_first: int = 1
    footer_words: tuple[str, ...] = ()
    """Words that begin a row under the table, beside those the reader knows."""
    skip_totals: bool = True
    second_table: str = "ask"
    """What to do where another table begins under this one: ask (stop), end (read no further,
    and name the rows), or read (it is data)."""
    fill_down: tuple[str, ...] = ()
    """Source columns whose merged (or, in text files, blank) cells take the value above."""
    table_units: tuple[str, ...] | None = None
    """The units that the file states for its whole table; None: nobody looked."""

    @property
    def keyed(self) -> bool:
        return self.format in KEYED

    @property
    def width(self) -> int:
        return max((c.position for c in self.columns), default=-1) + 1

    @property
    def factors(self) -> dict[str, Decimal]:
        """Field id -> factor, where it is not 1."""
        return {c.field: c.factor for c in self.columns if c.field and c.factor != 1}

    @property
    def rounded(self) -> frozenset[str]:
        """Fields whose numbers are rounded to what they can hold."""
        return frozenset(c.field for c in self.columns if c.field and c.round)

    @property
    def unmarked(self) -> frozenset[str]:
        """Fields whose figures are read without marks of notes behind them."""
        return frozenset(c.field for c in self.columns if c.field and c.unmarked)

    @property
    def named(self) -> frozenset[str]:
        """Fields whose cells may name a code instead of giving it."""
        return frozenset(c.field for c in self.columns if c.field and c.names)

    def to_json(self) -> dict[str, Any]:
        """The form that is kept; ``from_json`` gives back an equal recipe."""
        return {
            "version": 1,
            "format": self.format,
            "member": self.member,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheet": self.sheet,
            "path": self.path,
            "header_first": self.header_first,
            "header_last": self.header_last,
            "data_first": self.data_first,
            "footer_words": list(self.footer_words),
            "skip_totals": self.skip_totals,
            "second_table": self.second_table,
            "fill_down": list(self.fill_down),
            "table_units": None if self.table_units is None else list(self.table_units),
            "columns": [c.to_json() for c in self.columns],
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Recipe:
        """Raises `RecipeBroken`, which names the member that is wrong."""
        if not isinstance(body, Mapping) or body.get("version", 1) != 1:
            raise RecipeBroken(found="version")
        if body.get("format") not in FORMATS:
            raise RecipeBroken(found="format", expected=", ".join(FORMATS))
        recipe = cls(
            format=str(body["format"]),
            columns=_columns(body.get("columns")),
            skip_totals=_typed(body, "skip_totals", bool, True),
            second_table=_second_table(body),
            footer_words=_words(body, "footer_words"),
            fill_down=_words(body, "fill_down"),
            table_units=None if body.get("table_units") is None else _words(body, "table_units"),
            **{name: _optional(body, name) for name in _TEXTS},
            **{name: _typed(body, name, int, start) for name, start in _ROWS.items()},
        )
        _check_rows(recipe)
        return recipe


_TEXTS: Final = ("member", "encoding", "delimiter", "sheet", "path")
_ROWS: Final = {"header_first": 0, "header_last": 0, "data_first": 1}


def _check_rows(recipe: Recipe) -> None:
    if recipe.keyed:
        return
    if not 0 <= recipe.header_first <= recipe.header_last < recipe.data_first:
        raise RecipeBroken(found="header_first, header_last, data_first")


def _second_table(body: Mapping[str, Any]) -> str:
    said = body.get("second_table", "ask")
    if said not in SECOND_TABLE:
        raise RecipeBroken(found="second_table", expected=", ".join(SECOND_TABLE))
    return str(said)


def _typed(body: Mapping[str, Any], name: str, kind: type, default: Any) -> Any:
    value = body.get(name, default)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise RecipeBroken(found=name)
    return value


def _optional(body: Mapping[str, Any], name: str) -> Any:
    return None if body.get(name) is None else _typed(body, name, str, None)


def _words(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = body.get(name, [])
    if not isinstance(value, list | tuple) or not all(isinstance(w, str) for w in value):
        raise RecipeBroken(found=name)
    return tuple(value)


def _columns(value: Any) -> tuple[ColumnUse, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise RecipeBroken(found="columns")
    columns = tuple(_column(item, i) for i, item in enumerate(value))
    fields = [c.field for c in columns if c.field]
    positions = [c.position for c in columns]
    if len(set(fields)) != len(fields) or len(set(positions)) != len(positions):
        raise RecipeBroken(found="columns")
    return columns


def _column(item: Any, index: int) -> ColumnUse:
    where = f"columns[{index}]"
    if not isinstance(item, Mapping):
        raise RecipeBroken(found=where)
    try:
        factor = Decimal(str(item.get("factor", "1")))
    except InvalidOperation:
        raise RecipeBroken(found=f"{where}.factor") from None
    if not factor.is_finite() or factor <= 0:
        raise RecipeBroken(found=f"{where}.factor")
    position = _typed(item, "position", int, index)
    if position < 0:
        raise RecipeBroken(found=f"{where}.position")
    return ColumnUse(
        source=_typed(item, "source", str, ""),
        position=position,
        field=_optional(item, "field") or None,
        factor=factor,
        unit=_optional(item, "unit") or "",
        round=_typed(item, "round", bool, False),
        unmarked=_typed(item, "unmarked", bool, False),
        names=_typed(item, "names", bool, False),
        stated="factor" in item,
    )
