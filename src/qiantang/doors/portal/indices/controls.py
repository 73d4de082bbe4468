"""The controls of the what-if page: a choice for each method, a slider for each weight.

The published recipe gives every control its place; only what differs from it is a change.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from qiantang.doors.portal.indices import methods
from qiantang.doors.portal.indices.tree import weights_of
from qiantang.kernel.text import Text
from qiantang.rooms.indices.shapes import Made

WEIGHT: Final = "weight."
POINTS: Final = "treat.points"
RANGE: Final = "normalise.range"
FOLD: Final = 2
"""Groups of this depth and deeper are folded away."""
MOST_POINTS: Final = 10
_RANGES: Final = ("[0, 100]", "[1, 100]")
_NAMES: Final[Mapping[str, Text]] = {
    "aggregate.method": Text("合成", "Aggregation"),
    "normalise.method": Text("标准化", "Normalisation"),
    "impute.method": Text("补缺", "Filling of gaps"),
    RANGE: Text("标准化后的范围", "Range of the normalised figures"),
    POINTS: Text("最多拉回的极端值", "Outliers pulled in at most"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    name: Text
    default: str
    value: str
    options: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class Slider:
    code: str
    name: Text
    value: str
    default: str
    max: str
    step: str
    share: float


@dataclass(frozen=True, slots=True)
class SliderGroup:
    name: Text
    sliders: tuple[Slider, ...]
    folded: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One change in words, for the list above the ranks."""

    name: Text
    before: Text
    after: Text


def asked_changes(request: HttpRequest, made: Made) -> dict[str, str]:
    """The changes that the address carries; whatever is as published, or unknown, is no change."""
    known = published(made)
    return {
        key: value
        for key, text in request.GET.items()
        if key in known and (value := str(text).strip()) and not _same(value, known[key])
    }


def published(made: Made) -> dict[str, str]:
    """Every control's key with its value in the published recipe."""
    found = {key: _method_now(made, key) for key in methods.OFFERED}
    if (scale := _range_now(made)) is not None:
        found[RANGE] = scale
    treat = made.tables.get("treat")
    if isinstance(treat, Mapping):
        found[POINTS] = str(treat.get("points", 5))
    weights = weights_of(made)
    root = made.structure.root.code
    return {**found, **{f"{WEIGHT}{c}": _figure(w) for c, w in weights.items() if c != root}}


def choices_of(made: Made, changes: Mapping[str, str]) -> tuple[Choice, ...]:
    """The methods: those that need no further figures, and the published one."""
    known = published(made)
    found = []
    for key in ("aggregate.method", "normalise.method", "impute.method"):
        step = key.partition(".")[0]
        if step == "impute" and not _has_gaps(made):
            continue
        values = dict.fromkeys((known[key], *methods.OFFERED[key]))
        options = tuple((v, methods.said(step, v)) for v in values)
        found.append(Choice(key, _NAMES[key], known[key], changes.get(key, known[key]), options))
        if step == "normalise" and RANGE in known:
            found.append(_ranges(known[RANGE], changes))
    if POINTS in known:
        top = max(MOST_POINTS, int(float(known[POINTS])))
        options = tuple((str(n), Text(str(n), str(n))) for n in range(top + 1))
        now = changes.get(POINTS, known[POINTS])
        found.append(Choice(POINTS, _NAMES[POINTS], known[POINTS], now, options))
    return tuple(found)


def _ranges(published: str, changes: Mapping[str, str]) -> Choice:
    """Scales from 0 and from 1: geometric and harmonic means take values above 0 only."""
    values = dict.fromkeys((published, *_RANGES))
    options = tuple((v, _value(RANGE, v)) for v in values)
    return Choice(RANGE, _NAMES[RANGE], published, changes.get(RANGE, published), options)


def slider_groups(made: Made, changes: Mapping[str, str]) -> tuple[SliderGroup, ...]:
    """One group for each parent with more than one child, the index's own first."""
    weights = weights_of(made)
    found = []
    for parent in reversed(made.structure.aggregates):
        children = made.structure.children(parent.code)
        if len(children) < 2:
            continue
        own = [weights[c.code] for c in children]
        step, top = _step(own), _top(own)
        now = [_number(changes.get(f"{WEIGHT}{c.code}", ""), w, top)
               for c, w in zip(children, own, strict=True)]  # fmt: skip
        total = sum(now)
        sliders = tuple(
            Slider(
                c.code, made.name(c.code), _figure(v), _figure(w), _figure(top), step,
                v / total if total else 0.0,
            )
            for c, v, w in zip(children, now, own, strict=True)
        )  # fmt: skip
        depth = len(made.structure.path(parent.code))
        changed = any(f"{WEIGHT}{c.code}" in changes for c in children)
        found.append(SliderGroup(made.name(parent.code), sliders, depth >= FOLD, changed))
    return tuple(found)


def changes_said(made: Made, changes: Mapping[str, str]) -> tuple[Change, ...]:
    """The changes in words."""
    known = published(made)
    return tuple(
        Change(_name(made, key), _value(key, known[key]), _value(key, value))
        for key, value in changes.items()
    )


def _name(made: Made, key: str) -> Text:
    if key.startswith(WEIGHT):
        name = made.name(key.removeprefix(WEIGHT))
        return Text(f"{name.zh}权重", f"weight of {name.en}")
    return _NAMES[key]


def _value(key: str, value: str) -> Text:
    step, _, last = key.partition(".")
    if last == "method":
        return methods.said(step, value)
    shown = value.strip("[]").replace(", ", "–") if key == RANGE else value
    return Text(shown, shown)


def _range_now(made: Made) -> str | None:
    """The published range of min-max figures; nothing where the method has no such range."""
    table = made.tables.get("normalise", {})
    if not isinstance(table, Mapping) or _method_now(made, "normalise.method") != "min-max":
        return None
    low, high = table.get("range", (table.get("low", 0), table.get("high", 100)))
    return f"[{_figure(float(low))}, {_figure(float(high))}]"


def _method_now(made: Made, key: str) -> str:
    step = key.partition(".")[0]
    table = made.tables.get(step)
    own = table.get("method") if isinstance(table, Mapping) else None
    defaults = {"aggregate": "arithmetic", "normalise": "min-max", "impute": "none"}
    return str(own or defaults[step])


def _has_gaps(made: Made) -> bool:
    return bool(made.index.filled.any()) or "impute" in made.tables


def _same(value: str, own: str) -> bool:
    try:
        return math.isclose(float(value), float(own), abs_tol=1e-12)
    except ValueError:
        return value == own


def _number(text: str, own: float, top: float) -> float:
    """Where the slider stands; nonsense in the address leaves it at its own place."""
    try:
        value = float(text)
    except ValueError:
        return own
    return min(max(value, 0.0), top) if math.isfinite(value) else own


def _step(weights: list[float]) -> str:
    """The coarsest step on which every published weight lies, so that no slider moves by
    itself."""
    for step in ("1", "0.5", "0.1", "0.05", "0.01"):
        if float(step) <= _top(weights) / 20 and all(
            math.isclose(w / float(step), round(w / float(step)), abs_tol=1e-9) for w in weights
        ):
            return step
    return "any"


def _top(weights: list[float]) -> float:
    return float(f"{3 * (max(weights) or 1):.3g}")


def _figure(value: float) -> str:
    return f"{value:.12g}"
