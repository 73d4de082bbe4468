"""What a reader asks of the catalogue in the address, and the addresses that ask otherwise."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest

from qiantang.doors.portal.asking import whole_number
from qiantang.doors.portal.catalogue import words
from qiantang.kernel.text import Lang, Text
from qiantang.kernel.words import is_han
from qiantang.rooms.catalogue.selectors import Facet, FacetValue
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf.errors import CodeListUnknown

CLASSES: Final = "data-commons.resource-class"
FACETS: Final = (
    *("class", "department", "level", "division", "sharing", "open", "freshness", "grade"),
    *("cycle", "format", "status", "origin", "keyword", "licence"),
)
_PARAMETERS: Final = {"format": "form"}
"""``format`` in an address asks for JSON, so that facet goes by another name."""
SIZE: Final = 30
SHOWN: Final = 8
_WORTH_LISTING: Final = {"keyword": 40, "licence": 40}
"""Of facets whose values have no end only so many are listed, what is chosen always among them."""
LONGEST_VALUE: Final = 300
LAST_PAGE: Final = 100_000


@dataclass(frozen=True, slots=True)
class Question:
    """Words, chosen facet values, order and page."""

    query: str
    chosen: Mapping[str, tuple[str, ...]]
    sort: str
    page: int

    def address(self, **changes: object) -> str:
        """The query string of this question with other words, facets, order or page."""
        chosen = changes.get("chosen", self.chosen)
        pairs: list[tuple[str, str]] = [("q", str(changes.get("query", self.query)))]
        assert isinstance(chosen, Mapping)
        for id in FACETS:
            pairs += [(parameter(id), value) for value in chosen.get(id, ())]
        if sort := str(changes.get("sort", self.sort)):
            pairs.append(("sort", sort))
        if (page := changes.get("page", 1)) != 1:
            pairs.append(("page", str(page)))
        return f"?{urlencode(pairs)}"

    def toggled(self, facet: str, value: str) -> str:
        """The same question with a value chosen or let go."""
        now = self.chosen.get(facet, ())
        kept = tuple(v for v in now if v != value) if value in now else (*now, value)
        return self.address(chosen={**self.chosen, facet: kept})

    def kept(self) -> list[tuple[str, str]]:
        """What typing other words keeps, as fields of a form."""
        pairs = [(parameter(id), v) for id in FACETS for v in self.chosen.get(id, ())]
        return pairs + ([("sort", self.sort)] if self.sort else [])


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet as a link; ``key`` names it in the page, ``depth`` indents it."""

    key: str
    name: Text
    count: int
    chosen: bool
    address: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Choices:
    """A facet as the page shows it: the first values, those behind "more", and how many values
    ``further`` are not listed."""

    id: str
    name: Text
    first: tuple[Choice, ...]
    more: tuple[Choice, ...]
    further: int = 0


def parameter(facet: str) -> str:
    return _PARAMETERS.get(facet, facet)


def asked(request: HttpRequest) -> Question:
    """The question of an address. A page that is no number is the first."""
    chosen = {id: _values(request, id) for id in FACETS}
    sort = request.GET.get("sort", "").strip()
    return Question(
        query=request.GET.get("q", "").strip()[:200],
        chosen={id: values for id, values in chosen.items() if values},
        sort=sort if sort in words.SORTS else "",
        page=min(max(1, whole_number(request.GET.get("page", "")) or 1), LAST_PAGE),
    )


def asks_something(request: HttpRequest) -> bool:
    """Whether the address asks for a list rather than for the catalogue's first page."""
    names = {"q", "sort", "page", *(parameter(id) for id in FACETS)}
    return any(name in request.GET for name in names)


def choices_of(
    facets: tuple[Facet, ...], question: Question, lang: Lang = "zh"
) -> tuple[Choices, ...]:
    """The facets that tell anything apart, in the order of the page. Keywords in the reader's
    language ``lang`` stand first."""
    by_id = {facet.id: facet for facet in facets}
    made = (_choices(by_id[id], question, lang) for id in FACETS if id in by_id)
    return tuple(c for c in made if len(c.first) > 1 or any(v.chosen for v in c.first))


def value_name(facet: str, value: FacetValue) -> Text:
    """A value's name; grades and freshness in the words of the pages."""
    known = words.BADGES.get(facet) if facet in {"grade", "freshness"} else None
    return known[value.value][0] if known and value.value in known else value.name


def class_parents() -> Mapping[str, str]:
    """Class -> the class above it; empty while no pack declares classes."""
    try:
        return {c.code: c.parent for c in shelf.code_list(CLASSES).codes}
    except CodeListUnknown:
        return {}


def _values(request: HttpRequest, facet: str) -> tuple[str, ...]:
    found = (v.strip()[:LONGEST_VALUE] for v in request.GET.getlist(parameter(facet))[:20])
    name = parameter(facet)
    return tuple(dict.fromkeys(v for v in found if v and not (name == "format" and v == "json")))


def _choices(facet: Facet, question: Question, lang: Lang) -> Choices:
    values = [(v, 0) for v in facet.values]
    if facet.id == "class":
        values = _opened_classes(facet, question.chosen.get("class", ()))
    else:
        values.sort(key=lambda pair: (not pair[0].chosen, _is_foreign(facet, pair[0].value, lang)))
    most = _WORTH_LISTING.get(facet.id, len(values))
    made = [_choice(facet, value, depth, question) for value, depth in values[:most]]
    further = facet.further + len(values[most:])
    return Choices(facet.id, facet.name, tuple(made[:SHOWN]), tuple(made[SHOWN:]), further)


def _is_foreign(facet: Facet, value: str, lang: Lang) -> bool:
    """Whether a keyword is written in the other language, as far as its characters tell: capitals
    and figures alone (GDP, 5G) are of both."""
    if facet.id != "keyword":
        return False
    has_han = any(is_han(character) for character in value)
    return has_han if lang == "en" else not has_han and value != value.upper()


def _choice(facet: Facet, value: FacetValue, depth: int, question: Question) -> Choice:
    key = f"{facet.id}-{zlib.crc32(value.value.encode()):08x}"
    address = question.toggled(facet.id, value.value)
    name = value_name(facet.id, value)
    return Choice(key, name, value.count, value.chosen, address, depth)


def _opened_classes(facet: Facet, chosen: tuple[str, ...]) -> list[tuple[FacetValue, int]]:
    """The tree of classes, opened along what is chosen."""
    parents = class_parents()
    opened = {""}
    for at in chosen:
        above = at
        while above and above not in opened:
            opened.add(above)
            above = parents.get(above, "")
    below: dict[str, list[FacetValue]] = {}
    for value in sorted(facet.values, key=lambda v: v.value):
        below.setdefault(parents.get(value.value, ""), []).append(value)
    found: list[tuple[FacetValue, int]] = []

    def walk(parent: str, depth: int) -> None:
        for value in below.get(parent, ()):
            found.append((value, depth))
            if value.value in opened:
                walk(value.value, depth + 1)

    walk("", 0)
    return found
