"""What moved since the year before, as pages tell it. Plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from qiantang.kernel.text import Text
from qiantang.rooms.indices.shapes import EditionView, RecipeChange, ShareRow

Named = tuple[str, Text]
"""A code with its name."""


@dataclass(frozen=True, slots=True)
class Movement:
    """What the moves from ``before`` to ``year`` rest on. ``edition``: that of the year before,
    None within a panel. ``appeared`` and ``vanished``: units that are ranked in one of the years
    only; ``rescaled``: the indicators, of ``indicators``, whose scale is another than then."""

    year: int
    before: int
    edition: EditionView | None
    appeared: tuple[Named, ...]
    vanished: tuple[Named, ...]
    rescaled: tuple[Named, ...]
    indicators: int
    recipe: tuple[RecipeChange, ...] = ()
    structure: tuple[RecipeChange, ...] = ()

    @property
    def other_rules(self) -> bool:
        """Whether weights, methods or elements are others than then."""
        return bool(self.recipe or self.structure)


@dataclass(frozen=True, slots=True)
class UnitMove:
    """Why a unit's score moved by ``total`` since the year before: ``shares`` of indicators
    (figures on this edition's scale), ``regime`` (figures that only one year has), ``yardstick``
    (scales that moved) and ``rules`` (weights, methods, elements) add up to it. ``moved``: places
    gained. ``no_shares`` says why it cannot be shared out."""

    year: int
    before: int
    edition: EditionView | None
    rank_before: int | None
    score_before: float | None
    moved: int | None
    total: float | None
    shares: tuple[ShareRow, ...]
    regime: float
    yardstick: float
    rules: float
    no_shares: Text | None
