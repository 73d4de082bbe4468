"""Which words of a hit answer the question, and which synonyms were looked for with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qiantang.kernel.han import spellings
from qiantang.kernel.words import is_han, joined, tokens
from qiantang.rooms.catalogue.selectors import asking

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """A pattern of everything that may be marked in a text."""

    pattern: re.Pattern[str]

    def parts(self, text: str) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it was looked for."""
        at = 0
        for found in self.pattern.finditer(text):
            if found.start() > at:
                yield text[at : found.start()], False
            yield found.group(), True
            at = found.end()
        if at < len(text):
            yield text[at:], False

    def cut(self, text: str, room: int) -> str:
        """At most about ``room`` characters, the first hit among them."""
        if len(text) <= room:
            return text
        found = self.pattern.search(text)
        start = max(0, found.start() - room // 3) if found else 0
        end = start + room
        return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"

    def occurs(self, text: str) -> bool:
        return self.pattern.search(text) is not None


@dataclass(frozen=True, slots=True)
class Synonym:
    """A word of the question, and the others that were looked for with it."""

    word: str
    others: tuple[str, ...]


def marks_of(query: str, words: Iterable[str] = ()) -> Marks | None:
    """What is marked for a query and, where it was taken apart, for its words."""
    groups = asking.exactly(asking.asked_for(query)).groups
    wanted = [phrase for group in groups for each in group for phrase in each]
    wanted += [tuple(tokens(word)) for word in words]
    spelled = sorted({_spelled(p) for p in wanted if p}, key=len, reverse=True)
    if not spelled:
        return None
    return Marks(re.compile("|".join(spelled), re.IGNORECASE))


def synonyms_of(query: str) -> tuple[Synonym, ...]:
    """The synonyms that the catalogue looks for with the words of a query."""
    found = ((phrase, asking.synonyms_of(phrase)) for phrase in asking.asked_for(query))
    return tuple(
        Synonym(joined(phrase), tuple(joined(other) for other in others))
        for phrase, others in found
        if others
    )


def _spelled(phrase: Phrase) -> str:
    """The phrase as it may stand in a text: anything but letters between its tokens, characters
    simplified or traditional; Latin words from their beginning."""
    gap = r"[\W_]*"
    body = gap.join(f"[{spellings(t)}]" if is_han(t) else re.escape(t) for t in phrase)
    return body if is_han(phrase[0]) else rf"\b{body}"
