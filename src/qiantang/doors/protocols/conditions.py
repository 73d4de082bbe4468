"""A query in CKAN's language as conditions of the catalogue. Nothing is widened: words are found as
they stand, in either number where they are not in quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from qiantang.rooms.catalogue.selectors import conditions
from qiantang.rooms.catalogue.selectors.asking import word_for_word
from qiantang.rooms.catalogue.selectors.exact import Exact
from qiantang.rooms.catalogue.texts import Phrase
from qiantang.standards import ckan

FACETS: Final = {"groups": "class", "res_format": "form", "sharing": "sharing",
                 "division": "division", "tags": "keyword", "license_id": "licence",
                 "organization": "provider", "owner_org": "provider"}  # fmt: skip
"""Fields that are counted, and the catalogue's facets for them."""
NAMED: Final = frozenset({"groups", "organization", "owner_org", "name", "id"})
"""Fields whose values are CKAN names."""
_BY: Final = {**FACETS, "name": conditions.ENTRY, "id": conditions.ENTRY}
_SECTIONS: Final = {"": "", "title": "name", "notes": conditions.DESCRIPTION}


def exactly(query: ckan.Condition) -> Exact:
    """The query; words that have to occur anywhere also say how well an entry matches."""
    words: list[tuple[Phrase, ...]] = []
    clauses: list[conditions.Condition] = []
    for part in query.parts if isinstance(query, ckan.Both) else (query,):
        if spoken := tuple(_anywhere(part)):
            words.append(spoken)
        else:
            clauses.append(_condition(part))
    return Exact(tuple(clauses), words=tuple(words))


def _anywhere(part: ckan.Condition) -> Iterator[Phrase]:
    """The phrases of which one has to occur, where the part says nothing else."""
    parts = part.parts if isinstance(part, ckan.Either) else (part,)
    words = [each for each in parts if isinstance(each, ckan.Words) and not each.field]
    if len(words) == len(parts):
        for each in words:
            yield from _phrases(each)


def _phrases(words: ckan.Words) -> tuple[Phrase, ...]:
    return word_for_word(words.said, quoted=words.quoted, begins=words.begins)


def _condition(part: ckan.Condition) -> conditions.Condition:
    match part:
        case ckan.Words():
            return conditions.Saying(_phrases(part), _SECTIONS[part.field])
        case ckan.Value():
            return _value(part)
        case ckan.Span():
            return conditions.Changed(part.since, part.until, part.with_since, part.with_until)
        case ckan.Both(parts):
            return conditions.Every(tuple(map(_condition, parts)))
        case ckan.Either(parts):
            return conditions.Some(tuple(_joined(parts)))
        case ckan.Without(part):
            return conditions.Lacking(_condition(part))


def _joined(parts: Iterable[ckan.Condition]) -> Iterator[conditions.Condition]:
    """The parts, values of one field as one."""
    values: dict[str, list[str]] = {}
    for part in parts:
        if isinstance(part, ckan.Value) and (plain := part.plain) is not None:
            values.setdefault(part.field, []).append(_kept(part.field, plain))
        else:
            yield _condition(part)
    for field, kept in values.items():
        yield conditions.Clause(_BY[field], tuple(kept))


def _value(part: ckan.Value) -> conditions.Condition:
    if part.plain is not None:
        return conditions.Clause(_BY[part.field], (_kept(part.field, part.plain),))
    return conditions.Fitting(_BY[part.field], _fits(part))


def _kept(field: str, said: str) -> str:
    """A value of CKAN's field as the catalogue keeps it."""
    if field == "res_format":
        return said.upper()
    return ckan.id_of(said) if field in NAMED else said


def _fits(part: ckan.Value) -> Callable[[str], bool]:
    """Whether a value that the catalogue keeps matches the pattern, as CKAN writes it."""
    if part.field in NAMED:
        return lambda kept: part.fits(ckan.name_of(kept))
    return lambda kept: part.fits(kept, any_case=part.field == "res_format")
