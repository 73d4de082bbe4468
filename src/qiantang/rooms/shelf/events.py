"""News of the shelf."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PackInstalled:
    """A pack came, or another version of it."""

    pack: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class NormOverridden:
    """A norm's figure changed by an operator, or (``withdrawn``) went back to the shipped one."""

    norm: str
    withdrawn: bool = False
