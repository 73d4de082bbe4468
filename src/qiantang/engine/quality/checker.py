"""A resource's rules compiled: one batch of texts in, typed columns and what is wrong out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

import polars as pl

from qiantang.engine.quality.agreements import disagreements
from qiantang.engine.quality.areas import Area
from qiantang.engine.quality.cleaning import Finding, clean
from qiantang.engine.quality.cleaning.cleaned import by_distinct
from qiantang.engine.quality.codes_in_force import CodesInForce
from qiantang.engine.quality.conditions import Conditions
from qiantang.engine.quality.identifier_kinds import Check as IdentifierCheck
from qiantang.engine.quality.identifier_kinds import check_of
from qiantang.engine.quality.rulebook import Rule, check_rule, field_rule
from qiantang.engine.quality.schema import precision_column
from qiantang.engine.quality.spoken import last_days, spoken_field
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import CodeList, Field, FieldType, Mode, Resource, Severity

Codes = Callable[[str], CodeList]
"""The code list of a full name."""
Reference = Callable[[str], "Iterable[str] | pl.Series"]
"""The values in force of ``pack.resource.field``."""
Existing = Callable[[Sequence[str]], Any]
"""The key columns of what the lake has, as an Arrow table or reader."""
Called = Callable[[str], Text]
"""What people call the values of ``pack.resource.field``."""

NO_FACTORS: Final[Mapping[str, Decimal]] = {}
ONE: Final = Decimal(1)
Unread = dict[str, list[pl.Series]]
"""By field, the rows whose value was sent and could not be read."""
_CODED: Final = frozenset({FieldType.CODE, FieldType.TEXT})


class Failure(NamedTuple):
    """Rows of a batch that fail a rule; ``expected`` says, for each, what would be right, and
    ``expected_en`` says it in English where the words differ. ``found``: what was sent, where it
    is no cell of the rule's field."""

    rule: Rule
    rows: pl.Series
    expected: pl.Series | None = None
    expected_en: pl.Series | None = None
    found: pl.Series | None = None


@dataclass(slots=True)
class Checked:
    """A batch: its values by field (with companions), and every failure."""

    values: pl.DataFrame
    failures: list[Failure]

    def set_aside(self) -> pl.Series:
        """For each row whether it is set aside."""
        bad = pl.repeat(value=False, n=self.values.height, eager=True)
        for failure in self.failures:
            if failure.rule.severity is Severity.SET_ASIDE:
                bad = bad.scatter(failure.rows, values=True)
        return bad


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """What one field's values are held against."""

    field: Field
    codes: CodesInForce | None
    identifier: IdentifierCheck | None
    references: pl.Series | None
    required: bool
    own: str = ""
    """The field of the same resource that this one refers to: its values may come with the
    delivery, so that they are searched for when all rows are known (`Repeats`)."""


@dataclass(frozen=True, slots=True)
class Checker:
    """The compiled rules of a resource for a delivery on ``on``. Made by `compile_checks`."""

    resource: Resource
    on: date
    mode: Mode
    fields: tuple[FieldCheck, ...]
    conditions: Conditions
    existing: Existing | None = None
    called: Called | None = None
    area: Area | None = None
    _rules: dict[tuple[str, str], Rule] = field(default_factory=dict)

    def check(
        self,
        batch: pl.DataFrame,
        factors: Mapping[str, Decimal] = NO_FACTORS,
        rounded: Collection[str] = (),
        named: Collection[str] = (),
        *,
        unmarked: Collection[str] = (),
    ) -> Checked:
        """Clean a batch of texts (a column for each field) and hold it against every rule.

        ``factors``: field -> what a bare number is multiplied by, where the column's heading
        states another unit than the field's. ``rounded``: fields whose numbers are rounded to what
        they can hold. ``named``: fields whose cells may name a code of their list. ``unmarked``:
        fields whose numbers are read without marks of notes behind them.
        """
        columns: dict[str, pl.Series] = {}
        precision: dict[str, pl.Series] = {}
        failures: list[Failure] = []
        for each in self.fields:
            raw = _texts(batch, each.field.id)
            by_name = each.codes is not None and each.field.id in named
            known = each.codes.codes if each.codes else frozenset()
            if each.codes is not None and by_name:
                known |= each.codes.names
            factor = factors.get(each.field.id, ONE)
            settled = {"rounds": each.field.id in rounded, "unmarked": each.field.id in unmarked}
            cleaned = clean(raw, each.field, known, factor, **settled)
            findings, values = list(cleaned.findings), cleaned.values
            if each.codes is not None and by_name:
                values = each.codes.by_name(values)
            if each.identifier is not None and values.dtype == pl.String:
                values, wrong = each.identifier(values, self.on)
                findings += wrong
            columns[each.field.id] = values
            companion = precision_column(each.field)
            if companion and cleaned.precision is not None:
                columns[companion] = precision[each.field.id] = cleaned.precision
            failures += (self._failure(each.field, found) for found in findings)
        frame = pl.DataFrame(columns)
        failures += self._by_rule(frame, failures)
        failures += self._across(frame, precision)
        failures += self._outside(frame)
        return Checked(frame, failures)

    def rule(self, field: Field, code: str) -> Rule:
        """The rule of a kind for a field, made once."""
        key = (field.id, code)
        if key not in self._rules:
            listed = None
            if code == "reference" and self.called is not None and field.reference:
                listed = self.called(field.reference)
            self._rules[key] = field_rule(field, code, listed=listed)
        return self._rules[key]

    def _failure(self, field: Field, found: Finding) -> Failure:
        return Failure(self.rule(field, found.code), found.rows, found.expected)

    def _by_rule(self, frame: pl.DataFrame, before: list[Failure]) -> Iterator[Failure]:
        """All rules that are expressions, in one select; then code lists by day."""
        unread: Unread = {}
        for failure in before:
            unread.setdefault(failure.rule.field, []).append(failure.rows)
        asked = [(each, code, mask) for each in self.fields for code, mask in _masks(each)]
        masks = frame.lazy().select(
            mask.fill_null(value=False).alias(str(n)) for n, (_, _, mask) in enumerate(asked)
        )
        answer = masks.collect()
        for n, (each, code, _) in enumerate(asked):
            mask = answer[str(n)]
            for rows in unread.get(each.field.id, ()) if code == "required" else ():
                mask = mask.scatter(rows, values=False)
            if mask.any():
                yield Failure(self.rule(each.field, code), mask.arg_true())
        for each in self.fields:
            if each.codes is not None:
                yield from self._codes(each, each.codes, frame, unread)

    def _codes(
        self, each: FieldCheck, codes: CodesInForce, frame: pl.DataFrame, unread: Unread
    ) -> Iterator[Failure]:
        values = frame[each.field.id]
        unknown = codes.unknown(values).fill_null(value=False).arg_true()
        if unknown.len():
            near = codes.nearest(values.gather(unknown))
            yield Failure(self.rule(each.field, "code_unknown"), unknown, *near)
        days: pl.Series | date = self._days(each.field, frame, unread)
        wrong = codes.out_of_force(values, days)
        if not each.field.in_force_on and isinstance(days, pl.Series):
            # Old figures come with the codes of their time, or restated with those of today.
            wrong &= codes.out_of_force(values, self.on)
        late = wrong.fill_null(value=False).arg_true()
        if late.len():
            shown = days.gather(late).cast(pl.String) if isinstance(days, pl.Series) else None
            said = shown if shown is not None else pl.repeat(f"{days}", late.len(), eager=True)
            yield Failure(self.rule(each.field, "code_not_in_force"), late, said)

    def _days(self, field: Field, frame: pl.DataFrame, unread: Unread) -> pl.Series | date:
        """The day on which a field's codes had to be in force: of the field that it names, of the
        row's period or date in the grain, else of the delivery. Unknown where a day was sent that
        cannot be read."""
        spoken = spoken_field(self.resource)
        name = field.in_force_on or (spoken.id if spoken else "")
        if name not in frame.columns:
            return self.on
        days = last_days(frame[name]).fill_null(self.on)
        for rows in unread.get(name, ()):
            days = days.scatter(rows, None)
        return days

    def _outside(self, frame: pl.DataFrame) -> Iterator[Failure]:
        """Rows of another division than the delivery is for."""
        if self.area is None or self.mode is Mode.DELETE:
            return
        rows = self.area.outside(frame)
        if rows.len():
            name, count = self.area.name, rows.len()
            said = (pl.repeat(text, count, eager=True) for text in (name.zh, name.en))
            yield Failure(self.rule(self.area.field, "outside_area"), rows, *said)

    def _across(self, frame: pl.DataFrame, precision: dict[str, pl.Series]) -> Iterator[Failure]:
        """Rules over several fields of a row."""
        if self.mode is Mode.DELETE:
            return
        for found in disagreements(self.resource, frame, precision):
            rule = field_rule(found.field, "disagrees", found.source)
            yield Failure(rule, found.rows, found.expected, found.expected_en)
        for check, rows in self.conditions.failing(frame):
            yield Failure(check_rule(check), rows)


def compile_checks(
    resource: Resource,
    *,
    codes: Codes,
    references: Reference,
    on: date,
    mode: Mode | None = None,
    existing: Existing | None = None,
    called: Called | None = None,
    area: Area | None = None,
) -> Checker:
    """The rules of ``resource`` for a delivery on ``on``. ``called`` names what fields refer to;
    ``area`` is that of the division whose part is delivered.

    ``existing`` gives the lake's key columns, for deliveries that are appended. A delivery that
    deletes by key is held against the rules of its key only. Raises `IdentifierUnknown`,
    `CheckRefused`.
    """
    mode = mode or resource.mode
    fields = tuple(
        _compiled(resource, each, codes, references, required=_needed(resource, each, mode))
        if mode is not Mode.DELETE or each.id in resource.grain
        else FieldCheck(each, None, None, None, required=False)
        for each in resource.fields
    )
    conditions = Conditions(resource, resource.checks)
    return Checker(resource, on, mode, fields, conditions, existing, called, area)


def _needed(resource: Resource, field: Field, mode: Mode) -> bool:
    return field.required if mode is not Mode.DELETE else field.id in resource.grain


def _compiled(
    resource: Resource, field: Field, codes: Codes, references: Reference, *, required: bool
) -> FieldCheck:
    listed = codes(field.codes) if field.codes and field.type in _CODED else None
    known = None
    if field.reference:
        given = references(field.reference)
        known = given if isinstance(given, pl.Series) else pl.Series(list(given), dtype=pl.String)
        known = known.drop_nulls().unique().cast(pl.String)
    identifier = check_of(field.identifier) if field.identifier else None
    in_force = CodesInForce(listed) if listed else None
    return FieldCheck(field, in_force, identifier, known, required, _own(resource, field))


def _own(resource: Resource, field: Field) -> str:
    """The field of the same resource that ``field`` refers to; "" for none."""
    table, _, name = (field.reference or "").rpartition(".")
    same = table in (resource.id, f"{resource.pack}.{resource.id}")
    return name if same and resource.field(name) else ""


def _texts(batch: pl.DataFrame, name: str) -> pl.Series:
    if name not in batch.columns:
        return pl.Series(name, [None], dtype=pl.String).new_from_index(0, batch.height)
    return batch[name]


def _masks(each: FieldCheck) -> Iterator[tuple[str, pl.Expr]]:
    """The rules of a field that are expressions over its own values."""
    field, value = each.field, pl.col(each.field.id)
    if each.required:
        yield "required", value.is_null()
    if field.pattern:
        text = _short(value) if field.type is FieldType.PERIOD else value.cast(pl.String)
        yield "pattern", ~_matches(text, field.pattern)
    if field.minimum is not None or field.maximum is not None:
        low = pl.lit(value=False) if field.minimum is None else value < field.minimum
        high = pl.lit(value=False) if field.maximum is None else value > field.maximum
        yield "range", low | high
    if field.values:
        yield "values", ~value.cast(pl.String).is_in(list(field.values))
    if each.references is not None and not each.own:
        yield "reference", ~value.cast(pl.String).is_in(each.references.implode())


def _short(period: pl.Expr) -> pl.Expr:
    """A period of one month as patterns write it: 2025-12 instead of 2025-12/2025-12."""
    month = period.str.head(7)
    return pl.when(period == month + "/" + month).then(month).otherwise(period)


def _matches(value: pl.Expr, pattern: str) -> pl.Expr:
    """Whether the whole of a value has the form. Patterns with look-around go to Python's engine,
    each distinct value once."""
    try:
        pl.Series([""]).str.contains(f"^(?:{pattern})$")
    except pl.exceptions.ComputeError:
        form = re.compile(pattern)
        return (
            value.map_batches(
                lambda texts: by_distinct(
                    texts, lambda t: t if form.fullmatch(t) else None
                ).is_not_null(),
                return_dtype=pl.Boolean,
            )
            | value.is_null()
        )
    return value.str.contains(f"^(?:{pattern})$")


def _kept(form: re.Pattern[str], text: str) -> str | None:
    return text if form.fullmatch(text) else None
