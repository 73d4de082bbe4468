"""`package_search`: the part of Solr's query language that is spoken here.

``q``   ``*:*``, or words (all must occur), and ``field:value`` or ``field:"two words"`` among them
``fq``  ``field:value`` any number of times, with ``+``, ``AND`` or a space between; ``fq_list`` too
fields  name, id, title, tags, organization, owner_org, groups, license_id, res_format,
        sharing, division
not     ``-field:value`` or ``NOT field:value``, of every field but title
or      ``field:(a OR b)``, or ``field:a OR field:b`` alone in its parameter or in brackets
``sort``  ``score desc``, ``metadata_modified``, ``name``, ``id`` or ``title_string`` with ``asc``
        or ``desc``; of several the first

Everything else (OR between fields, ranges, boosts, wildcards, local parameters) is refused by name:
a filter that is silently left out would show what was asked not to be shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from qiantang.standards.errors import QueryNotUnderstood

FIELDS: Final = (
    *("name", "id", "title", "tags", "organization", "owner_org", "groups"),
    *(
        "license_id",
        "res_format",
        "sharing",
        "division",
        "state",
        "capacity",
        "dataset_type",
        "type",
    ),
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
    "name": "id",
    "id": "id",
    "title_string": "name",
    "title": "name",
}
_PART: Final = re.compile(
    r"\s*(?:(?P<joint>AND|OR|NOT|&&|\|\|)(?=[\s(]|$)"
    r"|(?P<mark>[+\-!])?(?:(?P<field>\w+):)?"
    r'(?:"(?P<quoted>[^"]*)"|\((?P<group>[^()]*)\)|(?P<bare>[^\s]+)))'
)
_EVERYTHING: Final = frozenset({"*:*", "*"})
_REFUSED: Final = re.compile(r"[\[\]{}()^~?\\!|*]|&&")
_EXPECTED: Final = 'word, "two words", field:value; fields: ' + ", ".join(FIELDS[:11])


@dataclass(frozen=True, slots=True)
class Clause:
    """A field has one of the values; ``without``: it has none of them. Words have no field."""

    field: str
    values: tuple[str, ...]
    without: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched: words, and clauses that all hold."""

    words: str = ""
    clauses: tuple[Clause, ...] = ()


def parse_query(q: str = "", fq: str | Iterable[str] = "") -> Query:
    """``q`` and ``fq`` together. Raises `QueryNotUnderstood`."""
    words: list[str] = []
    clauses: list[Clause] = []
    said = [("q", q), *(("fq", each) for each in ([fq] if isinstance(fq, str) else fq))]
    for parameter, text in said:
        for clause in _Reading(parameter).clauses(text):
            if clause.field not in {"", "title"}:
                clauses.append(clause)
            elif clause.field or parameter == "q":
                words += clause.values
            else:
                raise _refused(parameter, clause.values[0])
    return Query(" ".join(words), tuple(clauses))


def parse_sort(sort: str) -> tuple[str, bool]:
    """The order asked for in our words (empty: best match) and whether it falls. Best match does
    not rise."""
    if not sort.strip():
        return "", True
    name, _, way = sort.strip().split(",")[0].strip().partition(" ")
    way = way.strip().lower() or "asc"
    known = name in _SORTS and way in {"asc", "desc"}
    if not known or (not _SORTS[name] and way != "desc"):
        expected = ", ".join(f"{n} {'asc|desc' if our else 'desc'}" for n, our in _SORTS.items())
        raise QueryNotUnderstood(parameter="sort", found=sort, expected=expected)
    return _SORTS[name], way == "desc"


class _Reading:
    """One parameter's text as clauses."""

    def __init__(self, parameter: str) -> None:
        self.parameter = parameter

    def clauses(self, text: str) -> list[Clause]:
        found: list[Clause] = []
        parts, either, without = 0, 0, False
        for part in _PART.finditer(text):
            joint = {"&&": "AND", "||": "OR"}.get(part["joint"] or "", part["joint"])
            if joint == "NOT":
                without = True
            elif joint:
                either += joint == "OR"
            else:
                found += self._part(part, without or part["mark"] in {"-", "!"})
                parts, without = parts + 1, False
        if not either:
            return found
        return self._either(text, found, alone=len(found) == parts == either + 1)

    def _either(self, text: str, found: list[Clause], *, alone: bool) -> list[Clause]:
        """Clauses joined by OR as one: they name one field, and nothing stands beside them. (In
        Solr, what stands beside an OR without brackets does not mean what it seems to.)"""
        fields = {clause.field for clause in found}
        alone = alone and not any(clause.without for clause in found)
        if len(fields) != 1 or fields <= {"", "title"} or not alone:
            raise _refused(self.parameter, text.strip())
        return [Clause(fields.pop(), tuple(v for clause in found for v in clause.values))]

    def _part(self, part: re.Match[str], without: bool) -> Iterator[Clause]:
        field, text = part["field"] or "", part[0].strip()
        if field and field not in FIELDS:
            raise _refused(self.parameter, field)
        if part["group"] is not None:
            found = self._group(part, field)
            if without and len(found) != 1:
                raise _refused(self.parameter, text)
            for clause in found:
                yield from self._sound(Clause(clause.field, clause.values, without), text)
        elif part["bare"] is None:
            yield from self._sound(Clause(field, (part["quoted"],), without), text)
        elif field or part["bare"] not in _EVERYTHING or without:
            if _REFUSED.search(part["bare"]):
                raise _refused(self.parameter, text)
            yield from self._sound(Clause(field, (part["bare"],), without), text)

    def _group(self, part: re.Match[str], field: str) -> list[Clause]:
        """What stands in brackets: clauses, or the values of the field before them."""
        inner, text = part["group"], part[0].strip()
        if field:
            if any(each["mark"] or each["field"] for each in _PART.finditer(inner)):
                raise _refused(self.parameter, text)
            inner = " ".join(
                each[0].strip() if each["joint"] else f"{field}:{each[0].strip()}"
                for each in _PART.finditer(inner)
            )
        found = self.clauses(inner)
        if any(clause.without for clause in found):
            raise _refused(self.parameter, text)
        return found

    def _sound(self, clause: Clause, text: str) -> Iterator[Clause]:
        """The clause, unless it says nothing. Raises `QueryNotUnderstood`."""
        fixed = _ALWAYS.get(clause.field)
        if fixed is not None:
            if clause.without or set(clause.values) != {fixed}:
                raise _refused(self.parameter, text)
        elif clause.without and clause.field in {"", "title"}:
            raise _refused(self.parameter, text)
        elif any(clause.values):
            yield clause


def _refused(parameter: str, found: str) -> QueryNotUnderstood:
    return QueryNotUnderstood(parameter=parameter, found=found, expected=_EXPECTED)
