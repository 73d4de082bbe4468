"""Free texts that people give beside figures: notes, reasons, documents."""

from __future__ import annotations

import re
from typing import Final

from qiantang.kernel.places import Place
from qiantang.rooms.indicators.errors import TextTooLong

NOTE: Final = 4000
TITLE: Final = 300
ADDRESS: Final = 500
# Line breaks and tabs stay; other control characters are invisible, and a database refuses NUL.
_INVISIBLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def taken(text: object, field: str, limit: int = NOTE) -> str:
    """The text trimmed and without invisible characters. Raises `TextTooLong`."""
    plain = _INVISIBLE.sub("", str(text or "")).strip()
    if len(plain) > limit:
        raise TextTooLong(place=Place(field=field), found=len(plain), expected=limit)
    return plain
