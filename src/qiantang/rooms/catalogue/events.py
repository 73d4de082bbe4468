"""News of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResourceRegistered:
    resource: str
    pack: str
    version: str


@dataclass(frozen=True, slots=True)
class EntryPublished:
    """A version of an entry is in force: its first, or one in place of another."""

    resource: str
    number: int


@dataclass(frozen=True, slots=True)
class ResourceRetired:
    """The resource stays in the catalogue; nothing new comes to it."""

    resource: str


@dataclass(frozen=True, slots=True)
class OwnerChanged:
    """Organisation codes; ``before`` is empty where nobody owned it."""

    resource: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EntriesHarvested:
    """A batch of an upstream's entries was taken: how many are new, how many changed."""

    upstream: str
    new: int
    changed: int
