"""Views of the room of indices in the shapes of the API."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from qiantang.rooms.indices import selectors
from qiantang.rooms.indices.moves import Movement, UnitMove
from qiantang.rooms.indices.shapes import (
    EditionDifference,
    EditionView,
    IndexRow,
    Made,
    Profile,
    RankRow,
    WhatIf,
)

_INSIDE = ("prepared_by", "decided_by", "file", "may_decide", "why")
"""What an edition's view holds for the house alone: names of accounts and files."""


def index(row: IndexRow) -> dict[str, Any]:
    declared = row.declared
    return {
        "id": row.key,
        "name": declared.name,
        "description": declared.description,
        "owner": declared.owner,
        "note": declared.note,
        "edition": edition(row.edition) if row.edition else None,
        "editions": row.editions,
        "may_plan": row.may_plan,
    }


def index_detail(row: IndexRow) -> dict[str, Any]:
    return {
        **index(row),
        "planned": edition(row.planned) if row.planned else None,
        "sources": list(row.declared.sources),
        "public_key": selectors.public_key().fingerprint,
    }


def edition(view: EditionView) -> dict[str, Any]:
    return {key: value for key, value in asdict(view).items() if key not in _INSIDE}


def ranking(
    made: Made, rows: tuple[RankRow, ...], year: int | None, element: str | None
) -> dict[str, Any]:
    return {
        "index": made.declared.key,
        "edition": made.edition.number if made.edition else None,
        "year": made.latest_year if year is None else year,
        "years": list(made.years),
        "element": element or made.structure.root.code,
        "since": _movement(selectors.movement(made, year)),
        "rows": [asdict(row) for row in rows],
    }


def working(made: Made) -> dict[str, Any]:
    return {
        **ranking(made, selectors.ranking(made), None, None),
        "gaps": [asdict(gap) for gap in made.gaps],
    }


def profile(page: Profile) -> dict[str, Any]:
    """Strengths, weaknesses and peers as codes: their rows are in the lists beside them."""
    told = asdict(page)
    told["since"] = _with_number(page.since) if page.since else None
    for name, key in (("strengths", "code"), ("weaknesses", "code"), ("peers", "unit")):
        told[name] = [row[key] for row in told[name]]
    for origin in filter(None, (row["origin"] for row in told["indicators"])):
        number = origin["snapshot"]
        origin["snapshot_id"] = None if number is None else str(number)
    return told


def whatif(found: WhatIf) -> dict[str, Any]:
    told = asdict(found)
    told["recipe"] = told.pop("tables")
    return told


def method(made: Made) -> dict[str, Any]:
    shares = selectors.weights_in_index(made)
    return {
        "index": made.declared.key,
        "edition": made.edition.number if made.edition else None,
        "recipe": made.tables,
        "elements": [
            {
                "code": e.code, "name": made.name(e.code), "level": e.level, "parent": e.parent,
                "weight": made.index.weights[e.code], "share": shares[e.code],
                "direction": e.direction, "unit": e.unit,
                "target": None if math.isnan(e.target) else e.target,
                "denominator": e.denominator,
            }
            for e in made.structure.elements
        ],
        "steps": list(made.index.steps),
        "notes": [note.as_dict() for note in made.index.notes],
        "same_digits": made.same_digits,
    }  # fmt: skip


def _movement(since: Movement | None) -> dict[str, Any] | None:
    if since is None:
        return None
    told = _with_number(since)
    for each in ("appeared", "vanished", "rescaled"):
        told[each] = [{"code": code, "name": name} for code, name in getattr(since, each)]
    return told


def _with_number(since: Movement | UnitMove) -> dict[str, Any]:
    return {**asdict(since), "edition": since.edition.number if since.edition else None}


def difference(found: EditionDifference) -> dict[str, Any]:
    told = asdict(found)
    told["edition"] = edition(found.edition)
    told["against"] = edition(found.against) if found.against else None
    return {**told, "moved": found.moved}
