"""Made-up firms: everything about firm number n of a register, from n alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from qiantang.engine.samples import numbers, texts, vocabulary
from qiantang.engine.samples.chance import Chance, Index
from qiantang.engine.samples.people import HORIZON, People
from qiantang.engine.samples.places import Places, short_city

MOST: Final = 31**6
_KINDS: Final = ("10", "20", "30", "40", "50", "60")
_KIND_WEIGHTS: Final = (46.0, 4.0, 4.0, 8.0, 3.0, 35.0)
_FORMS: Final = ("有限公司", "股份有限公司", "合伙企业（有限合伙）", "", "专业合作社", "")
_CATEGORIES: Final = np.array([1, 1, 1, 1, 3, 2])
"""Second digit of the credit code: 1 firm, 2 individual business, 3 farmers' cooperative."""
_SHOPS: Final = ("厂", "店", "经营部", "工作室", "商行")
_SECTIONS: Final = tuple(vocabulary.TRADES)
_FOUNDED: Final = texts.day_number(1993)


@dataclass(frozen=True, slots=True)
class Firms:
    """The firms of one register; ``label`` is the resource that holds it."""

    chance: Chance
    places: Places
    label: str

    def place(self, rows: Index) -> Index:
        return self.chance.pick(f"{self.label}/place", rows, len(self.places.codes))

    def uscc(self, rows: Index) -> pl.Series:
        number = self.chance.spread(f"{self.label}/firm", rows, MOST)
        letters = self.places.letters[self.place(rows)]
        return numbers.credit_codes(_CATEGORIES[self._kind(rows)], letters, number)

    def kind(self, rows: Index) -> pl.Series:
        return texts.words(_KINDS, self._kind(rows))

    def industry(self, rows: Index) -> pl.Series:
        return texts.words(_SECTIONS, self._section(rows))

    def name(self, rows: Index) -> pl.Series:
        """Place, brand, trade and form, as firms are named."""
        cities = [short_city(name) for name in self.places.names]
        kind = self._kind(rows)
        shop = texts.words(_SHOPS, self.chance.pick(f"{self.label}/shop", rows, len(_SHOPS)))
        form = texts.words(_FORMS, kind)
        alone = pl.Series(values=np.isin(kind, (3, 5)))
        return texts.joined(
            texts.words(cities, self.place(rows)),
            self._brand(rows),
            self._trade(rows),
            form.set(alone, None).fill_null("") + shop.set(~alone, None).fill_null(""),
        )

    def scope(self, rows: Index) -> pl.Series:
        head, tail = vocabulary.SCOPES.split("{trade}")
        return texts.joined(head, self._trade(rows), tail)

    def capital(self, rows: Index) -> pl.Series:
        """万元; round figures, as firms choose them."""
        size = np.exp(self.chance.normal(f"{self.label}/capital", rows) * 1.3 + 4.6)
        step = np.where(size < 50, 1, np.where(size < 1000, 10, 100))
        return pl.Series(values=np.maximum(np.round(size / step) * step, 1).astype(np.int64)).cast(
            pl.String
        )

    def established(self, rows: Index) -> Index:
        """Days since 1970-01-01; most firms are young."""
        share = self.chance.shares(f"{self.label}/established", rows)
        return (HORIZON - share**2 * (HORIZON - _FOUNDED)).astype(np.int64)

    def status(self, rows: Index) -> pl.Series:
        weights = (90.0, 0.8, 1.2, 8.0)
        found = self.chance.weighted(f"{self.label}/status", rows, weights)
        return texts.words(("active", "suspended", "revoked", "cancelled"), found)

    def legal_representative(self, rows: Index) -> pl.Series:
        return People(self.chance, self.places, f"{self.label}/head").name(rows)

    def phone(self, rows: Index, places: Index | None = None) -> pl.Series:
        """Area code of the city, then a number that begins with 0 and so is nobody's."""
        areas = [vocabulary.AREA_CODES.get(code[:4], "0571") for code in self.places.codes]
        number = texts.serial(self.chance.pick(f"{self.label}/phone", rows, 10**7), 8)
        return texts.joined(
            texts.words(areas, self.place(rows) if places is None else places), "-", number
        )

    def address(self, rows: Index) -> pl.Series:
        return self.places.address(f"{self.label}/seat", rows, self.place(rows), room=False)

    def _kind(self, rows: Index) -> Index:
        return self.chance.weighted(f"{self.label}/kind", rows, _KIND_WEIGHTS)

    def _section(self, rows: Index) -> Index:
        weights = [vocabulary.TRADE_WEIGHTS[section] for section in _SECTIONS]
        return self.chance.weighted(f"{self.label}/section", rows, weights)

    def _brand(self, rows: Index) -> pl.Series:
        pairs = [a + b for a in vocabulary.BRAND_FIRST for b in vocabulary.BRAND_SECOND if a != b]
        return texts.words(pairs, self.chance.pick(f"{self.label}/brand", rows, len(pairs)))

    def _trade(self, rows: Index) -> pl.Series:
        trades = [t for section in _SECTIONS for t in vocabulary.TRADES[section]]
        starts = np.cumsum([0, *(len(vocabulary.TRADES[s]) for s in _SECTIONS)])
        section = self._section(rows)
        count = np.diff(starts)[section]
        pick = (self.chance.shares(f"{self.label}/trade", rows) * count).astype(np.int64)
        return texts.words(trades, starts[section] + pick)
