"""Chinese text in the words of a dictionary, and those words in shorter ones.

The dictionary (rjieba's) knows compounds such as 空气污染 whole; who looks for one also means 空气
and 污染.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Final

from qiantang.kernel.words import is_han

SHORTEST: Final = 2
"""Characters of a word that says something by itself."""
Split = tuple[int, tuple[str, ...]]
"""Characters that no word takes, and the pieces."""


def words(text: str) -> list[str]:
    """The words of a text; nothing is lost. The dictionary takes 20 MB and a moment to load: only
    for a query that found too little."""
    import rjieba

    return [str(word) for word in rjieba.cut(text)]


def short_words(text: str) -> list[str]:
    """The words of a text, those of three characters or more taken apart: into the longest words
    that the dictionary knows inside them, else into all pairs of neighbours. Single characters
    that the cut leaves next to each other are taken for a word that it does not know."""
    found: list[str] = []
    for single, run in groupby(words(text), key=lambda word: len(word) == 1 and is_han(word)):
        for word in ["".join(run)] if single else run:
            whole = len(word) <= SHORTEST or not all(map(is_han, word))
            found.extend([word] if whole else _apart(word))
    return found


def _apart(word: str) -> list[str]:
    """``慢性病`` -> 慢性, 病; a word without any known one inside in pairs."""
    _, pieces = _best(word)
    if any(len(piece) >= SHORTEST for piece in pieces):
        return list(pieces)
    return [first + second for first, second in pairwise(word)]


def _best(word: str) -> Split:
    """The pieces, each shorter than the word, that leave the fewest characters alone and are the
    fewest."""
    best: list[Split] = [(0, ())]
    for end in range(1, len(word) + 1):
        best.append(min(_ending(word, end, best), key=lambda split: (split[0], len(split[1]))))
    return best[-1]


def _ending(word: str, end: int, best: list[Split]) -> Iterator[Split]:
    import rjieba

    alone, pieces = best[end - 1]
    yield alone + 1, (*pieces, word[end - 1])
    for start in range(end - SHORTEST, -1, -1):
        piece = word[start:end]
        if piece != word and rjieba.has_word(piece):
            alone, pieces = best[start]
            yield alone, (*pieces, piece)
