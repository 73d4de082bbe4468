"""What one measure says of a target, before it is put into words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from qiantang.engine.targets.series import Reading, Series
from qiantang.engine.targets.spans import Span, hull


class Outcome(Enum):
    """Which side of the goal, and how firmly; OPEN when the measure does not tell."""

    REACHED = "reached"
    MISSED = "missed"
    LIKELY_REACHED = "likely_reached"
    LIKELY_MISSED = "likely_missed"
    CONFLICT = "conflict"
    OPEN = "open"

    @property
    def likely(self) -> Outcome:
        """The same side, less firmly."""
        weaker = {Outcome.REACHED: Outcome.LIKELY_REACHED, Outcome.MISSED: Outcome.LIKELY_MISSED}
        return weaker.get(self, self)


class How(Enum):
    """By which argument the outcome was found."""

    VALUE = "value"
    LIMIT = "limit"  # the source says "more than" or "less than"
    MARGIN = "margin"  # the goal lies within the figure's margin
    PART = "part"  # part of the deadline's year
    NEIGHBOURS = "neighbours"  # other years of a series that only rises or falls
    SCOPE = "scope"  # a narrower or wider measure bounds the figure
    NONE = "none"


class BaseHow(Enum):
    """Where the figure of the base year comes from."""

    GIVEN = "given"
    KNOWN = "known"
    INTERPOLATED = "interpolated"
    BOUNDED = "bounded"
    NOT_POSITIVE = "not_positive"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class BaseFigure:
    """The level of the base year: ``span`` where it lies, ``value`` the best figure for it."""

    how: BaseHow
    span: Span | None = None
    value: Decimal | None = None
    readings: tuple[Reading, ...] = ()

    @property
    def around(self) -> Span | None:
        """Where the base lies at all: for an interpolation, between the years it uses."""
        if self.how is not BaseHow.INTERPOLATED:
            return self.span
        return hull(Span.exactly(r.value) for r in self.readings if r.value is not None)

    @property
    def firm(self) -> bool:
        return self.how in (BaseHow.GIVEN, BaseHow.KNOWN) and self.value is not None


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome for one series.

    ``reading`` is the deciding year, ``level`` its figure; ``bound`` is the span of levels that the
    neighbouring years leave, ``readings`` the years that set it.
    """

    series: Series
    outcome: Outcome
    how: How = How.NONE
    reading: Reading | None = None
    bound: Span | None = None
    readings: tuple[Reading, ...] = ()
    trend: str | None = None
    base: BaseFigure | None = None

    @property
    def level(self) -> Decimal | None:
        return self.reading.value if self.reading else None

    @property
    def base_firm(self) -> bool:
        """True also for a target that needs no base."""
        return self.base is None or self.base.firm
