"""What is wrong with a delivered sheet, cell by cell, with the place a person can go to."""

from __future__ import annotations

from dataclasses import dataclass

from qiantang.engine.targets.cells import BadCell
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One cell (or row, or column) that cannot be taken. ``code`` is stable."""

    code: str
    place: Place
    found: str
    expected: Text
    text: Text

    def as_dict(self) -> dict[str, object]:
        return {
            "code": self.code,
            "place": self.place.as_dict(),
            "found": self.found,
            "expected": self.expected.as_dict(),
            "text": self.text.as_dict(),
        }


@dataclass(slots=True)
class Sheet:
    """The reading of one sheet: where we are and what was wrong so far."""

    file: str
    sheet: str | None
    problems: list[RowProblem]
    row: int = 1

    def report(self, column: str | None, bad: BadCell) -> None:
        place = Place(file=self.file or None, sheet=self.sheet, row=self.row, column=column)
        self.problems.append(RowProblem(bad.code, place, bad.found, bad.expected, bad.text))
