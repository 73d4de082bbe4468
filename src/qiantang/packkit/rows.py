"""Hold rows of a CSV file against the schema of their resource.

Used for samples, for data that a pack ships and for what examples give. `check_rows` reports to
the checker; `typed_rows` gives the values to a runner of examples.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from qiantang.kernel.errors import Invalid
from qiantang.kernel.observations import GRADES, ObservationKind
from qiantang.kernel.periods import Period, day_of
from qiantang.kernel.text import Text
from qiantang.kernel.units import convert
from qiantang.packkit.compiled import Code, Field, FieldType, Indicator, Resource
from qiantang.packkit.draft import Draft
from qiantang.packkit.files import PackFiles
from qiantang.packkit.problems import Findings, nearest
from qiantang.packkit.readers.codes import check_unit
from qiantang.packkit.sheets import Row, Sheet, decimal_of

MOST_PROBLEMS: Final = 100
"""Problems listed for one file of rows; the rest is counted."""

Value = str | int | float | Decimal | bool | date | datetime | None

_EXPECTED: Final = {
    FieldType.INTEGER: Text("整数", "a whole number"),
    FieldType.NUMBER: Text("数字", "a number"),
    FieldType.DECIMAL: Text("数字", "a number"),
    FieldType.BOOLEAN: Text("true 或 false", "true or false"),
    FieldType.DATE: Text("日期（如 2017-04-27）", "a date (such as 2017-04-27)"),
    FieldType.DATETIME: Text(
        "日期时间（如 2017-04-27T08:00）", "a date and time (such as 2017-04-27T08:00)"
    ),
    FieldType.PERIOD: Text("时期（如 2019、2019-01/2019-09）", "a period (2019, 2019-01/2019-09)"),
}
_TEMPORAL: Final = frozenset({FieldType.PERIOD, FieldType.DATE, FieldType.DATETIME})


def read_value(kind: FieldType, text: str) -> Value:
    """The cell as a value of the field's type; blank is None. Raises ValueError."""
    text = text.strip()
    return _READERS.get(kind, str)(text) if text else None


def typed_rows(resource: Resource, path: Path) -> tuple[Mapping[str, Value], ...]:
    """The rows of a checked CSV file with every declared field typed; absent columns are None."""
    sheet = PackFiles(path.parent, Findings()).sheet(path.name)
    return tuple(
        {f.id: read_value(f.type, row.cells.get(f.id, "")) for f in resource.fields}
        for row in sheet or ()
    )


def check_rows(draft: Draft, resource: Resource, name: str) -> None:
    """Report everything in the CSV file ``name`` that the resource does not allow; once a file."""
    key = f"rows/{resource.pack}.{resource.id}/{name}"
    torn = resource.pack == draft.id and f"fields/{resource.id}" in draft.torn
    if key in draft.places or torn:
        return
    draft.places[key] = draft.files.place(name)
    sheet = draft.files.sheet(name)
    if sheet is None:
        return
    needed = [f.id for f in resource.fields if f.required]
    optional = [f.id for f in resource.fields if not f.required]
    extra = sheet.header if name.startswith("codes/") else ()
    sheet.require(needed, allowed=[*optional, *extra])
    with draft.findings.at_most(MOST_PROBLEMS, draft.files.place(name)):
        _RowCheck(draft, resource, draft.all("indicators")).run(sheet)


@dataclass(slots=True)
class _RowCheck:
    draft: Draft
    resource: Resource
    indicators: Mapping[str, Indicator]
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)
    lists: dict[str, Mapping[str, Sequence[Code]] | None] = field(default_factory=dict)

    def run(self, sheet: Sheet) -> None:
        fields = [f for f in self.resource.fields if f.id in sheet.header]
        for row in sheet:
            day = self.day_of(row)
            for each in fields:
                self.cell(row, each, self.named_day(row, each) or day)
            self.grain(row)
            if self.resource.role == "observations":
                self.observation(row)

    def day_of(self, row: Row) -> date | None:
        """The day of which the row speaks: the end of its first period or date in the grain."""
        spoken = [f for f in self.resource.fields if f.type in _TEMPORAL]
        spoken.sort(key=lambda f: f.type is not FieldType.PERIOD)
        for each in spoken:
            if each.id not in self.resource.grain and each.type is not FieldType.PERIOD:
                continue
            text = row.cells.get(each.id, "")
            try:
                value = read_value(each.type, text)
            except ValueError:
                return None
            if each.type is FieldType.PERIOD and value is not None:
                return Period.parse(text).end
            if isinstance(value, datetime):
                return value.date()
            if isinstance(value, date):
                return value
        return None

    def named_day(self, row: Row, each: Field) -> date | None:
        """The day in the field that ``in_force_on`` names, where it is a day."""
        if not each.in_force_on:
            return None
        try:
            return day_of(row.cells.get(each.in_force_on, "").strip())
        except ValueError:
            return None

    def cell(self, row: Row, each: Field, day: date | None) -> None:
        text = row.cells[each.id].strip()
        if not text:
            if each.required:
                row.problem("pack.row_required", each.id, field=each.id)
            return
        try:
            read_value(each.type, text)
        except ValueError:
            row.problem("pack.row_type", each.id, found=text, expected=_EXPECTED[each.type])
            return
        if each.type is FieldType.CODE and each.codes:
            self.code(row, each, text, day)
        if each.minimum is not None or each.maximum is not None:
            self.limits(row, each, Decimal(text))
        if each.pattern and not re.fullmatch(each.pattern, text):
            row.problem("pack.row_pattern", each.id, found=text, expected=each.pattern)
        if each.values and text not in each.values:
            row.problem("pack.row_value", each.id, found=text, expected=", ".join(each.values),
                        near=nearest(text, each.values))  # fmt: skip

    def code(self, row: Row, each: Field, text: str, day: date | None) -> None:
        reference = each.codes or ""
        known = self.index(reference)
        if known is None:
            return
        rows = known.get(text, ())
        if not rows:
            row.problem("pack.row_code", each.id, found=text, list=reference, when="",
                        near=nearest(text, known))  # fmt: skip
        elif day and not any(code.in_force(day) for code in rows):
            when = Text(f"（{day} 时无效）", f" on {day}")
            row.problem("pack.row_code", each.id, found=text, list=reference, when=when)

    def index(self, reference: str) -> Mapping[str, Sequence[Code]] | None:
        if reference not in self.lists:
            other, _, local = reference.rpartition(".")
            owner = self.draft if other == self.draft.id else self.draft.others.get(other)
            listed = self.draft.listed(reference)
            if listed is not None:
                found: dict[str, list[Code]] = {}
                for code in listed.codes:
                    found.setdefault(code.code, []).append(code)
                self.lists[reference] = found
            elif local == "indicator" and owner is not None and not self.indicators_lost():
                self.lists[reference] = {
                    key: [Code(key, each.name)] for key, each in owner.indicators.items()
                }
            else:
                self.lists[reference] = None
        return self.lists[reference]

    def limits(self, row: Row, each: Field, value: Decimal) -> None:
        low, high = each.minimum, each.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            row.problem("pack.row_range", each.id, found=value,
                        low="-∞" if low is None else low,
                        high="∞" if high is None else high)  # fmt: skip

    def grain(self, row: Row) -> None:
        if any(column not in row.cells for column in self.resource.grain):
            return
        key = tuple(row.cells[column].strip() for column in self.resource.grain)
        first = self.seen.setdefault(key, row.number)
        if key and first != row.number:
            row.problem("pack.row_repeated", self.resource.grain[0], first=first,
                        found=", ".join(key))  # fmt: skip

    def observation(self, row: Row) -> None:
        """What every observation must hold, whatever the resource says of its fields."""
        row_choice(row, "kind", [k.value for k in ObservationKind])
        row_choice(row, "grade", GRADES)
        key, symbol = row.cells.get("indicator", "").strip(), row.cells.get("unit", "").strip()
        indicator = self.indicators.get(key)
        if (
            key
            and indicator is None
            and not self.indicators_lost()
            and not self.checked("indicator")
        ):
            row.problem("pack.row_code", "indicator", found=key, list="indicator", when="",
                        near=nearest(key, self.indicators))  # fmt: skip
        if indicator is not None and symbol and check_unit(indicator.unit):
            try:
                convert(Decimal(1), symbol, indicator.unit)
            except Invalid:
                row.problem("pack.row_indicator_unit", "unit", found=symbol, indicator=key,
                            expected=indicator.unit)  # fmt: skip

    def indicators_lost(self) -> bool:
        return "indicators" in self.draft.lost or bool(self.draft.absent)

    def checked(self, column: str) -> bool:
        found = self.resource.field(column)
        return found is not None and found.codes is not None


def row_choice(row: Row, column: str, valid: Sequence[str]) -> None:
    """Report a cell that is not one of ``valid``; blank cells are another check's."""
    text = row.cells.get(column, "").strip()
    if text and text not in valid:
        row.problem("pack.row_value", column, found=text, expected=", ".join(valid),
                    near=nearest(text, valid))  # fmt: skip


def _integer(text: str) -> int:
    number = _decimal(text)
    if number != number.to_integral_value():
        raise ValueError(text)
    return int(number)


def _decimal(text: str) -> Decimal:
    number = decimal_of(text)
    if number is None or abs(number.adjusted()) > 30:
        raise ValueError(text)
    return number


def _boolean(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise ValueError(text)
    return text.lower() == "true"


def _period(text: str) -> str:
    try:
        return str(Period.parse(text))
    except Invalid:
        raise ValueError(text) from None


_READERS: Final[Mapping[FieldType, Callable[[str], Value]]] = {
    FieldType.INTEGER: _integer,
    FieldType.NUMBER: lambda text: float(_decimal(text)),
    FieldType.DECIMAL: _decimal,
    FieldType.BOOLEAN: _boolean,
    FieldType.DATE: day_of,
    FieldType.DATETIME: datetime.fromisoformat,
    FieldType.PERIOD: _period,
}
