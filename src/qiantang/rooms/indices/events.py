"""News of the room of indices."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EditionPlanned:
    """An edition waits for an approver."""

    index: str
    number: int
    by: str


@dataclass(frozen=True, slots=True)
class EditionPublished:
    """An edition is what the public sees now; ``corrects`` names one that it corrects."""

    index: str
    number: int
    by: str
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class EditionDiscarded:
    """A planned edition will not be published."""

    index: str
    number: int
    by: str


@dataclass(frozen=True, slots=True)
class EditionOutdated:
    """Figures under the published edition have changed; ``figures`` counts them."""

    index: str
    number: int
    figures: int
