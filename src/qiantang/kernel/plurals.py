"""English words in the other number: what else a searcher of ``populations`` means.

Search finds words by their beginnings, so the singular alone finds a regular plural; this says
which beginnings have to be looked for. Rules of regular nouns and a list of irregular ones: no
verbs, no word families, nothing that needs a dictionary. The index keeps words as they are
written, so a rule that is mended here holds for what is already stored.
"""

from __future__ import annotations

import re
from typing import Final

SHORTEST: Final = 4
"""A plural has so many letters: ``gas``, ``gis`` and ``bus`` are none."""
_WORD: Final = re.compile(r"[a-z]+")
_NO_PLURAL: Final = re.compile(r"(ss|us|is)$|^(news|lens|always|means)$")
_IRREGULAR: Final = (
    ("analysis", "analyses"),
    ("basis", "bases"),
    ("bus", "buses"),
    ("child", "children"),
    ("crisis", "crises"),
    ("criterion", "criteria"),
    ("gas", "gases"),
    ("index", "indices"),
    ("knife", "knives"),
    ("leaf", "leaves"),
    ("life", "lives"),
    ("matrix", "matrices"),
    ("phenomenon", "phenomena"),
    ("shelf", "shelves"),
    ("wife", "wives"),
    ("woman", "women"),
)
_OTHER: Final = dict(_IRREGULAR) | {many: one for one, many in _IRREGULAR}


def beginnings(word: str) -> tuple[str, ...]:
    """With what a word in lower case begins in the singular and in the plural, the fewest that
    say both: ``populations`` -> ``population``, ``city`` and ``cities`` -> ``city``, ``citie``.
    A word that is not English, or has one number, is given as it is."""
    if not _WORD.fullmatch(word):
        return (word,)
    if word in _OTHER:
        return tuple(_shortest(word, _OTHER[word]))
    one = word
    if len(word) >= SHORTEST and word.endswith("s") and not _NO_PLURAL.search(word):
        one = _singular(word)
    if re.search(r"[^aeiou]y$", one):
        return (one, f"{one[:-1]}ie")
    return (one,)


def numbers(word: str) -> tuple[str, ...]:
    """A word in lower case as it is, in the singular and in the plural, each once: ``cities`` ->
    ``cities``, ``city``. A word that is not English, or has one number, is given as it is."""
    if not _WORD.fullmatch(word) or len(word) < SHORTEST - 1:
        return (word,)
    if word in _OTHER:
        return (word, _OTHER[word])
    if len(word) >= SHORTEST and word.endswith("s") and not _NO_PLURAL.search(word):
        return (word, _singular(word))
    return (
        (word,) if word.endswith("s") and _NO_PLURAL.search(word) is None else (word, _plural(word))
    )


def _plural(one: str) -> str:
    if re.search(r"[^aeiou]y$", one):
        return f"{one[:-1]}ies"
    return f"{one}es" if re.search(r"(s|x|z|ch|sh)$", one) else f"{one}s"


def _singular(plural: str) -> str:
    if re.search(r"[a-z]{2}ies$", plural):
        return f"{plural[:-3]}y"
    if re.search(r"(ss|x|z|ch|sh)es$", plural):
        return plural[:-2]
    return plural[:-1]


def _shortest(word: str, other: str) -> list[str]:
    """Both, or the one that the other begins with."""
    if other.startswith(word):
        return [word]
    return [other] if word.startswith(other) else [word, other]
