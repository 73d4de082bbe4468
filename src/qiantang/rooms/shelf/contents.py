"""What the installed packs declare, compiled once per process and looked up by id.

A row of the shelf names files; compiling them takes a moment, so the result is kept under the
digests of all packs in use. Another process's installation is noticed within a second.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from qiantang.kernel.places import Place
from qiantang.kernel.text import Text
from qiantang.packkit import PackProblem, builtin_packs, load_packs
from qiantang.packkit.compiled import CodeList, Element, Indicator, Norm, Pack, Page, Resource
from qiantang.packkit.indices import CompositeIndex
from qiantang.packkit.plans import Plan
from qiantang.rooms.shelf.models import InstalledPack

NOTICED_WITHIN: Final = 1.0
"""Seconds after which a process looks again whether the shelf has changed."""

Key = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything the packs in use declare. Qualified ids (``pack.local``) are the keys, except
    for plans, indicators and packs, whose ids stand alone."""

    packs: Mapping[str, Pack]
    problems: tuple[PackProblem, ...]
    plans: Mapping[str, Plan]
    indicators: Mapping[str, Indicator]
    codes: Mapping[str, CodeList]
    resources: Mapping[str, Resource]
    pages: Mapping[str, Page]
    elements: Mapping[str, Element]
    indices: Mapping[str, CompositeIndex]
    norms: tuple[Norm, ...]


class _Seen(threading.local):
    key: Key | None = None
    until: float = 0.0
    generation: int = -1


_SEEN: Final = _Seen()
_GENERATION: Final = [0]


def contents() -> Contents:
    """The declarations in force now."""
    now = time.monotonic()
    stale = _SEEN.key is None or now >= _SEEN.until or _SEEN.generation != _GENERATION[0]
    if stale:
        _SEEN.generation = _GENERATION[0]
        _SEEN.key = _key()
        _SEEN.until = now + NOTICED_WITHIN
    return _compiled(_SEEN.key or ())


def forget() -> None:
    """Look at the shelf again at the next read, in every thread of this process."""
    _GENERATION[0] += 1


def folder_of(id: str, folder: str) -> Path:
    """Where a pack's files lie: ``folder`` is below the zone's, which may have moved; shipped packs
    move with the product, so theirs is looked up."""
    if folder:
        return Path(settings.QIANTANG_PACKS) / folder
    return next((path for path in builtin_packs() if path.name == id), Path(id))


def problem_from(data: Mapping[str, Any]) -> PackProblem:
    """A recorded problem back from its JSON form."""
    return PackProblem(
        code=data["code"],
        place=Place(**data["place"]),
        text=Text(**data["text"]),
        hint=Text(**data["hint"]),
        paste=data.get("paste"),
        pack=data.get("pack", ""),
    )


def _key() -> Key:
    rows = InstalledPack.objects.filter(usable=True).values_list("id", "digest", "folder")
    return tuple(sorted((id, digest, str(folder_of(id, folder))) for id, digest, folder in rows))


@lru_cache(maxsize=4)
def _compiled(key: Key) -> Contents:
    loaded = load_packs([Path(folder) for _, _, folder in key])
    packs = list(loaded.packs.values())
    return Contents(
        packs=dict(loaded.packs),
        problems=tuple(loaded.problems),
        plans=_by_id(plan for pack in packs for plan in pack.plans.values()),
        indicators=_by_id(each for pack in packs for each in pack.indicators.values()),
        codes=_qualified(each for pack in packs for each in pack.codes.values()),
        resources=_qualified(each for pack in packs for each in pack.resources.values()),
        pages=_qualified(each for pack in packs for each in pack.pages.values()),
        elements=_qualified(each for pack in packs for each in pack.elements.values()),
        indices=_qualified(each for pack in packs for each in pack.indices.values()),
        norms=tuple(norm for pack in packs for norm in pack.norms),
    )


@lru_cache(maxsize=2)
def geojson(path: Path, digest: str) -> Mapping[str, Any]:
    """A GeoJSON file of a pack; ``digest`` only tells one version of the pack from another."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def _by_id(items: Iterable[Any]) -> dict[str, Any]:
    return {item.id: item for item in items}


def _qualified(items: Iterable[Any]) -> dict[str, Any]:
    return {f"{item.pack}.{item.id}": item for item in items}
