"""Units of the house as SDMX has them: a unit of measure and a power of ten (UNIT_MULT)."""

from __future__ import annotations

from functools import cache
from typing import Final

from qiantang.kernel.text import Text
from qiantang.kernel.units import unit
from qiantang.standards.sdmx.codes import id_of
from qiantang.standards.sdmx.model import Item

_UNITS: Final = {
    "元": ("CNY", 0), "万元": ("CNY", 4), "亿元": ("CNY", 8), "万亿元": ("CNY", 12),
    "%": ("PT", 0), "百分点": ("PP", 0),
    "人": ("PS", 0), "万人": ("PS", 4), "户": ("HH", 0), "万户": ("HH", 4),
    "家": ("ENT", 0), "万家": ("ENT", 4), "个": ("NR", 0), "万个": ("NR", 4), "件": ("PC", 0),
    "台": ("MC", 0), "万台": ("MC", 4), "次": ("TM", 0),
    "人年": ("PY", 0), "万元/人年": ("CNY_PY", 4),
    "公里": ("KM", 0), "个/km2": ("NR_KM2", 0), "户/百人": ("HH_PS100", 0), "平方米": ("M2", 0),
    "μg/m3": ("UG_M3", 0), "mg/m3": ("MG_M3", 0),
    "Mbps": ("MBIT_S", 0), "Gbps": ("GBIT_S", 0), "Tbps": ("TBIT_S", 0),
    "index": ("IX", 0), "rank": ("RANK", 0),
}  # fmt: skip
_MULTIPLES: Final = {
    0: Text("一", "Units"), 4: Text("万", "Ten thousands"),
    8: Text("亿", "Hundred millions"), 12: Text("万亿", "Trillions"),
}  # fmt: skip
_PER_PERSON_YEAR: Final = Text("元/人年", "yuan per person-year")


@cache
def measured(symbol: str) -> tuple[str, str]:
    """UNIT_MEASURE and UNIT_MULT of a unit; one without a code of its own keeps its symbol."""
    code, power = _UNITS.get(unit(symbol).symbol, (id_of(symbol), 0))
    return code, str(power)


def unit_items() -> tuple[Item, ...]:
    """Every unit, named by the one of its symbols that stands for one."""
    names: dict[str, Text] = {}
    for symbol, (code, power) in _UNITS.items():
        found = unit(symbol)
        if power == 0:
            names[code] = Text(found.symbol, found.en)
    names["CNY_PY"] = _PER_PERSON_YEAR
    return tuple(Item(code, name) for code, name in names.items())


def multiple_items() -> tuple[Item, ...]:
    """The powers of ten by which figures are counted."""
    return tuple(Item(str(power), name) for power, name in _MULTIPLES.items())
