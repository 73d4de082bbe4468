"""What a provider says of its observations' history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qiantang.standards.sdmx.model import Point


@dataclass(frozen=True, slots=True)
class Change:
    """At a moment the observation of a key became this one; None: there is none any more."""

    at: datetime
    key: tuple[str, ...]
    point: Point | None
