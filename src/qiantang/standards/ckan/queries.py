"""`package_search`: the part of Solr's query language that is spoken here.

``q``, ``fq``, ``fq_list``  all of them hold; each is terms that all hold, with a space, ``+`` or
        ``AND`` between
term    ``word``, ``"some words"`` as they stand, ``begin*``, ``field:term``, ``field:(a OR b)``,
        ``(...)``, ``*:*``
texts   without a field (or ``text:``) anywhere, ``title:``, ``notes:``
values  name, id, tags, organization, owner_org, groups, license_id, res_format, sharing, division:
        the whole value, with ``*`` and ``?`` anywhere in it; ``field:*`` for any
range   ``metadata_modified:[a TO b]``, ``{`` and ``}`` without the ends; ``*``, a moment, ``NOW``,
        ``NOW-7DAYS``, ``NOW/DAY``
not     ``-term``, ``!term``, ``NOT term``
or      terms joined by ``OR`` alone, in brackets where others stand beside them
``sort``  ``score desc``, ``metadata_modified``, ``name``, ``id`` or ``title_string`` with ``asc``
        or ``desc``; of several the first

Everything else (boosts, fuzzy words, regular expressions, local parameters, exclusions within OR,
OR beside other terms, whose meanings in Solr are others than they seem) is refused by name: a
filter that is silently left out would show what was asked not to be shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from qiantang.kernel.text import Text
from qiantang.standards.ckan.conditions import (
    EVERYTHING,
    Condition,
    Span,
    Value,
    Without,
    Words,
    both,
    either,
)
from qiantang.standards.ckan.pieces import (
    END,
    RANGE,
    UNFINISHED,
    Kind,
    Piece,
    Wild,
    pieces,
    refused,
)
from qiantang.standards.ckan.times import moment_of
from qiantang.standards.errors import QueryNotUnderstood

TEXTS: Final = {"text": "", "title": "title", "notes": "notes"}
"""Fields whose words are looked for; without a field they are looked for everywhere."""
VALUES: Final = (
    *("name", "id", "tags", "organization", "owner_org", "groups", "license_id", "res_format"),
    *("sharing", "division"),
)
"""Fields that are compared as a whole."""
MODIFIED: Final = "metadata_modified"
DEEPEST: Final = 20
MOST_TERMS: Final = 500
LONGEST: Final = 50_000
"""Characters of one parameter."""
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
_FIELD: Final = Text("字段", "a field")
_WILD: Final = Text("词中的通配符", "a wildcard inside words")
_MIXED: Final = Text("与其他条件并列而无括号的 OR", "OR beside other terms without brackets")
_NOT_WITHIN: Final = Text("OR 之中的否定", "an exclusion within OR")
_TOO_MANY: Final = Text("条件过多或嵌套过深", "too many terms, or too many brackets")


def parse_query(q: str = "", fq: str | Iterable[str] = "") -> Condition:
    """``q`` and every ``fq`` together. Raises `QueryNotUnderstood`."""
    said = [("q", q), *(("fq", each) for each in ([fq] if isinstance(fq, str) else fq))]
    return both([_Reading(parameter, text).whole() for parameter, text in said])


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
    """One parameter's text as a condition, read from left to right."""

    def __init__(self, parameter: str, text: str) -> None:
        self.parameter, self.text = parameter, text
        if len(text) > LONGEST:
            raise refused(parameter, text, _TOO_MANY)
        self.pieces = [*pieces(parameter, text), END]
        self.at = 0
        if len(self.pieces) > 4 * MOST_TERMS:
            raise refused(parameter, text, _TOO_MANY)

    def whole(self) -> Condition:
        if self.pieces == [END]:
            return EVERYTHING
        found = self._terms("", 0)
        if self.at != len(self.pieces) - 1:
            raise refused(self.parameter, self.text, UNFINISHED)
        return found

    @property
    def _next(self) -> Piece:
        return self.pieces[self.at]

    def _taken(self) -> Piece:
        self.at += 1
        return self.pieces[self.at - 1]

    def _terms(self, field: str, depth: int) -> Condition:
        """Terms up to a closing bracket or the end."""
        if depth > DEEPEST:
            raise refused(self.parameter, self.text, _TOO_MANY)
        joints = {Kind.AND} if self._next.kind is Kind.MUST else set()
        parts = [self._marked(field, depth)]
        while self._next.kind not in {Kind.CLOSE, Kind.END}:
            joined = self._next.kind in {Kind.AND, Kind.OR}
            joints.add(self._taken().kind if joined else Kind.AND)
            if self._next.kind is Kind.MUST:
                joints.add(Kind.AND)
            parts.append(self._marked(field, depth))
        if Kind.OR not in joints:
            return both(parts)
        if Kind.AND in joints:
            raise refused(self.parameter, self.text, _MIXED)
        if any(isinstance(part, Without) for part in parts):
            raise refused(self.parameter, self.text, _NOT_WITHIN)
        return either(parts)

    def _marked(self, field: str, depth: int) -> Condition:
        if self._next.kind is Kind.MUST:
            self._taken()
        if self._next.kind is not Kind.NOT:
            return self._term(field, depth)
        mark = self._taken()
        part = self._term(field, depth)
        if part == EVERYTHING:
            raise refused(self.parameter, f"{mark.text} {self.pieces[self.at - 1].text}")
        return Without(part)

    def _term(self, field: str, depth: int) -> Condition:
        piece = self._taken()
        match piece.kind:
            case Kind.OPEN:
                found = self._terms(field, depth + 1)
                if self._taken().kind is not Kind.CLOSE:
                    raise refused(self.parameter, self.text, UNFINISHED)
                return found
            case Kind.FIELD if not field and self._next.kind is not Kind.FIELD:
                return self._term(self._field(piece), depth)
            case Kind.EVERYTHING if not field:
                return EVERYTHING
            case Kind.WORD | Kind.PHRASE:
                return self._leaf(field, piece)
            case Kind.RANGE:
                return self._range(field, piece)
        raise refused(self.parameter, piece.text or self.text, UNFINISHED)

    def _field(self, piece: Piece) -> str:
        name = str(piece.parts[0])
        if name in VALUES or name in TEXTS or name in _ALWAYS or name == MODIFIED:
            return name
        raise refused(self.parameter, name, _FIELD)

    def _leaf(self, field: str, piece: Piece) -> Condition:
        if field in _ALWAYS:
            if piece.parts != (_ALWAYS[field],):
                raise refused(self.parameter, f"{field}:{piece.text}")
            return EVERYTHING
        if field == MODIFIED or (field in VALUES and not any(piece.parts)):
            raise refused(self.parameter, f"{field}:{piece.text}")
        if field in VALUES:
            return Value(field, piece.parts)
        return self._words(TEXTS.get(field, ""), piece)

    def _words(self, field: str, piece: Piece) -> Condition:
        match piece.parts:
            case (Wild.MANY,) if field != "notes":
                return EVERYTHING
            case (str(said), Wild.MANY):
                return Words(field, said, begins=True)
            case (str(said),) if said.strip():
                return Words(field, said, quoted=piece.kind is Kind.PHRASE)
            case ("",) | (str(),) if not field:
                return EVERYTHING
        raise refused(self.parameter, piece.text, _WILD)

    def _range(self, field: str, piece: Piece) -> Condition:
        now = datetime.now(UTC)
        ends: list[datetime | None] = []
        for said in map(str, piece.parts):
            plain = said.strip('"')
            moment = moment_of(plain, now)
            if field != MODIFIED or (moment is None and plain != "*"):
                raise refused(self.parameter, f"{field}:{piece.text}", RANGE)
            ends.append(moment)
        return Span(ends[0], ends[1], piece.text[0] == "[", piece.text[-1] == "]")
