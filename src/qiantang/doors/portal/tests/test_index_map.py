"""An index of cities is a map too: the score of each city where it lies."""

from __future__ import annotations

from typing import Any

from django.test import Client

from qiantang.rooms.indices.shapes import EditionView
from qiantang.rooms.indices.tests.conftest import (
    KEY,
    bureaus,
    edition,
    figures,
    planned,
    zone,
)

__all__ = ["bureaus", "edition", "figures", "planned", "zone"]
MAP = f"/indices/{KEY}/charts/map"


def _areas(spec: Any) -> list[dict[str, Any]]:
    """Every area that the chart draws, with what is said of it."""
    found = []
    if isinstance(spec, dict):
        if "code" in spec.get("properties", {}):
            found.append(spec["properties"])
        for value in spec.values():
            found += _areas(value)
    elif isinstance(spec, list):
        for value in spec:
            found += _areas(value)
    return found


def test_the_page_of_an_index_of_cities_shows_them_on_a_map(
    edition: EditionView, reader: Client
) -> None:
    text = reader.get(f"/indices/{KEY}/").content.decode()
    assert 'id="map"' in text
    assert f"{MAP}.json" in text
    drawn = {a["code"]: a for a in _areas(reader.get(f"{MAP}.json").json())}
    scores = reader.get(f"/indices/{KEY}/?format=json").json()["ranking"]
    ranked = {r["unit"]: r["score"] for r in scores if r["score"] is not None}
    assert set(ranked) == {"330100", "330200"}
    assert {code: drawn[code]["value"] for code in ranked} == {
        code: round(score, 2) for code, score in ranked.items()
    }
    without = [area for code, area in drawn.items() if code not in ranked]
    assert len(without) == 9  # the other cities are there, hatched
    assert {area["value"] for area in without} == {None}
    picture = reader.get(f"{MAP}.png")
    assert picture.content.startswith(b"\x89PNG")
    table = reader.get(f"{MAP}.csv").content.decode("utf-8-sig")
    assert "330100" in table
