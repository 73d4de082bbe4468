"""Units and elements by the names people type: which one it is, or what was probably meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from qiantang.engine.index.data import Data
from qiantang.engine.index.errors import ElementUnknown, UnitUnknown
from qiantang.engine.index.structure import Element
from qiantang.kernel.text import Text

SHOWN = 8


def row_of(data: Data, label: str) -> int:
    """The row of a label (a unit; in a panel ``UNIT YEAR``). Raises `UnitUnknown`."""
    try:
        return data.labels.index(label)
    except ValueError:
        raise unit_unknown(label, data) from None


def unit_unknown(found: str, data: Data) -> UnitUnknown:
    """The error for a unit that ``data`` does not have, with those that come near by code or
    name; where none does, with the first few."""
    code = found.rpartition(" ")[0] if data.times else found
    names = dict(zip(data.names or data.units, data.units, strict=True))
    known = {word.lower(): unit for word, unit in names.items()}
    known |= {unit.lower(): unit for unit in data.units}
    near = _near(code or found, known)
    if data.times and (code in data.units or found in data.units):
        unit = code if code in data.units else found
        near = [label for label in data.labels if label.startswith(f"{unit} ")]
    told = list(dict.fromkeys(near or data.units))[:SHOWN]
    return UnitUnknown(found=found, expected=", ".join(told))


def elements_near(found: str, elements: Sequence[Element]) -> list[str]:
    """Codes of those that come near ``found`` by code or name, the nearest first."""
    known = {e.name.lower(): e.code for e in elements}
    known |= {e.code.lower(): e.code for e in elements}
    return list(dict.fromkeys(_near(found, known)))[:SHOWN]


def element_unknown(
    found: str, elements: Sequence[Element], key: str, where: str = ""
) -> ElementUnknown:
    """The error for a code in the table ``key`` of a recipe that is none of ``elements``;
    ``where`` is how the whole key was written, unless ``KEY.FOUND``."""
    near, codes = elements_near(found, elements), [e.code for e in elements[:20]]
    expected = Text(f"可用的元素：{'、'.join(codes)}。", f"Elements: {', '.join(codes)}.")
    if near:
        expected = Text(f"是否要找：{'、'.join(near)}？", f"Did you mean: {', '.join(near)}?")
    where = where or f"{key}.{found}"
    return ElementUnknown(key=key, where=where, found=found, expected=expected)


def _near(found: str, known: Mapping[str, str]) -> list[str]:
    """The values of the words in ``known`` that are like ``found`` or hold it."""
    words = found.lower()
    near = [known[word] for word in get_close_matches(words, known, SHOWN, 0.5)]
    return near + [each for word, each in known.items() if words and words in word]
