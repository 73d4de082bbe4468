"""Plans as packs declare them: targets, what counts as evidence, and the rules of judging."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from qiantang.kernel.text import Text

PERCENT: Final = frozenset({"%", "percent"})


def as_share(value: Decimal, unit: str) -> Decimal:
    """A norm's figure as a share of one: 5 % is 0.05."""
    return value / 100 if unit in PERCENT else value


class Comparator(StrEnum):
    """How the plan's words compare a figure with the target."""

    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="
    EQUAL = "="
    ABOUT = "~"
    RANGE = "range"


class TargetKind(StrEnum):
    QUANTITY = "quantity"
    MILESTONE = "milestone"
    QUALITATIVE = "qualitative"


class Direction(StrEnum):
    """Which side of the target is success: reaching it from below, from above, or hitting it."""

    UP = "up"
    DOWN = "down"
    EXACT = "exact"


class Relation(StrEnum):
    """How the measured indicator stands to what the plan names.

    ``renamed``: the same aggregate under a later name; ``proxy``: another population close enough
    to judge on, named as such; ``narrower`` and ``wider``: only a bound from below or above.
    """

    SAME = "same"
    RENAMED = "renamed"
    PROXY = "proxy"
    NARROWER = "narrower"
    WIDER = "wider"


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """One indicator that bears on a target, and how."""

    indicator: str
    relation: Relation = Relation.SAME
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class Base:
    """The base year of a target that asks for a change.

    ``difference``: value minus base (percentage points for a share); ``growth``: value / base - 1
    in percent. ``value`` is None when the plan does not state it: the evidence must supply it.
    """

    year: int
    mode: str = "difference"
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One target. ``low``/``high`` are in ``unit``; one of them is None for one-sided comparators
    (``>``, ``>=``: low; ``<``, ``<=``: high; ``=``, ``~``: both equal)."""

    id: str
    name: Text
    section: str
    quote: str
    kind: TargetKind
    unit: str
    comparator: Comparator | None
    direction: Direction = Direction.UP
    low: Decimal | None = None
    high: Decimal | None = None
    due_from: date | None = None
    due: date | None = None
    due_basis: Text | None = None
    evidence: tuple[EvidenceRule, ...] = ()
    base: Base | None = None
    division: str = "330000"
    note: Text | None = None
    reached_when: Decimal | None = None
    """For milestones: the figure at which the first evidence rule's indicator shows it reached."""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """How evidence is weighed. Every figure comes from a norm of the pack, so that it has a
    source, dates and a verified mark."""

    about_tolerance: Decimal
    """Relative shortfall that the plan's 左右 (about) still allows, e.g. 0.05."""
    conflict_tolerance: Decimal
    """Relative difference up to which two sources say the same, e.g. 0.005."""
    deciding_grades: tuple[str, ...] = ("A", "A-", "B", "B-", "C")
    approximate_margin: Decimal = Decimal("0.05")
    """Relative margin within which an approximate or derived figure may really lie."""
    preliminary_margin: Decimal = Decimal("0.01")
    sources: tuple[tuple[str, str], ...] = ()
    """Field and full id (``pack.norm``) of the norm that fed it; a field without one is not set
    by the plan. Pairs, so that rules stay hashable."""
    overridden: tuple[str, ...] = ()
    """Those of ``norms`` for which an operator's figure stands in place of the shipped one."""

    @property
    def norms(self) -> tuple[str, ...]:
        """Ids of the norms the figures were taken from, each once."""
        return tuple(dict.fromkeys(norm for _, norm in self.sources))

    def with_figures(self, shares: Mapping[str, Decimal]) -> Rules:
        """These rules with other figures: full norm id to share. Other norms' ids are ignored."""
        fed = {field: shares[norm] for field, norm in self.sources if norm in shares}
        if not fed:
            return self
        named = tuple(norm for norm in self.norms if norm in shares)
        return replace(self, **fed, overridden=named)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Plan:
    """A published plan with its targets."""

    id: str
    pack: str
    name: Text
    issuer: Text
    issued: date
    source: Text
    summary: Text
    division: str
    rules: Rules
    targets: tuple[Target, ...]
    sections: tuple[tuple[str, Text], ...] = ()

    def target(self, id: str) -> Target | None:
        return next((t for t in self.targets if t.id == id), None)
