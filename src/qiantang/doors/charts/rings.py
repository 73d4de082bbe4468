"""Rings of polygons: direction, middle and hatching, for maps that any renderer draws alike.

GeoJSON turns outer rings to the left (RFC 7946), the geometry behind Vega to the right; a ring the
wrong way round would paint the whole globe. Coordinates are longitude and latitude in degrees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Ring = list[list[float]]
Polygon = list[Ring]


def polygons(geometry: Mapping[str, Any]) -> list[Polygon]:
    """The polygons of a Polygon or MultiPolygon; other kinds have none."""
    match geometry.get("type"):
        case "Polygon":
            return [geometry["coordinates"]]
        case "MultiPolygon":
            return list(geometry["coordinates"])
        case _:
            return []


def area(ring: Ring) -> float:
    """Signed area in square degrees; positive for a ring that turns to the left."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1, *_), (x2, y2, *_) in pairs) / 2


def rewound(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """The same area with outer rings to the right and holes to the left."""
    turned = [
        [_turned(ring, left=index > 0) for index, ring in enumerate(polygon)]
        for polygon in polygons(geometry)
    ]
    return {"type": "MultiPolygon", "coordinates": turned}


def middle(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """The centroid of the largest ring, where a label stands well."""
    rings = [polygon[0] for polygon in polygons(geometry)]
    ring = max(rings, key=lambda r: abs(area(r)))
    size = area(ring)
    if size == 0:
        return ring[0][0], ring[0][1]
    x = y = 0.0
    for (x1, y1, *_), (x2, y2, *_) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        x, y = x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return x / (6 * size), y / (6 * size)


def hatched(geometry: Mapping[str, Any], step: float = 0.09) -> dict[str, Any]:
    """Diagonal strokes over the area, as lines: pattern fills do not exist in Vega."""
    edges = [
        (tuple(a[:2]), tuple(b[:2]))
        for polygon in polygons(geometry)
        for ring in polygon
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True)
    ]
    sums = [x + y for (x, y), _ in edges]
    strokes: list[list[list[float]]] = []
    at = (min(sums) // step + 1) * step if sums else 0.0
    while sums and at < max(sums):
        strokes += _strokes(edges, at)
        at += step
    return {"type": "MultiLineString", "coordinates": strokes}


def _strokes(
    edges: list[tuple[tuple[float, ...], tuple[float, ...]]], at: float
) -> Iterator[list[list[float]]]:
    """The parts of the line x + y = ``at`` that lie inside (even-odd rule)."""
    crossings = []
    for (x1, y1), (x2, y2) in edges:
        one, two = x1 + y1 - at, x2 + y2 - at
        if (one < 0) != (two < 0):
            share = one / (one - two)
            crossings.append((x1 + share * (x2 - x1), y1 + share * (y2 - y1)))
    crossings.sort()
    for (x1, y1), (x2, y2) in zip(crossings[::2], crossings[1::2], strict=False):
        yield [[round(x1, 4), round(y1, 4)], [round(x2, 4), round(y2, 4)]]


def _turned(ring: Ring, *, left: bool) -> Ring:
    return ring if (area(ring) > 0) == left else ring[::-1]
