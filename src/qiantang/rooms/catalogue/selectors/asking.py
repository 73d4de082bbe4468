"""From what a person types to what the index is asked: phrases, synonyms, words taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from qiantang.kernel.plurals import beginnings, numbers
from qiantang.kernel.words import is_han, joined, phrases, tokens
from qiantang.rooms.catalogue.selectors import cutting
from qiantang.rooms.catalogue.texts import ONWARDS, Asked, Phrase
from qiantang.rooms.shelf import selectors as shelf

LONGEST_QUERY: Final = 200
MOST_WORDS: Final = 12
FEW_WORDS: Final = 3
"""So many words may lack one of them."""
Synonyms = Mapping[Phrase, tuple[Phrase, ...]]


def asked_for(query: str) -> tuple[Phrase, ...]:
    """The phrases of a query, as many as are considered."""
    return phrases(query[:LONGEST_QUERY])[:MOST_WORDS]


def exactly(wanted: tuple[Phrase, ...]) -> Asked:
    """Every phrase, in the singular or the plural, or a synonym of it."""
    return Asked(tuple(_alternatives(phrase) for phrase in wanted))


def word_for_word(said: str, *, quoted: bool = False, begins: bool = False) -> tuple[Phrase, ...]:
    """The phrases of which one has to occur where nothing is to be widened: as they stand
    (``quoted``), ending with words that begin with the last one (``begins``), or with the last one
    in either number. For `Asked.strict`; nothing where nothing is said."""
    phrase = tuple(tokens(said))
    if not phrase:
        return ()
    *before, last = phrase
    if begins:
        return ((*before, f"{last}{ONWARDS}"),)
    return ((*before, last),) if quoted else tuple((*before, each) for each in numbers(last))


def strictly(groups: Iterable[tuple[Phrase, ...]]) -> Asked:
    """One of the phrases of every group, as `word_for_word` gives them; nothing else."""
    return Asked(tuple(tuple((p,) for p in group) for group in groups), strict=True)


def taken_apart(wanted: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
    """The words inside the phrases, as a dictionary cuts them; each once."""
    return _each_once(word for phrase in wanted for word in cutting.words(joined(phrase)))


def in_short_words(wanted: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
    """The shorter words that the words inside the phrases are made of; each once. Those of one
    character say too little, unless there is nothing else."""
    short = _each_once(word for phrase in wanted for word in cutting.short_words(joined(phrase)))
    return _telling(short)


def covering(words: tuple[Phrase, ...]) -> Iterator[Asked]:
    """All of the words, then, of a few, all but one."""
    groups = exactly(words).groups
    yield Asked(groups)
    if len(groups) == FEW_WORDS:
        yield Asked(groups, least=len(groups) - 1)


def any_of(words: tuple[Phrase, ...]) -> Asked:
    """One word is enough; those of one character say too little, unless there is nothing else."""
    return Asked(exactly(_telling(words)).groups, least=1)


def _telling(words: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
    return tuple(w for w in words if len(w) > 1 or not is_han(w[0])) or words


def synonyms_of(phrase: Phrase) -> tuple[Phrase, ...]:
    """The words that packs declare to mean the same, in whichever number it is asked for."""
    known = _synonyms()
    named = (phrase, *_numbers(phrase))
    return tuple(dict.fromkeys(other for each in named for other in known.get(each, ())))


def _each_once(words: Iterable[str]) -> tuple[Phrase, ...]:
    found = dict.fromkeys(tuple(tokens(word)) for word in words)
    return tuple(word for word in found if word)[: 2 * MOST_WORDS]


def _alternatives(phrase: Phrase) -> tuple[tuple[Phrase, ...], ...]:
    return tuple((each,) for each in (*_numbers(phrase), *synonyms_of(phrase)))


def _numbers(phrase: Phrase) -> tuple[Phrase, ...]:
    """The phrase with its last word as it begins in the singular and the plural."""
    return tuple((*phrase[:-1], last) for last in beginnings(phrase[-1]))


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
