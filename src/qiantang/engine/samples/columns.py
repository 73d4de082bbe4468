"""A column for each declared field: by its data element, identifier, codes, type or pattern."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from qiantang.engine.samples import patterns, texts, titles
from qiantang.engine.samples.chance import Index, Mask, Shares
from qiantang.engine.samples.makers import ATTRIBUTES, BY_ELEMENT, BY_IDENTIFIER
from qiantang.engine.samples.people import HORIZON
from qiantang.engine.samples.relations import Order, orders
from qiantang.engine.samples.subjects import Subjects
from qiantang.engine.samples.world import DIVISIONS, World
from qiantang.packkit.compiled import NUMBERS, Field, FieldType, Resource
from qiantang.packkit.identifier_kinds import (
    RESIDENT_ID,
    USCC,
)

FIRST_DAY: Final = texts.day_number(2012)
_YEAR: Final = 365.25
_COMING_OF_AGE: Final = 6 * _YEAR
"""Days that pass on average until somebody does what one may from some age on; so chosen."""
_ABSENT: Final = 0.04
_PERIODS: Final = 10
_SIZES: Final = {
    "employees": (3.2, 1.3),
    "revenue": (6.5, 1.6),
    "contribution-base": (8.9, 0.35),
    "beds": (4.5, 1.1),
    "pupils": (6.4, 0.6),
    "pm25": (3.3, 0.5),
    "pm10": (3.9, 0.5),
    "so2": (1.8, 0.4),
    "no2": (3.3, 0.4),
    "co": (-0.4, 0.3),
    "o3": (4.4, 0.4),
    "aqi": (4.1, 0.4),
    "floor-area": (4.6, 0.35),
}
"""Data element -> mean and spread of the logarithm of its figures."""
_PARTS: Final = {"own_part": 0.08, "employer_part": 0.16}
_PEOPLE: Final = ("sex", "nation", "marital-status", "person-status")
_FIRMS: Final = ("enterprise-kind", "industry", "entity-status")


@dataclass(slots=True)
class Columns:
    """The columns of one batch; each is made once and may be asked for by others."""

    world: World
    resource: Resource
    rows: Index
    made: dict[str, pl.Series] = field(default_factory=dict)
    dates: dict[str, Index] = field(default_factory=dict)
    placed: list[Index] = field(default_factory=list)
    subjects: Subjects = field(init=False)
    order: tuple[Order, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.subjects = Subjects(self.world, self.resource, self.rows)
        self.order = orders(self.resource)

    @property
    def label(self) -> str:
        return self.subjects.label

    def frame(self) -> pl.DataFrame:
        """Every field in order, null where the field has no value."""
        return pl.DataFrame([self._with_gaps(f).alias(f.id) for f in self.resource.fields])

    def column(self, wanted: Field) -> pl.Series:
        """The values of a field, before any is left out."""
        if wanted.id not in self.made:
            self.made[wanted.id] = self._make(wanted)
        return self.made[wanted.id]

    def place(self) -> Index:
        """Positions of the divisions where the rows belong, in force on the day of the row."""
        if not self.placed:
            self.placed.append(self._in_force(self._place()))
        return self.placed[0]

    def _in_force(self, places: Index) -> Index:
        """A division that was not there yet gives way to one that was."""
        holder = next((f for f in self.resource.fields if f.in_force_on), None)
        day = self.resource.field(holder.in_force_on or "") if holder else None
        if day is None or day.type is not FieldType.DATE:
            return places
        known = self.world.places
        early = self.days(day) < known.since[places]
        other = known.lasting[self.world.chance.pick("early", self.rows, len(known.lasting))]
        return np.where(early, other, places)

    def _place(self) -> Index:
        """The firm's division, the person's, or any."""
        holder = next((f for f in self.resource.fields if f.codes == DIVISIONS), None)
        if holder is not None and self.subjects.has(USCC):
            subject = self.subjects.firm(holder)
            return self.world.firms(subject.label).place(subject.rows)
        if holder is not None and self.subjects.has(RESIDENT_ID):
            subject = self.subjects.person(holder)
            return self.world.people(subject.label).place(subject.rows)
        return self.world.chance.pick(
            f"{self.label}/place", self.rows, len(self.world.places.codes)
        )

    def days(self, wanted: Field) -> Index:
        """Days since 1970-01-01 of a date field."""
        if wanted.id not in self.dates:
            self.dates[wanted.id] = self._days(wanted)
        return self.dates[wanted.id]

    def shares(self, wanted: Field, what: str = "") -> Shares:
        return self.world.chance.shares(f"{self.label}/{wanted.id}/{what}", self.rows)

    def _make(self, wanted: Field) -> pl.Series:
        element = (wanted.element or "").rpartition(".")[2]
        if wanted.reference:
            return self._referred(wanted)
        if element in BY_ELEMENT:
            return BY_ELEMENT[element](self, wanted)
        if wanted.identifier in BY_IDENTIFIER:
            return BY_IDENTIFIER[wanted.identifier](self, wanted)
        return self._by_type(wanted, element)

    def _by_type(self, wanted: Field, element: str) -> pl.Series:
        if element in _PEOPLE:
            subject = self.subjects.person(wanted)
            people = self.world.people(subject.label)
            made: pl.Series = getattr(people, ATTRIBUTES.get(element, element))(subject.rows)
            return made
        if element in _FIRMS:
            subject = self.subjects.firm(wanted)
            firms = self.world.firms(subject.label)
            found: pl.Series = getattr(firms, ATTRIBUTES.get(element, element))(subject.rows)
            return found
        if wanted.type is FieldType.CODE:
            return self._code(wanted)
        if wanted.type in {FieldType.DATE, FieldType.DATETIME}:
            tail = "T09:30:00" if wanted.type is FieldType.DATETIME else ""
            made = texts.iso_dates(self.days(wanted))
            return texts.joined(made, tail) if tail else made
        if wanted.type is FieldType.PERIOD:
            return self._period(wanted)
        if wanted.type in NUMBERS:
            return self._number(wanted, element)
        if wanted.type is FieldType.BOOLEAN:
            return texts.words(("true", "false"), self._pick(wanted, 2))
        return self._text(wanted)

    def _referred(self, wanted: Field) -> pl.Series:
        subject = self.subjects.referred(wanted)
        other = self.world.resource(subject.label)
        target = other.field((wanted.reference or "").rpartition(".")[2])
        if target is None:
            return self._text(wanted)
        return Columns(self.world, other, subject.rows).column(target)

    def _code(self, wanted: Field) -> pl.Series:
        if wanted.codes == DIVISIONS:
            return self.world.places.division(self.place())
        codes = self.world.leaves(wanted.codes or "")
        if wanted.id in self.resource.grain:
            return texts.words(codes, self.subjects.key_part(wanted))
        weights = [0.55**n + 0.02 for n in range(len(codes))]
        picked = self.world.chance.weighted(f"{self.label}/{wanted.id}", self.rows, weights)
        return texts.words(codes, picked)

    def _period(self, wanted: Field) -> pl.Series:
        keyed = wanted.id in self.resource.grain
        yearly = wanted.pattern == "[0-9]{4}"
        many = _PERIODS if yearly else 12
        back = self.subjects.key_part(wanted) if keyed else self._pick(wanted, many)
        if yearly:
            return texts.serial(2025 - back, 4)
        months = (2025 * 12 + 11) - back
        return texts.joined(texts.serial(months // 12, 4), "-", texts.serial(months % 12 + 1, 2))

    def _number(self, wanted: Field, element: str) -> pl.Series:
        figures = self.figures(wanted, element)
        places = 0 if wanted.type is FieldType.INTEGER else (1 if element in _SIZES else 2)
        figures = np.round(figures, places)
        if places == 0:
            return pl.Series(values=figures.astype(np.int64)).cast(pl.String)
        return pl.Series(values=figures).round(places).cast(pl.String)

    def figures(self, wanted: Field, element: str) -> Shares:
        """Figures of a numeric field, within its range and above what a check puts below it."""
        low = float(wanted.minimum) if wanted.minimum is not None else 0.0
        high = float(wanted.maximum) if wanted.maximum is not None else 10_000.0
        base = self.of_element("contribution-base")
        if wanted.id in _PARTS and base is not None:
            return self.figures(base, "contribution-base") * _PARTS[wanted.id]
        below = next((o.low for o in self.order if o.high == wanted.id), None)
        lower = self.resource.field(below) if below else None
        if lower is not None and lower.id not in _PARTS and lower.type is wanted.type:
            smaller = self.figures(lower, (lower.element or "").rpartition(".")[2])
            return np.minimum(smaller * (1.15 + self.shares(wanted)), high)
        if element in _SIZES:
            middle, spread = _SIZES[element]
            drawn = self.world.chance.normal(f"{self.label}/{wanted.id}", self.rows)
            return np.clip(np.exp(middle + spread * drawn), low, high)
        return low + self.shares(wanted) * (high - low)

    def _text(self, wanted: Field) -> pl.Series:
        made = titles.title(self.label, wanted.id, self.world, self.rows, self.place())
        if made is not None:
            return made
        if wanted.values:
            return texts.words(wanted.values, self._pick(wanted, len(wanted.values)))
        if wanted.pattern:
            label = f"{self.label}/{wanted.id}"
            return patterns.texts_like(wanted.pattern, self.world.chance, label, self.rows)
        return texts.joined(wanted.name.zh, texts.serial(self.rows + 1, 1))

    def _days(self, wanted: Field) -> Index:
        element = (wanted.element or "").rpartition(".")[2]
        if element == "birth-date":
            subject = self.subjects.person(wanted)
            return self.world.people(subject.label).birth(subject.rows)
        if element == "established" and self.subjects.has(USCC):
            subject = self.subjects.firm(wanted)
            return self.world.firms(subject.label).established(subject.rows)
        if wanted.id in self.resource.grain:
            return HORIZON - self.subjects.key_part(wanted)
        share = self.shares(wanted)
        first = self._not_before(wanted)
        if element == "valid-to":
            start = np.full(len(self.rows), FIRST_DAY) if first is None else first
            return (start + np.round((1 + np.floor(share * 10)) * _YEAR)).astype(np.int64)
        if element == "valid-from" and first is not None:
            return (first + share * 60).astype(np.int64)
        if first is None:
            return self._after_month(share) if self.of_element("insured-month") else (
                FIRST_DAY + share * (HORIZON - FIRST_DAY)).astype(np.int64)  # fmt: skip
        if any(each.years for each in self.order if each.high == wanted.id):
            share = _soon(share, HORIZON - first)
        return (first + share * np.maximum(HORIZON - first, 0)).astype(np.int64)

    def _after_month(self, share: Shares) -> Index:
        """Within six weeks of the month of which the row speaks."""
        month = self.of_element("insured-month")
        assert month is not None
        starts = self.column(month).to_numpy().astype("datetime64[M]").astype("datetime64[D]")
        return (starts.astype(np.int64) + 10 + share * 42).astype(np.int64)

    def _not_before(self, wanted: Field) -> Index | None:
        """The latest of the days that a check puts before this field."""
        found: Index | None = None
        for each in self.order:
            lower = self.resource.field(each.low)
            if each.high != wanted.id or lower is None or lower.type is not FieldType.DATE:
                continue
            days = self.days(lower) + round(each.years * _YEAR + (each.years > 0))
            found = days if found is None else np.maximum(found, days)
        return found

    def _with_gaps(self, wanted: Field) -> pl.Series:
        """Some fields that may be empty are; of two kinds of owner only one is named."""
        made = self.column(wanted)
        organisation = self._organisations()
        if organisation is not None and self._is_of(wanted, RESIDENT_ID):
            return texts.blank(made, organisation)
        if organisation is not None and self._is_of(wanted, USCC):
            return texts.blank(made, ~organisation)
        if wanted.required or wanted.id in self.resource.grain:
            return made
        chance = self.world.chance
        return texts.blank(
            made, chance.happens(f"{self.label}/{wanted.id}/gap", self.rows, _ABSENT)
        )

    def _organisations(self) -> Mask | None:
        """Rows whose party is an organisation; None for resources with one kind of party."""
        kind = self.of_element("party-kind")
        if kind is None:
            return None
        return (self.column(kind) == "2").to_numpy()

    def _is_of(self, wanted: Field, identifier: str) -> bool:
        """Whether a field belongs to the party with this kind of identifier."""
        element = (wanted.element or "").rpartition(".")[2]
        told = {RESIDENT_ID: ("person-name",), USCC: ("entity-name",)}[identifier]
        return wanted.identifier == identifier or element in told

    def of_element(self, element: str) -> Field | None:
        """The first field that follows a data element."""
        tail = f".{element}"
        return next((f for f in self.resource.fields if (f.element or "").endswith(tail)), None)

    def _pick(self, wanted: Field, count: int) -> Index:
        return self.world.chance.pick(f"{self.label}/{wanted.id}", self.rows, count)


def _soon(shares: Shares, days: Index) -> Shares:
    """Shares of so many days, early ones more often: how long one waits, cut at the end."""
    scale = np.maximum(days, 1) / _COMING_OF_AGE
    drawn: Shares = -np.log1p(shares * np.expm1(-scale)) / scale
    return drawn
