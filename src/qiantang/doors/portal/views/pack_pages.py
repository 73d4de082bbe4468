"""The pages that packs declare: their tiles, each tile's chart and each tile's CSV."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qiantang.doors.portal.answers import actor_of, answer, csv_answer
from qiantang.doors.portal.errors import NoSuchPage
from qiantang.doors.portal.language import language_of
from qiantang.doors.portal.pictures import chart_answer
from qiantang.doors.portal.tiles import Tile, tile_of, tiles_of
from qiantang.doors.portal.tiles.shapes import Asked
from qiantang.packkit.compiled import Page
from qiantang.rooms.shelf import selectors as shelf


def _page(request: HttpRequest, pack: str, id: str) -> tuple[Page, Asked]:
    found = shelf.pack(pack).pages.get(id)
    if found is None:
        raise NoSuchPage(found=request.path)
    return found, Asked(actor_of(request), language_of(request), pack)


@require_safe
def page(request: HttpRequest, pack: str, id: str) -> HttpResponse:
    """A declared page: its tiles in order, two or three beside each other where it says so."""
    declared, asked = _page(request, pack, id)
    tiles = tiles_of(declared, asked)
    owner = shelf.pack(pack)
    context = {
        "pack": owner,
        "page": declared,
        "rows": _rows(tiles),
        "others": [p for p in owner.pages.values() if p.id != id],
        "charts": any(t.made.chart for t in tiles),
    }
    data = {
        "pack": pack,
        "id": id,
        "name": declared.name,
        "tiles": [_plain(t) for t in tiles],
    }
    return answer(request, "portal/pack_page.html", context, data)


def _rows(tiles: list[Tile]) -> list[dict[str, Any]]:
    """Neighbouring tiles of the same width stand together; a full one stands alone."""
    rows: list[dict[str, Any]] = []
    for tile in tiles:
        if rows and tile.width != "full" and rows[-1]["width"] == tile.width:
            rows[-1]["tiles"].append(tile)
        else:
            rows.append({"width": tile.width, "tiles": [tile]})
    return rows


def _plain(tile: Tile) -> dict[str, Any]:
    export = tile.made.export
    return {
        "kind": tile.kind,
        "title": tile.title,
        "note": tile.note,
        "text": list(tile.made.context.get("paragraphs", ())),
        "columns": list(export.header) if export else [],
        "rows": [[_cell(v) for v in row] for row in export.rows] if export else [],
        "problem": tile.problem,
    }


def _cell(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float) else _said(value)


def _said(value: Any) -> Any:
    from qiantang.doors.portal.answers import plain

    made = plain(value)
    return made if isinstance(made, str | int | float | dict) else str(made)


@require_safe
def chart(request: HttpRequest, pack: str, id: str, number: int, form: str) -> HttpResponse:
    """A tile's chart: its specification, or a picture of it."""
    declared, asked = _page(request, pack, id)
    tile = tile_of(declared, number, asked)
    if tile.made.chart is None:
        raise NoSuchPage(found=request.path)
    return chart_answer(request, tile.made.chart, form, f"{pack}-{id}-{number}")


@require_safe
def table(request: HttpRequest, pack: str, id: str, number: int) -> HttpResponse:
    """A tile's figures as CSV, all of them."""
    declared, asked = _page(request, pack, id)
    export = tile_of(declared, number, asked).made.export
    if export is None:
        raise NoSuchPage(found=request.path)
    return csv_answer(f"{pack}-{id}-{number}.csv", export.header, export.rows)
