"""News that the intake room gives to the rooms above."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeliveryPublished:
    """Rows of a delivery entered the lake. ``role`` is the resource's; ``by`` the sender's key."""

    run: str
    resource: str
    snapshot: int
    accepted: int
    mode: str = "append"
    division: str = ""
    role: str = ""
    by: str = ""
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryHeld:
    """A delivery waits for an approver."""

    run: str
    resource: str
    organisation: str
    set_aside: int = 0


@dataclass(frozen=True, slots=True)
class SourceOverdue:
    """Nothing came from a source within its update cycle and the time of grace."""

    source: str
    resource: str
    organisation: str
    due: str
