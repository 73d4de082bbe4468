"""From what a person types to what the index is asked: phrases, synonyms, words taken apart."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from qiantang.kernel.words import is_han, joined, phrases, tokens
from qiantang.rooms.catalogue.texts import Asked, Phrase
from qiantang.rooms.shelf import selectors as shelf

LONGEST_QUERY: Final = 200
MOST_WORDS: Final = 12
Synonyms = Mapping[Phrase, tuple[Phrase, ...]]


def asked_for(query: str) -> tuple[Phrase, ...]:
    """The phrases of a query, as many as are considered."""
    return phrases(query[:LONGEST_QUERY])[:MOST_WORDS]


def exactly(wanted: tuple[Phrase, ...]) -> Asked:
    """Every phrase, or a synonym of it."""
    known = _synonyms()
    return Asked(tuple(_alternatives(phrase, known) for phrase in wanted))


def taken_apart(wanted: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
    """The words inside the phrases, as a dictionary cuts them; each once."""
    found: dict[Phrase, None] = {}
    for phrase in wanted:
        for word in _cut(joined(phrase)):
            found.setdefault(tuple(tokens(word)))
    return tuple(word for word in found if word)[: 2 * MOST_WORDS]


def any_of(words: tuple[Phrase, ...]) -> Asked:
    """One word is enough; words of one character say too little, unless there is nothing else."""
    known = _synonyms()
    telling = tuple(w for w in words if len(w) > 1 or not is_han(w[0])) or words
    return Asked(tuple(_alternatives(w, known) for w in telling), any_group=True)


def _alternatives(phrase: Phrase, known: Synonyms) -> tuple[tuple[Phrase, ...], ...]:
    return tuple((each,) for each in (phrase, *known.get(phrase, ())))


def _synonyms() -> Synonyms:
    groups = tuple(group for pack in shelf.packs().values() for group in pack.synonyms)
    return _by_phrase(groups)


@lru_cache(maxsize=4)
def _by_phrase(groups: tuple[tuple[str, ...], ...]) -> Synonyms:
    found: dict[Phrase, dict[Phrase, None]] = {}
    for group in groups:
        members = [p for word in group if (p := tuple(tokens(word)))]
        for member in members:
            found.setdefault(member, {}).update(dict.fromkeys(m for m in members if m != member))
    return {phrase: tuple(others) for phrase, others in found.items()}


def _cut(text: str) -> list[str]:
    # The dictionary takes 20 MB and a moment to load: only for a query that found too little.
    import rjieba

    return [str(word) for word in rjieba.cut(text)]
