"""Chance that can be asked anywhere: a pure function of seed, label and row number.

Nothing is drawn in sequence, so any row of any column can be made alone, in any batch, by any
number of workers, and is always the same.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Index = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint64]
Shares = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_GOLDEN: Final = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class Chance:
    """All randomness of one seed; ``label`` keeps columns apart."""

    seed: int

    def numbers(self, label: str, index: Index) -> Numbers:
        """64 random bits for each row (SplitMix64 over row number and label)."""
        with np.errstate(over="ignore"):
            state = index.astype(np.uint64) * _STEP + np.uint64(self._key(label))
            state = (state ^ (state >> np.uint64(30))) * _FIRST
            state = (state ^ (state >> np.uint64(27))) * _SECOND
            return state ^ (state >> np.uint64(31))

    def shares(self, label: str, index: Index) -> Shares:
        """Evenly between 0 and 1."""
        return (self.numbers(label, index) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def happens(self, label: str, index: Index, share: float) -> Mask:
        """True for about ``share`` of the rows."""
        return self.shares(label, index) < share

    def pick(self, label: str, index: Index, count: int) -> Index:
        """One of ``count`` positions for each row, all alike."""
        return (self.numbers(label, index) % np.uint64(max(count, 1))).astype(np.int64)

    def weighted(self, label: str, index: Index, weights: Sequence[float]) -> Index:
        """A position for each row, as often as its weight says."""
        steps = np.cumsum(np.asarray(weights, dtype=np.float64))
        found = np.searchsorted(steps / steps[-1], self.shares(label, index), side="right")
        return np.minimum(found, len(weights) - 1).astype(np.int64)

    def normal(self, label: str, index: Index) -> Shares:
        """The standard normal distribution (Box and Muller)."""
        first = np.maximum(self.shares(f"{label}/r", index), 2.0**-53)
        second = self.shares(f"{label}/t", index)
        return np.sqrt(-2.0 * np.log(first)) * np.cos(2.0 * np.pi * second)

    def spread(self, label: str, index: Index, size: int) -> Index:
        """A shuffle of 0 to ``size`` - 1: different rows below ``size`` get different places."""
        key = self._key(label)
        step = max(int(size * _GOLDEN) + key % 97, 1)
        while math.gcd(step, size) != 1:
            step += 1
        start = key % size
        return (index % size * step + start) % size

    def _key(self, label: str) -> int:
        raw = hashlib.blake2b(f"{self.seed}/{label}".encode(), digest_size=8).digest()
        return int.from_bytes(raw, "big")
