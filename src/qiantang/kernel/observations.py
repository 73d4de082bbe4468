"""A statistical observation: one figure with its period, place, source and standing.

The shared shape of evidence. Packs ship it, the lake keeps it (every revision), targets judge by
it. ``value`` is an exact decimal, so that a comparison at the limit never turns on binary rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from qiantang.kernel.periods import Period


class ObservationKind(StrEnum):
    """What sort of figure it is; only the first six are results, the last two are aims."""

    ACTUAL = "actual"
    PRELIMINARY = "preliminary"
    APPROXIMATE = "approximate"
    LOWER_BOUND = "lower_bound"
    UPPER_BOUND = "upper_bound"
    DERIVED = "derived"
    LATER_TARGET = "later_target"
    OTHER_PLAN_TARGET = "other_plan_target"


AIMS: Final = frozenset({ObservationKind.LATER_TARGET, ObservationKind.OTHER_PLAN_TARGET})

GRADES: Final[tuple[str, ...]] = ("A", "A-", "B", "B-", "C", "D")
"""Reliability of the source, best first; grade D never decides."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure was read. ``published`` is None when the source does not date itself."""

    title: str
    address: str = ""
    kind: str = ""
    grade: str = "C"
    quote: str = ""
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure in one revision.

    ``id`` names the observation for ever; ``revision`` counts its versions from 1. ``recorded_at``
    is when the zone accepted this revision (None while it is only declared in a pack).
    """

    id: str
    indicator: str
    division: str
    period: Period
    value: Decimal
    unit: str
    kind: ObservationKind
    source: Source
    scope_note: str = ""
    quality_flag: str = ""
    revision: int = 1
    withdrawn: bool = False
    recorded_at: datetime | None = None

    @property
    def known_on(self) -> date:
        """The day on which the figure could be known: publication, else the period's end."""
        return self.source.published or self.period.end

    def written(self) -> dict[str, Any]:
        """The columns in which an observation is written, in their order; ``period`` in its
        written form, ``value`` exact, ``published`` a date or None."""
        return {
            "id": self.id,
            "revision": self.revision,
            "indicator": self.indicator,
            "division": self.division,
            "period": str(self.period),
            "value": self.value,
            "unit": self.unit,
            "kind": self.kind.value,
            "grade": self.source.grade,
            "source_title": self.source.title,
            "source_address": self.source.address,
            "source_kind": self.source.kind,
            "published": self.source.published,
            "quote": self.source.quote,
            "scope_note": self.scope_note,
            "quality_flag": self.quality_flag,
        }
