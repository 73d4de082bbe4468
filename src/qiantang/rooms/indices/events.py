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
    """What is under the published edition has changed: ``figures`` counts changed figures,
    ``weights`` those whose norms now give others."""

    index: str
    number: int
    figures: int
    weights: int = 0
