"""Regular expressions and replacements: from RE2, which DuckDB has, to Java, which Spark has."""

from __future__ import annotations

import re
from typing import Final

_SCRIPT: Final = re.compile(r"\\(p|P)\{(\^?)(Han|Latin|Cyrillic|Greek|Arabic|Hiragana|Katakana)\}")
_GROUP: Final = re.compile(r"\\([0-9])|(\\\\)|(.)", re.DOTALL)


def java_pattern(pattern: str, options: str) -> str:
    """``pattern`` with RE2's options (c, i, s) in front; scripts under Java's names."""
    named = _SCRIPT.sub(_script, pattern)
    flags = "".join(letter for letter in "is" if letter in options)
    return f"(?{flags}){named}" if flags else named


def _script(found: re.Match[str]) -> str:
    letter = found[1]
    if found[2]:
        letter = "P" if letter == "p" else "p"
    return rf"\{letter}{{Is{found[3]}}}"


def first_match(pattern: str) -> tuple[str, int]:
    """A pattern that matches once, from the start to the end of the first match of ``pattern``;
    its first group holds what stands before. Also how many groups were put in front."""
    return rf"\A((?s:.*?))({pattern})", 2


def java_replacement(replacement: str, shift: int) -> str:
    """``\\1`` as ``$1``; what Java would take for a group or an escape is escaped."""
    parts: list[str] = []
    after_group = False
    for group, slash, letter in _GROUP.findall(replacement):
        if group:
            number = int(group) + shift if int(group) else 0
            parts.append(_whole_match(shift) if not int(group) else f"${number}")
        elif slash:
            parts.append("\\\\")
        elif letter in "$\\" or (after_group and letter.isdigit()):
            parts.append("\\" + letter)
        else:
            parts.append(letter)
        after_group = bool(group)
    return "".join(parts)


def _whole_match(shift: int) -> str:
    """With text in front, the whole match is the second group: see `first_match`."""
    return "$0" if not shift else "$2"
