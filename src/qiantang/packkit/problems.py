"""A problem in a pack: its code for ever, its place, what is wrong and what to do.

Every kind of problem is one row of `PROBLEM_KINDS` (``kinds.py``); readers add problems to a
`Findings` and carry on, so that an author sees all of them at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from qiantang.kernel.places import Place
from qiantang.kernel.text import Text
from qiantang.packkit.kinds import PROBLEM_KINDS

_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class PackProblem:
    """One finding. ``place.file`` begins with the name of the pack's folder; ``paste`` holds the
    lines that would mend it, where they can be known."""

    code: str
    place: Place
    text: Text
    hint: Text
    paste: str | None = None
    pack: str = ""

    def line_text(self) -> Text:
        """``file:line: [code] what is wrong``, as compilers write it."""
        where = self.place.as_text()
        return Text(
            zh=f"{where.zh}: [{self.code}] {self.text.zh}",
            en=f"{where.en}: [{self.code}] {self.text.en}",
        )

    def report(self, lang: str) -> str:
        """The whole finding for a terminal: line, hint and the lines to paste."""
        parts = [self.line_text().in_(lang)]
        if hint := self.hint.in_(lang):
            parts.append(f"    {hint}")
        if self.paste:
            parts.extend(f"    | {line}" for line in self.paste.splitlines())
        return "\n".join(parts)

    def as_dict(self) -> dict[str, object]:
        """The form for JSON."""
        return {
            "code": self.code,
            "pack": self.pack,
            "place": self.place.as_dict(),
            "text": self.text.as_dict(),
            "hint": self.hint.as_dict(),
            "paste": self.paste,
        }


@dataclass(slots=True)
class Findings:
    """Collects the problems of one pack."""

    pack: str = ""
    problems: list[PackProblem] = field(default_factory=list)
    _seen: set[PackProblem] = field(default_factory=set)
    _room: int | None = None
    _more: int = 0

    def add(
        self, code: str, place: Place, *, paste: str | None = None, near: str = "", **fields: Any
    ) -> None:
        """Record a problem. ``fields`` fill the templates; ``near`` is a did-you-mean."""
        if self._room is not None and len(self.problems) >= self._room:
            self._more += 1
            return
        kind = PROBLEM_KINDS[code]
        hint = kind.hint.format(**fields)
        if near:
            meant = Text(f"您是否想写“{near}”？", f'Did you mean "{near}"? ')
            hint = Text(zh=meant.zh + hint.zh, en=(meant.en + hint.en).strip())
        found = PackProblem(code, place, kind.text.format(**fields), hint, paste, self.pack)
        if found not in self._seen:
            self._seen.add(found)
            self.problems.append(found)

    @contextmanager
    def at_most(self, count: int, place: Place) -> Iterator[None]:
        """Keep the first ``count`` problems found inside and only count the others."""
        self._room, self._more = len(self.problems) + count, 0
        try:
            yield
        finally:
            self._room, more = None, self._more
        if more:
            self.add("pack.rows_more", place, count=more)

    def sorted(self) -> list[PackProblem]:
        return sorted(self.problems, key=_order)

    def __bool__(self) -> bool:
        return bool(self.problems)


def nearest(found: str, valid: Iterable[str]) -> str:
    """The valid word most like ``found``, or nothing."""
    return next(iter(difflib.get_close_matches(found, list(valid), 1, 0.6)), "")


def _order(problem: PackProblem) -> tuple[str, int, str]:
    place = problem.place
    return (place.file or "", place.line or place.row or 0, problem.code)
