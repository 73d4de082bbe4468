"""The map of the cities: one value for each area, missing values hatched and named as missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qiantang.doors.charts.rings import hatched, middle, rewound
from qiantang.doors.charts.theme import INK, MISSING, MUTED, NO_DATA, RAMP, Spec, frame
from qiantang.kernel.digits import digits
from qiantang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Area:
    """One area's value; ``code`` finds its boundary, ``href`` is where a click leads."""

    code: str
    name: Text
    value: Decimal | None = None
    note: str = ""
    href: str = ""


def map_chart(
    boundaries: Mapping[str, Any],
    areas: Iterable[Area],
    *,
    lang: str,
    title: Text,
    unit: str = "",
    height: int = 420,
) -> Spec:
    """A choropleth. ``boundaries`` is GeoJSON whose features carry the code as ``code``,
    ``adcode`` or ``id``; an area without boundary is left out, the description counts it."""
    shapes = {_code(f): f["geometry"] for f in boundaries.get("features", [])}
    known = [a for a in areas if a.code in shapes]
    missing = [a for a in known if a.value is None]
    layers = [_fill(known, shapes, lang, unit)]
    if missing:
        layers.append(_hatch(missing, shapes, lang))
    layers += [_outline(known, shapes), *_labels(known, shapes, lang)]
    return {
        **frame(_described(known, missing, title, unit).in_(lang)),
        "title": title.in_(lang),
        "width": "container",
        "height": height,
        "projection": {"type": "mercator"},
        "layer": layers,
        "resolve": {"scale": {"color": "independent", "stroke": "independent"}},
    }


def boundary_codes(boundaries: Mapping[str, Any]) -> set[str]:
    """The codes of the areas that `map_chart` can draw from ``boundaries``."""
    return {_code(f) for f in boundaries.get("features", [])}


def _code(feature: Mapping[str, Any]) -> str:
    properties = feature.get("properties") or {}
    found = properties.get("code") or properties.get("adcode") or feature.get("id") or ""
    return str(found)


def _fill(areas: list[Area], shapes: Mapping[str, Any], lang: str, unit: str) -> Spec:
    encoding: Spec = {
        "tooltip": [
            {"field": "properties.name", "title": Text("地区", "Area").in_(lang)},
            {"field": "properties.said", "title": Text("数值", "Value").in_(lang)},
        ],
        "color": {"value": "#f5f7fa"},
    }
    if any(a.value is not None for a in areas):
        encoding["color"] = {
            "condition": {
                "test": "datum.properties.value !== null",
                "field": "properties.value",
                "type": "quantitative",
                "scale": {"range": list(RAMP)},
                "legend": {"title": unit or None, "orient": "bottom-right", "gradientLength": 110},
            },
            "value": "#f5f7fa",
        }
    if any(a.href for a in areas):
        encoding["href"] = {"field": "properties.href"}
    rows = [_feature(a, rewound(shapes[a.code]), lang, unit) for a in areas]
    return {"data": {"values": rows}, "mark": {"type": "geoshape"}, "encoding": encoding}


def _feature(area: Area, geometry: Mapping[str, Any], lang: str, unit: str) -> Spec:
    missing = NO_DATA.in_(lang)
    said = missing if area.value is None else f"{digits(area.value, grouped=True)} {unit}".strip()
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {
            "code": area.code,
            "name": area.name.in_(lang),
            "value": None if area.value is None else float(area.value),
            "said": f"{said} ({area.note})" if area.note else said,
            "href": area.href,
        },
    }


def _hatch(areas: list[Area], shapes: Mapping[str, Any], lang: str) -> Spec:
    word = NO_DATA.in_(lang)
    rows = [
        {"type": "Feature", "geometry": hatched(shapes[a.code]), "properties": {"what": word}}
        for a in areas
    ]
    return {
        "data": {"values": rows},
        "mark": {"type": "geoshape", "filled": False, "strokeWidth": 0.8},
        "encoding": {
            "stroke": {
                "field": "properties.what",
                "type": "nominal",
                "scale": {"domain": [word], "range": [MISSING]},
                "legend": {
                    "title": None,
                    "orient": "bottom-right",
                    "symbolType": "M-1,1L1,-1M-1,0L0,-1M0,1L1,0",
                    "symbolStrokeWidth": 1,
                },
            }
        },
    }


def _outline(areas: list[Area], shapes: Mapping[str, Any]) -> Spec:
    """Borders above the hatching; not a target of the pointer. Grey, so that the coast of an area
    without data stays visible."""
    rows = [
        {"type": "Feature", "geometry": rewound(shapes[a.code]), "properties": {}} for a in areas
    ]
    return {
        "data": {"values": rows},
        "mark": {
            "type": "geoshape",
            "filled": False,
            "stroke": MUTED,
            "strokeWidth": 0.6,
            "tooltip": False,
        },
        "encoding": {},
    }


def _labels(areas: list[Area], shapes: Mapping[str, Any], lang: str) -> list[Spec]:
    rows = []
    for a in areas:
        longitude, latitude = middle(shapes[a.code])
        name = a.name.in_(lang).removesuffix("市").removesuffix(" City")
        rows.append({"longitude": longitude, "latitude": latitude, "name": name})
    encoding = {
        "longitude": {"field": "longitude", "type": "quantitative"},
        "latitude": {"field": "latitude", "type": "quantitative"},
        "text": {"field": "name"},
    }
    halo = {"type": "text", "fontSize": 12, "stroke": "#ffffff", "strokeWidth": 3, "opacity": 0.85}
    word = {"type": "text", "fontSize": 12, "color": INK}
    data = {"values": rows}
    return [{"data": data, "mark": mark, "encoding": encoding} for mark in (halo, word)]


def _described(known: list[Area], missing: list[Area], title: Text, unit: str) -> Text:
    values = [a for a in known if a.value is not None]
    tail = Text(f"{len(missing)} 个地区暂无数据。", f"{len(missing)} areas without data.")
    if not values:
        return Text(f"{title.zh}:{tail.zh}", f"{title.en}: {tail.en}")
    top = max(values, key=lambda a: a.value or 0)
    figure = f"{top.value:,f} {unit}".strip()
    return Text(
        f"{title.zh}:{len(values)} 个地区有数据，最高为{top.name.zh}({figure})。{tail.zh}",
        f"{title.en}: {len(values)} areas have data, the highest is {top.name.en} ({figure}). "
        f"{tail.en}",
    )
