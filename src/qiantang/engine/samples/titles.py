"""Names of made-up schools, hospitals, stations and stops; other names come from their elements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from qiantang.engine.samples import texts, vocabulary
from qiantang.engine.samples.chance import Index
from qiantang.engine.samples.world import World

Title = Callable[[str, World, Index, Index], pl.Series]


def title(label: str, field: str, world: World, rows: Index, places: Index) -> pl.Series | None:
    """The names of a resource's things, where it is one of the kinds known here."""
    make = _TITLES.get((label, field))
    return make(label, world, rows, places) if make else None


def _county(world: World, places: Index) -> pl.Series:
    return world.places.name(places)


def _head(label: str, world: World, rows: Index) -> pl.Series:
    heads = vocabulary.ROAD_HEADS
    return texts.words(heads, world.chance.pick(f"{label}/head", rows, len(heads)))


def _school(label: str, world: World, rows: Index, places: Index) -> pl.Series:
    stages = world.leaves("data-commons.school-stage")
    weights = [0.55**n + 0.02 for n in range(len(stages))]
    stage = world.chance.weighted(f"{label}/stage", rows, weights)
    kinds = [vocabulary.SCHOOLS.get(code, "学校") for code in stages]
    return texts.joined(
        _county(world, places), _head(label, world, rows), texts.words(kinds, stage)
    )


def _hospital(label: str, world: World, rows: Index, places: Index) -> pl.Series:
    kind = world.chance.pick(f"{label}/hospital", rows, len(vocabulary.HOSPITALS))
    names = (_county(world, places), _head(label, world, rows))
    return texts.joined(*names, texts.words(vocabulary.HOSPITALS, kind))


def _station(label: str, world: World, rows: Index, places: Index) -> pl.Series:
    return texts.joined(_county(world, places), _head(label, world, rows), "监测点")


def _stop(label: str, world: World, rows: Index, places: Index) -> pl.Series:
    ends = ("", "小区", "公园", "路口", "新村")
    tail = world.chance.pick(f"{label}/stop", rows, len(ends))
    return texts.joined(_head(label, world, rows), texts.words(ends, tail), "站")


_TITLES: Final[dict[tuple[str, str], Title]] = {
    ("data-commons.school", "name"): _school,
    ("data-commons.medical-institution", "name"): _hospital,
    ("data-commons.air-station", "name"): _station,
    ("data-commons.bus-stop", "name"): _stop,
}
