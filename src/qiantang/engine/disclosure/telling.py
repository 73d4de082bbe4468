"""A table that may be published, told cell by cell, and the rules in plain words of a program."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from qiantang.engine.disclosure.errors import RulesMalformed
from qiantang.engine.disclosure.rules import Rules, Why
from qiantang.engine.disclosure.suppressing import Published

_KEYS: Final = ("minimum", "dominance", "p", "doubt")
_EXPECTED: Final = "minimum=3,dominance=1:0.85,p=0.1,doubt=0.1"


@dataclass(frozen=True, slots=True)
class ToldCell:
    """``row`` or ``column`` is None for a total, ``column`` also in a table of one dimension;
    ``value`` is None where the cell is left out, then ``suppressed`` says why."""

    row: str | None
    column: str | None
    value: Decimal | None
    suppressed: Why | None

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "column": self.column,
            "value": plain(self.value),
            "suppressed": self.suppressed.value if self.suppressed else None,
        }


def lines_of(found: Published) -> tuple[tuple[ToldCell, ...], ...]:
    """The cells line by line, totals last."""
    table = found.table
    rows: list[str | None] = [*table.rows, None]
    columns: list[str | None] = [None] if table.one_dimension else [*table.columns, None]
    return tuple(
        tuple(
            ToldCell(row, column, found.value(i, j), found.suppressed.get((i, j)))
            for j, column in enumerate(columns)
        )
        for i, row in enumerate(rows)
    )


def rules_told(rules: Rules) -> dict[str, Any]:
    """The rules as plain values."""
    return {key: plain(getattr(rules, key)) for key in _KEYS}


def rules_of(text: str) -> Rules:
    """Rules as told on a line: ``minimum=3,dominance=1:0.85,p=0.1``. What is not named is not
    applied, but for the minimum of reporters and the doubt, which have their defaults. Raises
    `RulesMalformed`."""
    told: dict[str, Any] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        key, _, value = part.partition("=")
        if key not in _KEYS or key in told:
            raise RulesMalformed(key=key, found=part, expected=_EXPECTED)
        try:
            told[key] = _read(key, value)
        except (ArithmeticError, ValueError):
            raise RulesMalformed(key=key, found=value, expected=_EXPECTED) from None
    return Rules(**told)


def plain(value: object) -> Any:
    """A figure as JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return [plain(v) for v in value] if isinstance(value, tuple) else value


def _read(key: str, value: str) -> object:
    if key == "minimum":
        return int(value)
    if key == "dominance":
        count, _, share = value.partition(":")
        return int(count), _share(share)
    return _share(value)


def _share(text: str) -> Decimal:
    found = Decimal(text)
    if not found.is_finite():
        raise ValueError(text)
    return found
