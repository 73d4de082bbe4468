"""`package_search`: the part of Solr's query language that is spoken here.

``q``   ``*:*``, or words (all must occur), and ``field:value`` or ``field:"two words"`` among them
``fq``  ``field:value`` any number of times, with ``+``, ``AND`` or a space between; ``fq_list`` too
fields  name, id, title, tags, organization, owner_org, groups, res_format, sharing, division
``sort``  ``score desc``, ``metadata_modified``, ``metadata_created``, ``name`` or ``title_string``
        with ``asc`` or ``desc``

Everything else (OR, NOT, minus, ranges, boosts, brackets, local parameters) is refused by name: a
filter that is silently left out would show what was asked not to be shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from qiantang.standards.errors import QueryNotUnderstood

FIELDS: Final = (
    *("name", "id", "title", "tags", "organization", "owner_org", "groups"),
    *("res_format", "sharing", "division", "state", "capacity", "dataset_type", "type"),
)
_ALWAYS: Final = {
    "state": "active",
    "capacity": "public",
    "dataset_type": "dataset",
    "type": "dataset",
}
_SORTS: Final = {
    "score": "",
    "relevance": "",
    "metadata_modified": "changed",
    "metadata_created": "registered",
    "name": "id",
    "title_string": "name",
    "title": "name",
}
_TOKEN: Final = re.compile(
    r'\s*(?P<plus>\+)?(?:(?P<field>\w+):)?(?:"(?P<quoted>[^"]*)"|(?P<bare>\S+))'
)
_REFUSED: Final = re.compile(r"[\[\]{}()^~?\\!|]|&&|\*.|.\*")
_EXPECTED: Final = 'word, "two words", field:value; fields: ' + ", ".join(FIELDS[:10])


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched: words, and values that fields must have (all of them)."""

    words: str = ""
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def first(self, name: str) -> str:
        return next(iter(self.fields.get(name, ())), "")


def parse_query(q: str = "", fq: str | Iterable[str] = "") -> Query:
    """``q`` and ``fq`` together. Raises `QueryNotUnderstood`."""
    words: list[str] = []
    fields: dict[str, tuple[str, ...]] = {}
    for parameter, said in _parts(q, fq):
        for name, value in _tokens(parameter, said):
            if name:
                fields[name] = (*fields.get(name, ()), value)
            elif parameter == "q":
                words.append(value)
            else:
                raise QueryNotUnderstood(parameter=parameter, found=value, expected=_EXPECTED)
    return Query(" ".join(words), fields)


def parse_sort(sort: str) -> tuple[str, bool]:
    """The order asked for in our words (empty: best match) and whether it falls."""
    if not sort.strip():
        return "", True
    name, _, way = sort.strip().split(",")[0].strip().partition(" ")
    way = way.strip().lower() or "asc"
    if name not in _SORTS or way not in {"asc", "desc"}:
        expected = ", ".join(f"{known} asc|desc" for known in _SORTS)
        raise QueryNotUnderstood(parameter="sort", found=sort, expected=expected)
    return _SORTS[name], way == "desc"


def _parts(q: str, fq: str | Iterable[str]) -> Iterable[tuple[str, str]]:
    yield "q", "" if q.strip() in {"*:*", "*"} else q
    for each in [fq] if isinstance(fq, str) else fq:
        yield "fq", each


def _tokens(parameter: str, said: str) -> Iterable[tuple[str, str]]:
    for match in _TOKEN.finditer(said):
        name, value = match["field"] or "", match["quoted"]
        bare = match["bare"]
        if bare == "AND":
            continue
        if bare is not None and (
            bare in {"OR", "NOT"} or bare.startswith("-") or _REFUSED.search(bare)
        ):
            raise QueryNotUnderstood(
                parameter=parameter, found=match[0].strip(), expected=_EXPECTED
            )
        if name and name not in FIELDS:
            raise QueryNotUnderstood(parameter=parameter, found=name, expected=_EXPECTED)
        wanted = value if value is not None else bare
        if name in _ALWAYS and wanted != _ALWAYS[name]:
            raise QueryNotUnderstood(
                parameter=parameter, found=match[0].strip(), expected=_EXPECTED
            )
        if name not in _ALWAYS and wanted:
            yield name, wanted
