"""Scores of composite indices as dataflows: one for each index that has a published edition.

One observation is the score of an element (the index, a group, a normalised indicator) for a unit
and a year, as the latest edition has it; ``EDITION`` and ``EDITION_DIGEST`` lead to the bundle by
which anybody can compute it again. Earlier editions are history. An index without years stands at
the year that its figures are of; where their origins name none, or several, at the year of the
edition, with the frequency of periods that are left vague (``_U``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from django.utils import timezone

from qiantang.doors.protocols.sdmx import lists
from qiantang.doors.protocols.sdmx.changes import Change
from qiantang.doors.protocols.sdmx.lists import own
from qiantang.kernel.actors import ANONYMOUS, Actor
from qiantang.kernel.text import Text
from qiantang.rooms.indices import selectors as indices
from qiantang.rooms.indices.errors import BundleLost
from qiantang.rooms.indices.shapes import EditionView, IndexRow, Made
from qiantang.standards.sdmx.codes import id_of
from qiantang.standards.sdmx.model import (
    Component,
    Dataflow,
    DataStructure,
    Item,
    Kind,
    Point,
    Ref,
    Scheme,
)
from qiantang.standards.sdmx.questions import Question
from qiantang.standards.sdmx.times import VAGUE

PREFIX: Final = "INDEX_"
CONCEPTS: Final = {
    "FREQ": lists.CONCEPTS["FREQ"],
    "ELEMENT": Text("指数要素", "Element of the index"),
    "UNIT": Text("评价单元", "Unit that is compared"),
    "TIME_PERIOD": lists.CONCEPTS["TIME_PERIOD"],
    "OBS_VALUE": Text("得分", "Score"),
    "OBS_STATUS": lists.CONCEPTS["OBS_STATUS"],
    "RANK": Text("位次", "Rank"),
    "EDITION": Text("版次", "Edition"),
    "EDITION_DIGEST": Text("复现包摘要", "Digest of the edition's bundle"),
}
_PUBLISHED: Final = "published"
Key = tuple[str, ...]


class Scores:
    """The provider of published editions, which are everybody's."""

    def flows(self) -> tuple[Dataflow, ...]:
        return tuple(
            Dataflow(_ref("", row.key), row.name, _ref("DSD_", row.key), row.declared.description)
            for row in _rows()
        )

    def structures(self) -> tuple[DataStructure, ...]:
        return tuple(_structure(row) for row in _rows())

    def schemes(self) -> tuple[Scheme, ...]:
        items = tuple(Item(id, name) for id, name in CONCEPTS.items())
        name = Text("指数概念", "Concepts of indices")
        concepts = Scheme(Kind.CONCEPTS, own("CS_INDICES"), name, items)
        found = [lists.agencies(), lists.frequencies(), lists.statuses(), concepts]
        for row in _rows():
            found += _codes(row)
        return tuple(found)

    def state(self, actor: Actor) -> str:
        return ",".join(f"{row.key}:{row.edition.digest}" for row in _rows(actor) if row.edition)

    def points(
        self, actor: Actor, flow: Dataflow, question: Question, as_of: date | None
    ) -> Iterator[Point]:
        key = _key_of(flow)
        for edition in reversed(_published(actor, key)):
            if as_of is None or timezone.localtime(_decided(edition)).date() <= as_of:
                yield from _points(indices.made(actor, key, edition.number), edition)
                return

    def changes(self, actor: Actor, flow: Dataflow, question: Question) -> list[Change]:
        key = _key_of(flow)
        changes: list[Change] = []
        standing: set[Key] = set()
        for edition in _published(actor, key):
            found = {p.key: p for p in _points(indices.made(actor, key, edition.number), edition)}
            at = _decided(edition)
            changes += [Change(at, gone, None) for gone in standing - found.keys()]
            changes += [Change(at, where, point) for where, point in found.items()]
            standing = set(found)
        return changes


def _rows(actor: Actor = ANONYMOUS) -> list[IndexRow]:
    """The indices that have a published edition."""
    return [row for row in indices.indices(actor) if row.edition is not None]


def _ref(before: str, key: str) -> Ref:
    """``pack.local`` in an id: a pack's name has no underscore, so that none means two indices."""
    return own(f"{before}{PREFIX}{key.replace('.', '_', 1)}")


def _key_of(flow: Dataflow) -> str:
    return flow.ref.id.removeprefix(PREFIX).replace("_", ".", 1)


def _structure(row: IndexRow) -> DataStructure:
    return DataStructure(
        _ref("DSD_", row.key),
        Text(f"{row.name.zh}的结构", f"Structure of {row.name.en}"),
        own("CS_INDICES"),
        (
            Component("FREQ", own("CL_FREQ")),
            Component("ELEMENT", _ref("CL_ELEMENT_", row.key)),
            Component("UNIT", _ref("CL_UNIT_", row.key)),
        ),
        (
            Component("OBS_STATUS", own("CL_OBS_STATUS"), required=True),
            Component("RANK", type="Integer"),
            Component("EDITION", type="Integer", required=True),
            Component("EDITION_DIGEST", required=True),
        ),
    )


def _codes(row: IndexRow) -> list[Scheme]:
    """Elements and units of every published edition, as the latest that has them names them."""
    editions = tuple((e.number, e.digest) for e in _published(ANONYMOUS, row.key))
    elements, units = _items(row.key, editions)
    name = row.name
    return [
        Scheme(
            Kind.CODELIST,
            _ref("CL_ELEMENT_", row.key),
            Text(f"{name.zh}的要素", f"Elements of {name.en}"),
            elements,
        ),
        Scheme(
            Kind.CODELIST,
            _ref("CL_UNIT_", row.key),
            Text(f"{name.zh}的评价单元", f"Units of {name.en}"),
            units,
        ),
    ]


@lru_cache(maxsize=32)
def _items(
    key: str, editions: tuple[tuple[int, str], ...]
) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    elements: dict[str, Item] = {}
    units: dict[str, Item] = {}
    for number, _ in editions:
        try:
            made = indices.made(ANONYMOUS, key, number)
        except BundleLost:  # told to whoever asks for its scores
            continue
        for element in made.structure.elements:
            parent = id_of(element.parent) if element.parent else ""
            notes = (("LEVEL", str(element.level)),)
            id = id_of(element.code)
            elements[id] = Item(id, made.name(element.code), parent, notes=notes)
        for unit in made.units:
            units[id_of(unit)] = Item(id_of(unit), made.unit_name(unit))
    return tuple(elements.values()), tuple(units.values())


def _published(actor: Actor, key: str) -> list[EditionView]:
    """Published editions, the earliest first."""
    found = [e for e in indices.editions(actor, key) if e.state == _PUBLISHED]
    return sorted(found, key=lambda e: (_decided(e), e.number))


def _decided(edition: EditionView) -> datetime:
    return edition.decided_at or edition.prepared_at.astimezone(UTC)


def _points(made: Made, edition: EditionView) -> Iterator[Point]:
    scores, ranks = made.index.scores, made.index.ranks
    filled = _filled(made)
    alone = _period(made, edition)
    for row, unit in enumerate(scores.units):
        year = scores.times[row] if scores.times else None
        freq, time = alone if year is None else ("A", f"{year:04d}")
        for column, element in enumerate(scores.columns):
            score, rank = float(scores.values[row, column]), float(ranks[row, column])
            if math.isnan(score):
                continue
            status = "I" if (unit, year, element) in filled else "A"
            said = (
                status,
                None if math.isnan(rank) else str(int(rank)),
                str(edition.number),
                edition.digest,
            )
            value = format(Decimal(repr(score)), "f")
            yield Point((freq, id_of(element), id_of(unit), time), value, said)


def _period(made: Made, edition: EditionView) -> tuple[str, str]:
    """FREQ and TIME_PERIOD of an index without years."""
    if made.single_year is None:
        return VAGUE, f"{edition.as_of.year:04d}"
    return "A", f"{made.single_year:04d}"


def _filled(made: Made) -> frozenset[tuple[str, int | None, str]]:
    cells: Iterable[tuple[str, int | None, str, float, str]] = made.index.filled_cells()
    return frozenset((unit, year, code) for unit, year, code, _, _ in cells)
