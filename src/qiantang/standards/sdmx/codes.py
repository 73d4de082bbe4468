"""Ids of codes: SDMX knows letters, digits, ``_``, ``@``, ``$`` and ``-`` alone (IDType).

A code of the house with other characters has each of them as ``$`` and four hexadecimal digits.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_OTHER: Final = re.compile(r"[^A-Za-z0-9_@\-]")
_HIDDEN: Final = re.compile(r"\$([0-9A-F]{4,6})")


@lru_cache(maxsize=8192)
def id_of(code: str) -> str:
    """The id in SDMX of a code of the house."""
    return _OTHER.sub(lambda found: f"${ord(found[0]):04X}", code)


def code_of(id: str) -> str:
    """The code of the house that has this id."""
    return _HIDDEN.sub(lambda found: chr(int(found[1], 16)), id)
