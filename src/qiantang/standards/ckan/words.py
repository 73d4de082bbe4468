"""Words that rows are searched for: plain, or in PostgreSQL's language of them (``plain=false``).

A plain text is words of which each stands somewhere. The language (PostgreSQL 16, section 12.3.2,
`to_tsquery`) is words with ``&``, ``|``, ``!``, ``<->`` and brackets; ``begin:*`` finds the words
that begin so, ``'some words'`` are a phrase. Weights and wider distances are refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from qiantang.kernel.words import is_han
from qiantang.standards.errors import ArgumentWrong

MOST: Final = 50
"""Words of one text."""
_DEEPEST: Final = 20
_EXPECTED: Final = "word & (other | begin:*) & !third, one <-> other, 'a phrase'"
_PIECE: Final = re.compile(
    r"\s*(?:(?P<mark>[&|!()]|<->)|(?:'(?P<quoted>(?:[^']|'')*)'|(?P<bare>[^\s&|!()<>:'\\]+))"
    r"(?P<begins>:\*)?(?=[\s&|!()<]|$))"
)


@dataclass(frozen=True, slots=True)
class Holds:
    """The text occurs, inside a word, too; in any case."""

    said: str


@dataclass(frozen=True, slots=True)
class Follows:
    """Whole words next to each other, a Chinese character being one; ``begins``: of the last one
    the beginning will do."""

    words: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Sought, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Sought, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Sought


Sought = Holds | Follows | AllOf | AnyOf | Not


def plain_words(parameter: str, text: str) -> Sought:
    """Every word of the text. Raises `ArgumentWrong`."""
    words = text.split()
    if len(words) > MOST:
        raise _wrong(parameter, text, f"{MOST}")
    return AllOf(tuple(map(Holds, words)))


def language(parameter: str, text: str) -> Sought:
    """What the text asks for in PostgreSQL's language. Raises `ArgumentWrong`."""
    return _Reading(parameter, text).whole()


class _Reading:
    """From left to right; ``!`` binds most tightly, then ``<->``, ``&``, and ``|``."""

    def __init__(self, parameter: str, text: str) -> None:
        self.parameter, self.text, self.at = parameter, text, 0
        self.pieces: list[re.Match[str]] = []
        place, text = 0, text.rstrip()
        while place < len(text):
            piece = _PIECE.match(text, place)
            if piece is None or len(self.pieces) > 4 * MOST:
                raise self._unsound()
            self.pieces.append(piece)
            place = piece.end()

    def whole(self) -> Sought:
        found = self._either(0)
        if self.at != len(self.pieces):
            raise self._unsound()
        return found

    def _either(self, depth: int) -> Sought:
        if depth > _DEEPEST:
            raise self._unsound()
        return self._joined("|", lambda: self._all(depth), AnyOf)

    def _all(self, depth: int) -> Sought:
        return self._joined("&", lambda: self._followed(depth), AllOf)

    def _joined(
        self,
        mark: str,
        part: Callable[[], Sought],
        made: Callable[[tuple[Sought, ...]], Sought],
    ) -> Sought:
        parts = [part()]
        while self._is(mark):
            parts.append(part())
        return parts[0] if len(parts) == 1 else made(tuple(parts))

    def _followed(self, depth: int) -> Sought:
        found = self._one(depth)
        while self._is("<->"):
            other = self._one(depth)
            if not (isinstance(found, Follows) and isinstance(other, Follows)) or found.begins:
                raise self._unsound()
            found = Follows((*found.words, *other.words), other.begins)
        return found

    def _one(self, depth: int) -> Sought:
        if self._is("!"):
            return Not(self._one(depth + 1)) if depth < _DEEPEST else self._either(depth + 1)
        if self._is("("):
            found = self._either(depth + 1)
            if not self._is(")"):
                raise self._unsound()
            return found
        if self.at == len(self.pieces) or self.pieces[self.at]["mark"]:
            raise self._unsound()
        piece = self.pieces[self.at]
        self.at += 1
        words = _cut((piece["quoted"] or piece["bare"] or "").replace("''", "'"))
        if not words:
            raise self._unsound()
        return Follows(tuple(words), bool(piece["begins"]))

    def _is(self, mark: str) -> bool:
        """Whether the next piece is the mark, which is then passed."""
        there = self.at < len(self.pieces) and self.pieces[self.at]["mark"] == mark
        self.at += there
        return there

    def _unsound(self) -> ArgumentWrong:
        return _wrong(self.parameter, self.text, _EXPECTED)


def _cut(text: str) -> list[str]:
    """Words as rows have them, in lower case: traditional characters stay what they are."""
    runs = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).lower())
    parts = (part for run in runs for part in groupby(run, is_han))
    return [word for han, letters in parts for word in (letters if han else ["".join(letters)])]


def _wrong(parameter: str, text: str, expected: str) -> ArgumentWrong:
    return ArgumentWrong(parameter=parameter, found=text[:80], expected=expected)
