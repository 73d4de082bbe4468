"""Units by the names people type: the row of one, or what was probably meant."""

from __future__ import annotations

from difflib import get_close_matches

from qiantang.engine.index.data import Data
from qiantang.engine.index.errors import UnitUnknown

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
    words = (code or found).lower()
    near = [known[word] for word in get_close_matches(words, known, SHOWN, 0.5)]
    near += [unit for word, unit in known.items() if words and words in word]
    if data.times and (code in data.units or found in data.units):
        unit = code if code in data.units else found
        near = [label for label in data.labels if label.startswith(f"{unit} ")]
    told = list(dict.fromkeys(near or data.units))[:SHOWN]
    return UnitUnknown(found=found, expected=", ".join(told))
