"""News of the data-element room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WaiverGranted:
    """A field may differ from the registry until a day."""

    waiver: int
    resource: str
    valid_to: str


@dataclass(frozen=True, slots=True)
class WaiverWithdrawn:
    """A waiver counts no longer."""

    waiver: int
    resource: str
