"""Notes that carry both languages in one cell: ``中文 (English)``, several joined by ``；``.

Tables of observations have one column for a remark, so its writers put the English behind the
Chinese. `twin_note` takes the two apart where a note has exactly that form, and leaves every other
note as it was written.
"""

from __future__ import annotations

import re
from typing import Final

from qiantang.kernel.text import Text

_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH: Final = re.compile(r"[a-z]{2}|^[\d\s./+*-]*[/+*-][\d\s./+*-]*$")
_JOIN: Final = "；"


def twin_note(note: str) -> Text:
    """The note in each language; where a part has no English, its Chinese stands in both."""
    parts = _parts(note.strip())
    if not any(en for _, en in parts):
        return Text(note, note)
    zh = _JOIN.join(chinese for chinese, _ in parts)
    return Text(zh, "; ".join(_in_english(chinese, en) for chinese, en in parts))


def _parts(note: str) -> list[tuple[str, str]]:
    """Chinese and English, part by part; an empty English where a part has none."""
    found: list[tuple[str, str]] = []
    start = at = 0
    while at < len(note):
        end = _closed(note, at) if note.startswith(" (", at) else 0
        chinese, english = note[start:at], note[at + 2 : end - 1]
        if end and _CHINESE.search(chinese) and _ENGLISH.search(english):
            found.append((chinese, english))
            start = at = end + len(_JOIN)
        else:
            at += 1
    if start < len(note):
        found.append((note[start:], ""))
    return found


def _closed(note: str, at: int) -> int:
    """Where the bracket that opens at ``at + 1`` has closed, if the note or its part ends there."""
    depth = 0
    for place in range(at + 1, len(note)):
        depth += {"(": 1, ")": -1}.get(note[place], 0)
        if depth == 0:
            end = place + 1
            return end if end == len(note) or note.startswith(_JOIN, end) else 0
    return 0


def _in_english(chinese: str, english: str) -> str:
    """Several Chinese clauses before one English one: the English translates the last of them."""
    clauses, said = chinese.split(_JOIN), english.split("; ") if english else []
    lacking = len(clauses) - len(said)
    return "; ".join([*clauses[: max(0, lacking)], *said]) if english else chinese
