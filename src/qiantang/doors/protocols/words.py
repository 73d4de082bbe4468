"""Words that rows are searched for, as SQL over the columns of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qiantang.doors.protocols.tables import quoted
from qiantang.kernel.words import is_han
from qiantang.standards.ckan.words import AllOf, AnyOf, Follows, Holds, Not, Sought

_BREAK: Final = r"[^\pL\pN]"
_EDGE: Final = rf"{_BREAK}|\p{{Han}}"


def holding(sought: Sought, columns: Sequence[str]) -> tuple[str, list[object]]:
    """A condition and its parameters: some of the columns, or each word some of them, has the
    words."""
    match sought:
        case Holds(said):
            there = [f"contains(lower({_text(c)}), lower(?))" for c in columns]
            return f"({' OR '.join(there)})", [said] * len(columns)
        case Follows():
            there = [f"regexp_matches(lower({_text(c)}), ?)" for c in columns]
            said = f"coalesce({' OR '.join(there)}, false)"
            return said, [_pattern(sought)] * len(columns)
        case AllOf(parts):
            return _joined(" AND ", parts, columns)
        case AnyOf(parts):
            return _joined(" OR ", parts, columns)
        case Not(part):
            said, params = holding(part, columns)
            return f"(NOT {said})", params


def _joined(
    between: str, parts: Sequence[Sought], columns: Sequence[str]
) -> tuple[str, list[object]]:
    made = [holding(part, columns) for part in parts]
    return f"({between.join(said for said, _ in made)})", [p for _, more in made for p in more]


def _text(column: str) -> str:
    return f"CAST({quoted(column)} AS VARCHAR)"


def _pattern(words: Follows) -> str:
    """Whole words next to each other, where every Chinese character is one. Words are letters and
    digits alone, so nothing in them means anything to the pattern."""
    *_, last = words.words
    said = "" if is_han(words.words[0]) else f"(?:^|{_EDGE})"
    for at, word in enumerate(words.words):
        if at:
            apart = not is_han(word) and not is_han(words.words[at - 1])
            said += f"{_BREAK}{'+' if apart else '*'}"
        said += word
    return said if words.begins or is_han(last) else f"{said}(?:$|{_EDGE})"
