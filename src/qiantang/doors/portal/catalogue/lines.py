"""The hits of a search as lines: the same resource of many places is one line that opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qiantang.doors.portal.catalogue.marking import Marks
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue.selectors import ResourceView
from qiantang.rooms.shelf import selectors as shelf

MOST_FIELDS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A hit, and the ``others`` that follow the same declaration; ``name`` is the declaration's
    where there are several, ``grouped`` whether it has a page place by place.
    ``fields``: names of fields that answer the question."""

    entry: ResourceView
    name: Text
    others: tuple[ResourceView, ...] = ()
    fields: tuple[Text, ...] = ()
    grouped: bool = False

    @property
    def together(self) -> tuple[ResourceView, ...]:
        return (self.entry, *self.others)


def lines_of(hits: Iterable[ResourceView], marks: Marks | None) -> tuple[Line, ...]:
    """The hits in their order; copies of one declared resource stand where the first of them is."""
    together: dict[str, list[ResourceView]] = {}
    for hit in hits:
        together.setdefault(hit.declared or hit.id, []).append(hit)
    return tuple(_line(declared, found, marks) for declared, found in together.items())


def _line(declared: str, found: list[ResourceView], marks: Marks | None) -> Line:
    first, others = found[0], tuple(found[1:])
    resource = shelf.resources().get(declared) if others else None
    name = resource.name if resource else first.name
    grouped = resource is not None and resource.per_division
    return Line(first, name, others, _fields(first, marks), grouped)


def _fields(entry: ResourceView, marks: Marks | None) -> tuple[Text, ...]:
    if marks is None:
        return ()
    found = []
    for field in entry.fields:
        name = field.get("name") or {}
        zh, en = str(name.get("zh", "")), str(name.get("en", ""))
        if marks.occurs(f"{zh}\n{en}\n{field.get('id', '')}"):
            found.append(Text(zh or en, en or zh))
    return tuple(found[:MOST_FIELDS])
