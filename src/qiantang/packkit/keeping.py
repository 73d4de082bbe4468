"""Packs compiled before in this process: compiling one takes a moment, and neither its files nor
what it requires change often.

A sound pack follows from its files, from the packs it requires and from the checkers alone, so it
is kept under these. A pack with problems is never kept.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from qiantang.packkit.compiled import Pack
from qiantang.packkit.files import digest

MOST: Final = 64
_ONE_AT_A_TIME: Final = threading.Lock()
_KEPT: Final[dict[Asked, tuple[Mapping[str, Pack], Pack]]] = {}


@dataclass(frozen=True, slots=True)
class Asked:
    """The files of a pack as they are now, and who checks them."""

    folder: Path
    digest: str
    checkers: tuple[object, ...]

    @classmethod
    def of(cls, folder: Path, checkers: tuple[object, ...]) -> Self | None:
        """None where a file cannot be read; compiling says which."""
        try:
            return cls(folder.absolute(), digest(folder), checkers)
        except OSError:
            return None


def look_up(asked: Asked, others: Mapping[str, Pack]) -> Pack | None:
    """The pack that these files gave, if it rested on these very packs."""
    before, pack = _KEPT.get(asked, ({}, None))
    same = before.keys() == others.keys() and all(before[key] is others[key] for key in others)
    return pack if same else None


def keep(asked: Asked, others: Mapping[str, Pack], pack: Pack) -> None:
    """Keep a sound pack, unless its files changed while they were read; the oldest goes."""
    if pack.digest != asked.digest:
        return
    with _ONE_AT_A_TIME:
        while len(_KEPT) >= MOST:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[asked] = (dict(others), pack)


def forget() -> None:
    """Compile everything anew from here on."""
    _KEPT.clear()
