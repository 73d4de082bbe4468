"""Made-up addresses in real divisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from qiantang.engine.samples import texts, vocabulary
from qiantang.engine.samples.chance import Chance, Index
from qiantang.packkit.compiled import CodeList

_CITY_TAIL: Final = "市"
ROADS: Final = tuple(h + t for h in vocabulary.ROAD_HEADS for t in vocabulary.ROAD_TAILS)


@dataclass(frozen=True, slots=True)
class Places:
    """County-level divisions in force. Rows name them by position in ``codes``."""

    chance: Chance
    codes: tuple[str, ...]
    names: tuple[str, ...]
    abolished: tuple[str, ...]
    lasting: Index
    """Positions of divisions that kept their code and area: resident ids begin with these."""
    since: Index
    """Days since 1970-01-01 of the first day in force; a very early one where none is known."""
    letters: texts.Letters = field(repr=False)

    def division(self, places: Index) -> pl.Series:
        return texts.words(self.codes, places)

    def name(self, places: Index) -> pl.Series:
        """City and county, such as 杭州市西湖区."""
        return texts.words(self.names, places)

    def road(self, label: str, rows: Index) -> pl.Series:
        return texts.words(ROADS, self.chance.pick(f"{label}/road", rows, len(ROADS)))

    def house(self, label: str, rows: Index) -> pl.Series:
        number = self.chance.pick(f"{label}/house", rows, 998) + 1
        return texts.joined(texts.serial(number, 1), "号")

    def address(self, label: str, rows: Index, places: Index, *, room: bool = True) -> pl.Series:
        """The whole address; with ``room`` down to the flat."""
        street = (self.name(places), self.road(label, rows), self.house(label, rows))
        if not room:
            return texts.joined(*street)
        flat = self.chance.numbers(f"{label}/flat", rows)
        block = (flat % np.uint64(36)).astype(np.int64) + 1
        floor = (flat // np.uint64(64) % np.uint64(18)).astype(np.int64) + 1
        door = floor * 100 + (flat // np.uint64(4096) % np.uint64(4)).astype(np.int64) + 1
        parts = (texts.serial(block, 1), "幢", texts.serial(door, 3), "室")
        return texts.joined(*street, *parts)

    def coordinate(self, label: str, rows: Index, places: Index, axis: int) -> pl.Series:
        """Degrees around the city's centre; ``axis`` 0 is longitude, 1 latitude."""
        centres = [vocabulary.CITY_CENTRES.get(code[:4], (120.0, 29.2)) for code in self.codes]
        middle = np.array(centres)[places, axis]
        off = (self.chance.shares(f"{label}/{axis}", rows) - 0.5) * 0.3
        return pl.Series(values=np.round(middle + off, 6)).cast(pl.String)


def places_of(divisions: CodeList, chance: Chance, on: date) -> Places:
    """The county-level divisions of a code list, in force ``on`` a day."""
    listed = {c.code: c for c in divisions.on(on)}
    counties = [c for c in listed.values() if not c.code.endswith("00")]
    codes = tuple(c.code for c in counties)
    gone = {c.code for c in divisions.codes if c.valid_to} - set(listed)
    lasting = [n for n, c in enumerate(counties) if c.valid_from is None]
    first = [np.datetime64(c.valid_from or date.min).astype(np.int64) for c in counties]
    names = []
    for county in counties:
        city = listed.get(county.parent)
        names.append((city.name.zh if city else "") + county.name.zh)
    return Places(
        chance=chance,
        codes=codes,
        names=tuple(names),
        abolished=tuple(sorted(gone)),
        lasting=np.array(lasting, dtype=np.int64),
        since=np.array(first, dtype=np.int64),
        letters=np.array([list(code.encode()) for code in codes], dtype=np.uint8),
    )


def short_city(name: str) -> str:
    """杭州市西湖区 -> 杭州, as names of firms begin."""
    return name.split(_CITY_TAIL, maxsplit=1)[0]
