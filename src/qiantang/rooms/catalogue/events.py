"""News of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResourceRegistered:
    resource: str
    pack: str
    version: str


@dataclass(frozen=True, slots=True)
class ResourceRetired:
    """The resource stays in the catalogue; nothing new comes to it."""

    resource: str
