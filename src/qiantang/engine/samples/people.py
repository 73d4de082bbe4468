"""Made-up residents: everything about person number n of a register, from n alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl

from qiantang.engine.samples import numbers, texts, vocabulary
from qiantang.engine.samples.chance import Chance, Index, Mask
from qiantang.engine.samples.places import Places

FIRST_BIRTH: Final = texts.day_number(1936)
LAST_BIRTH: Final = texts.day_number(2024, 12, 31)
HORIZON: Final = texts.day_number(2025, 12, 31)
"""The last day of which samples speak; a constant, so that samples are the same every day."""

_COPIES: Final = ((0, 12, 1), (12, 28, 2), (28, 62, 3), (62, 78, 2), (78, 90, 1))
"""From age, to age, how many of the three thirds of a day's numbers are used: the age pyramid."""
_THIRD: Final = 333
_HAN_SHARE: Final = 0.975
_MINORITIES: Final = ("22", "06", "15", "03", "08", "12", "09", "11", "10", "02")
_FREQUENT: Final = 0.92


@lru_cache(maxsize=1)
def birth_slots() -> tuple[Index, Index]:
    """Each day of birth with the thirds of its numbers that are used."""
    days, thirds = [], []
    for young, old, copies in _COPIES:
        last = LAST_BIRTH - int(young * 365.25)
        first = max(FIRST_BIRTH, LAST_BIRTH - int(old * 365.25) + 1)
        span = np.arange(first, last + 1, dtype=np.int64)
        for third in range(copies):
            days.append(span)
            thirds.append(np.full(len(span), third, dtype=np.int64))
    return np.concatenate(days), np.concatenate(thirds)


@dataclass(frozen=True, slots=True)
class People:
    """The people of one register; ``label`` is the resource that holds it."""

    chance: Chance
    places: Places
    label: str
    slots: tuple[Index, Index] = field(default_factory=birth_slots, repr=False)

    @property
    def most(self) -> int:
        return len(self.places.lasting) * len(self.slots[0]) * _THIRD

    def birth(self, rows: Index) -> Index:
        """Days since 1970-01-01."""
        return self.slots[0][self._parts(rows)[1]]

    def female(self, rows: Index) -> Mask:
        found: Mask = self._sequence(rows) % 2 == 0
        return found

    def resident_id(self, rows: Index) -> pl.Series:
        place = self.places.lasting[self._parts(rows)[0]]
        letters = self.places.letters[place]
        return numbers.resident_ids(letters, self.birth(rows), self._sequence(rows))

    def sex(self, rows: Index) -> pl.Series:
        return texts.words(("1", "2"), self.female(rows).astype(np.int64))

    def place(self, rows: Index) -> Index:
        """Where the person is registered now: mostly where the id was given."""
        moved = self.chance.happens(f"{self.label}/moved", rows, 0.18)
        other = self.chance.pick(f"{self.label}/place", rows, len(self.places.codes))
        return np.where(moved, other, self.places.lasting[self._parts(rows)[0]])

    def name(self, rows: Index) -> pl.Series:
        weights = [0.86**n + 0.06 for n in range(len(vocabulary.SURNAMES))]
        surnames = (*vocabulary.SURNAMES, *vocabulary.DOUBLE_SURNAMES)
        weights += [0.004] * len(vocabulary.DOUBLE_SURNAMES)
        family = self.chance.weighted(f"{self.label}/surname", rows, weights)
        female = self.female(rows).astype(np.int64)
        given = texts.words(_GIVEN, self._given(rows, female))
        return texts.joined(texts.words(surnames, family), given)

    def nation(self, rows: Index) -> pl.Series:
        rest = (1 - _HAN_SHARE) / len(_MINORITIES)
        weights = [_HAN_SHARE, *[rest] * len(_MINORITIES)]
        return texts.words(
            ("01", *_MINORITIES), self.chance.weighted(f"{self.label}/nation", rows, weights)
        )

    def marital_status(self, rows: Index) -> pl.Series:
        age = (HORIZON - self.birth(rows)) / 365.25
        share = self.chance.shares(f"{self.label}/marital", rows)
        married = np.clip((age - 22) / 10, 0, 0.92)
        found = np.where(share < married, 1, 0)
        found = np.where((share < married * 0.06) & (age > 25), 2, found)
        found = np.where((share > 0.55) & (age > 78), 3, found)
        return texts.words(("10", "20", "40", "30"), found)

    def status(self, rows: Index) -> pl.Series:
        age = (HORIZON - self.birth(rows)) / 365.25
        share = self.chance.shares(f"{self.label}/status", rows)
        gone = np.where(age > 75, 0.06, 0.002)
        found = np.where(share < gone, 2, np.where(share > 0.985, 1, 0))
        return texts.words(("1", "2", "3"), found)

    def mobile(self, rows: Index) -> pl.Series:
        """Eleven digits that begin with 141, a prefix that no person's phone has."""
        return texts.joined(
            "141", texts.serial(self.chance.pick(f"{self.label}/mobile", rows, 10**8), 8)
        )

    def household(self, rows: Index) -> pl.Series:
        return texts.serial(self.chance.pick(f"{self.label}/household", rows, 10**9), 9)

    def address(self, rows: Index) -> pl.Series:
        return self.places.address(f"{self.label}/home", rows, self.place(rows))

    def bank_card(self, rows: Index) -> pl.Series:
        return numbers.bank_cards(self.chance.spread(f"{self.label}/card", rows, 10**12))

    def _parts(self, rows: Index) -> tuple[Index, Index, Index]:
        """Position of place, of slot, and number within the slot."""
        at = self.chance.spread(f"{self.label}/person", rows, self.most)
        places, slots = len(self.places.lasting), len(self.slots[0])
        return at % places, at // places % slots, at // places // slots

    def _sequence(self, rows: Index) -> Index:
        _, slot, number = self._parts(rows)
        return self.slots[1][slot] * _THIRD + number + 1

    def _given(self, rows: Index, female: Index) -> Index:
        frequent = self.chance.happens(f"{self.label}/usual", rows, _FREQUENT)
        half = len(_GIVEN) // 2
        pick = self.chance.pick(f"{self.label}/given", rows, half)
        return np.where(frequent, female, 1 - female) * half + pick


def _given_names(own: str) -> list[str]:
    """Given names of one character and of two, a third of them with a character of either sex."""
    pairs = [a + b for n, a in enumerate(own) for b in own[n + 1 :: 3]]
    mixed = [a + b for a in vocabulary.EITHER for b in own]
    return [*own, *own, *pairs, *mixed]


def _given() -> tuple[str, ...]:
    male, female = _given_names(vocabulary.MALE), _given_names(vocabulary.FEMALE)
    size = min(len(male), len(female))
    return (*male[:size], *female[:size])


_GIVEN: Final = _given()
