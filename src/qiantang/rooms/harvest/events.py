"""News of harvesting."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UpstreamHarvested:
    """A run went through every page."""

    upstream: str
    run: int
    seen: int
    changed: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class HarvestStopped:
    """So much is gone upstream that somebody must say whether to withdraw it here."""

    upstream: str
    run: int
    gone: int
    known: int
