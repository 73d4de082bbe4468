"""From declared tiles to tiles that a page shows; whatever goes wrong stays within its tile."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final

from qiantang.doors.portal.errors import Failed, NoSuchPage
from qiantang.doors.portal.tiles import grids, lights, maps, outlines, series
from qiantang.doors.portal.tiles.shapes import NOTHING, Asked, Made, Tile
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Page

log = logging.getLogger(__name__)


def _words(declared: Mapping[str, Any], asked: Asked) -> Made:
    said: Text = declared["text"]
    paragraphs = [p.strip() for p in said.in_(asked.lang).split("\n\n")]
    return Made({"paragraphs": [p for p in paragraphs if p]})


KINDS: Final[Mapping[str, Callable[[Mapping[str, Any], Asked], Made]]] = {
    "text": _words,
    "target_lights": lights.made,
    "map": maps.made,
    "series": series.made,
    "table": grids.made,
    "outline": outlines.made,
}


def tiles_of(page: Page, asked: Asked) -> list[Tile]:
    """Every tile of the page, in its order."""
    return [_tile(page, number, asked) for number in range(1, len(page.tiles) + 1)]


def tile_of(page: Page, number: int, asked: Asked) -> Tile:
    """One tile, for its chart or its CSV. Raises `NoSuchPage`, or what keeps it from being made."""
    if not 1 <= number <= len(page.tiles):
        raise NoSuchPage(found=f"{page.pack}/{page.id}/{number}")
    declared = page.tiles[number - 1]
    return _placed(declared, number, KINDS[str(declared["kind"])](declared, asked))


def _tile(page: Page, number: int, asked: Asked) -> Tile:
    try:
        return tile_of(page, number, asked)
    except QiantangError as error:
        return _broken(page, number, error.problem(asked.lang))
    except Exception:
        # One tile of one pack must not take the page with it; the log keeps what happened.
        trace = secrets.token_hex(4)
        log.exception("tile failed, number %s, %s.%s tile %s", trace, page.pack, page.id, number)
        return _broken(page, number, Failed(number=trace).problem(asked.lang))


def _broken(page: Page, number: int, problem: Mapping[str, Any]) -> Tile:
    return _placed(page.tiles[number - 1], number, Made(), problem)


def _placed(
    declared: Mapping[str, Any],
    number: int,
    made: Made,
    problem: Mapping[str, Any] | None = None,
) -> Tile:
    return Tile(
        number=number,
        kind=str(declared["kind"]),
        title=declared.get("title") or made.title,
        note=declared.get("note") or NOTHING,
        width=str(declared.get("width") or "full"),
        made=made,
        problem=problem,
    )
