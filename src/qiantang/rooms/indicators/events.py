"""News that the indicators room gives to the rooms and reactions above and beside it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ObservationsPublished:
    """Figures entered the lake. ``indicators`` says which targets may be affected."""

    submission: int
    kind: str
    indicators: list[str] = field(default_factory=list)
    rows: int = 0
    by: str = ""


@dataclass(frozen=True, slots=True)
class VerdictChanged:
    """A target's computed verdict or its grounds changed; ``before`` is empty for the first."""

    plan: str
    target: str
    division: str
    before: str
    after: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class VerdictOverruled:
    """A person overruled a verdict, or (``withdrawn``) took the overrule back."""

    plan: str
    target: str
    division: str
    verdict: str
    by: str
    withdrawn: bool = False
