"""What the room shows: editions, a made index, and the pages' tables. Plain frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from qiantang.engine.index import Data, Index, Structure
from qiantang.engine.index.bundle import Gap, Origin
from qiantang.kernel.text import Text
from qiantang.packkit.indices import CompositeIndex

if TYPE_CHECKING:
    from qiantang.rooms.indices.moves import UnitMove


@dataclass(frozen=True, slots=True)
class WeightChange:
    """A weight of an edition whose norm (``norm``: its id) now gives another. ``reason`` and
    ``document`` are those of the operator's override, empty where the norm itself went on."""

    element: str
    element_name: Text
    norm: str
    norm_name: Text
    before: float
    after: float
    reason: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class EditionView:
    """``state``: planned, published or discarded. ``corrected_by``: the later published edition
    that corrects this one. ``outdated``: figures that changed since it was frozen; ``reweighed``:
    weights whose norms now give others; ``outdated_at``: since when either is so. ``dated``:
    whether it rests on what was known on a past day. ``may_decide`` and ``why`` are the actor's."""

    index: str
    number: int
    state: str
    title: Text
    note: str
    as_of: date
    dated: bool
    prepared_by: str
    prepared_name: Text
    prepared_at: datetime
    decided_by: str
    decided_name: Text
    decided_at: datetime | None
    decision: str
    corrects: int | None
    corrected_by: int | None
    reason: str
    digest: str
    file: str
    size: int
    fingerprint: str
    outdated: int = 0
    outdated_at: datetime | None = None
    reweighed: tuple[WeightChange, ...] = ()
    may_decide: bool = False
    why: Text = field(default_factory=lambda: Text("", ""))

    @property
    def is_outdated(self) -> bool:
        """Whether a new edition would rest on other figures or weights."""
        return bool(self.outdated or self.reweighed)


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A declared index with its latest published edition, and the planned one if the actor may
    see it. ``may_plan``: whether the actor may prepare an edition; ``inside``: whether the present
    figures are for the actor to see."""

    declared: CompositeIndex
    edition: EditionView | None
    planned: EditionView | None = None
    editions: int = 0
    may_plan: bool = False
    inside: bool = False

    @property
    def key(self) -> str:
        return self.declared.key

    @property
    def name(self) -> Text:
        return self.declared.name


def only_year(data: Data, origins: Iterable[Origin]) -> int | None:
    """The year that all figures are of; None where they span several, or none is known."""
    years = set() if data.times else {origin.year for origin in origins}
    return years.pop() if len(years) == 1 else None


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """An index with everything behind it: a rebuilt edition, or (``edition`` None) the present
    figures. ``tables`` is the recipe as told, with its uncertain choices; ``survey`` the stored
    robustness of an edition; ``same_digits``: this software computes the edition's very digits;
    ``before``: the published edition of the year before, where editions hold single years."""

    declared: CompositeIndex
    edition: EditionView | None
    data: Data
    structure: Structure
    tables: Mapping[str, Any]
    index: Index
    names: Mapping[str, Text] = field(default_factory=dict)
    unit_names: Mapping[str, Text] = field(default_factory=dict)
    origins: tuple[Origin, ...] = ()
    gaps: tuple[Gap, ...] = ()
    survey: Mapping[str, Any] | None = None
    same_digits: bool = True
    before: Made | None = None

    @property
    def single_year(self) -> int | None:
        """The year of all figures, where there is just one; None in a panel."""
        return only_year(self.data, self.origins)

    @property
    def years(self) -> tuple[int, ...]:
        """The years of a panel, in order; empty for a single one."""
        return tuple(sorted(set(self.data.times)))

    @property
    def told_years(self) -> tuple[int, ...]:
        """The years of its figures, also of a single one."""
        return self.years or ((self.single_year,) if self.single_year else ())

    @property
    def latest_year(self) -> int | None:
        return max(self.data.times, default=None)

    @property
    def units(self) -> tuple[str, ...]:
        """Each unit once, in the order of the figures."""
        return tuple(dict.fromkeys(self.data.units))

    def name(self, code: str) -> Text:
        """An element's (or a size's) name; its code where it has none."""
        return self.names.get(code) or Text(code, code)

    def unit_name(self, unit: str) -> Text:
        return self.unit_names.get(unit) or Text(unit, unit)


@dataclass(frozen=True, slots=True)
class RankRow:
    """A unit's place. ``before``: its rank the year before (None: no such year); ``moved``: places
    gained since, negative when lost; ``because``: the indicator that moved its score most in that
    direction (in any where the rank stayed), with what it added (``share``)."""

    unit: str
    name: Text
    score: float | None
    rank: int | None
    before: int | None = None
    moved: int | None = None
    score_before: float | None = None
    because: str = ""
    because_name: Text | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class ShareRow:
    """What an indicator adds to a difference of scores."""

    code: str
    name: Text
    parent: str
    share: float


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator of one unit: figure as published, normalised, rank among ``of`` units.
    ``filled``: the figure was imputed; ``treated``: moved as an outlier; ``origin``: its source."""

    code: str
    name: Text
    parent: str
    unit: str
    raw: float | None
    normalised: float | None
    rank: int | None
    of: int
    filled: bool
    treated: bool
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class ElementRow:
    """An aggregate of one unit; ``weight`` is its share in the whole index."""

    code: str
    name: Text
    level: int
    parent: str
    score: float | None
    rank: int | None
    weight: float


@dataclass(frozen=True, slots=True)
class YearPoint:
    year: int
    score: float | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Profile:
    """One unit in one year. ``shares``: what each indicator adds to the distance from the mean
    unit, largest first; empty with ``no_shares`` saying why where the method has none.
    ``regime``: the part that comes from figures that only one side has. ``peers``: the units
    nearest in rank. ``since``: what moved since the year before, None where none is known."""

    unit: str
    name: Text
    year: int | None
    score: float | None
    rank: int | None
    of: int
    shares: tuple[ShareRow, ...]
    total: float
    regime: float
    no_shares: Text | None
    elements: tuple[ElementRow, ...]
    indicators: tuple[IndicatorRow, ...]
    strengths: tuple[IndicatorRow, ...]
    weaknesses: tuple[IndicatorRow, ...]
    peers: tuple[RankRow, ...]
    series: tuple[YearPoint, ...]
    since: UnitMove | None = None

    @property
    def filled(self) -> tuple[IndicatorRow, ...]:
        return tuple(row for row in self.indicators if row.filled)


@dataclass(frozen=True, slots=True)
class ElementValue:
    """A unit's value of one element. ``raw`` only for indicators; ``score`` is the normalised value
    of an indicator."""

    unit: str
    name: Text
    raw: float | None
    score: float | None
    rank: int | None
    filled: bool = False
    treated: bool = False


@dataclass(frozen=True, slots=True)
class ElementPage:
    """An element over all units in one year, best first. ``weight``: its share in the whole index;
    ``series``: the mean score of all units over the years."""

    code: str
    name: Text
    description: Text | None
    level: int
    parent: str
    unit: str
    direction: int
    source: str
    weight: float
    children: tuple[str, ...]
    path: tuple[str, ...]
    year: int | None
    rows: tuple[ElementValue, ...]
    missing: int
    series: tuple[YearPoint, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison."""

    unit: str
    name: Text
    year: int | None
    score: float | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class PairRow:
    """An element on both sides; ``rank`` and ``other_rank`` are within each side's year."""

    code: str
    name: Text
    level: int
    one: float | None
    other: float | None
    rank: int | None
    other_rank: int | None


@dataclass(frozen=True, slots=True)
class Compared:
    """Why ``one`` scores ``total`` more than ``other``: shares, ``regime`` (figures that only one
    side has) and ``rest`` (other units, where the method compares units) add up to it."""

    one: Side
    other: Side
    total: float
    shares: tuple[ShareRow, ...]
    regime: float
    rest: float
    no_shares: Text | None
    elements: tuple[PairRow, ...]


@dataclass(frozen=True, slots=True)
class WhatIfRow:
    unit: str
    name: Text
    score_before: float | None
    score: float | None
    rank_before: int | None
    rank: int | None
    moved: int | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The index with ``changes`` in one year, best first after the change. ``weights``: each
    element's share in the whole index after the change; ``tables`` the recipe then."""

    changes: Mapping[str, str]
    year: int | None
    rows: tuple[WhatIfRow, ...]
    moved: int
    weights: Mapping[str, float]
    tables: Mapping[str, Any]
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class RobustRow:
    """A unit's rank over all ways to compute the index. ``says`` is the sentence for people;
    ``low`` and ``high`` hold the middle 90 %. ``places``: share of ways in each place (first
    place first); ``above``: share of ways in which it scores above each unit, by code."""

    unit: str
    name: Text
    nominal: int | None
    mean: float | None
    median: float | None
    low: float | None
    high: float | None
    best: int | None
    worst: int | None
    says: Text
    places: tuple[float | None, ...] = ()
    above: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FactorRow:
    """An uncertain choice: the share of the variance of rank shifts that it explains alone
    (``first``) and with all it interacts with (``total``), with the middle 95 % of resamples;
    ``units``: the same two for every unit's rank."""

    name: str
    alternatives: int
    first: float | None
    total: float | None
    first_bounds: tuple[float | None, float | None]
    total_bounds: tuple[float | None, float | None]
    units: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FailedRow:
    """Combinations that could not be made for one reason, with the choices of the first."""

    reason: Text
    count: int
    choices: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Robustness:
    """``combinations`` is 0 where the recipe names no uncertain choice. ``whole``: every possible
    combination was computed, so that the sensitivities are ``exact``."""

    combinations: int
    possible: int
    seed: int
    whole: bool
    exact: bool
    year: int | None
    rows: tuple[RobustRow, ...] = ()
    factors: tuple[FactorRow, ...] = ()
    failed: tuple[FailedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A cell of the input that differs between two states of an index."""

    unit: str
    name: Text
    year: int | None
    column: str
    column_name: Text
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class ScoreChange:
    unit: str
    name: Text
    year: int | None
    score_before: float | None
    score: float | None
    rank_before: int | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class RecipeChange:
    """A key of the recipe or an attribute of an element (``key``) with its values as text."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EditionDifference:
    """What an edition changes against the published one before it (``against``; None: it is the
    first). ``scores`` are those of the latest year, the largest move of ranks first."""

    edition: EditionView
    against: EditionView | None
    figures: tuple[FigureChange, ...] = ()
    recipe: tuple[RecipeChange, ...] = ()
    structure: tuple[RecipeChange, ...] = ()
    scores: tuple[ScoreChange, ...] = ()
    appeared: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()

    @property
    def moved(self) -> int:
        """How many units change rank."""
        return sum(row.rank_before != row.rank for row in self.scores)

    @property
    def rescored(self) -> tuple[ScoreChange, ...]:
        """Those of ``scores`` whose score or rank is another than before."""
        return tuple(
            row
            for row in self.scores
            if (row.score_before, row.rank_before) != (row.score, row.rank)
        )

    @property
    def is_empty(self) -> bool:
        return not (self.figures or self.recipe or self.structure or self.appeared or self.vanished)
