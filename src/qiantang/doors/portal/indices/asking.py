"""What an address of an index asks: the edition, the year, and what its links carry on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from qiantang.doors.portal.answers import actor_of
from qiantang.doors.portal.asking import whole_number
from qiantang.doors.portal.indices.values import shown_year
from qiantang.rooms.indices import selectors as indices
from qiantang.rooms.indices.errors import YearUnknown
from qiantang.rooms.indices.shapes import Made


@dataclass(frozen=True, slots=True)
class Asked:
    """An edition of an index in one year. ``tail`` is the query that keeps both for the next
    page, with its question mark; empty for the latest edition and year."""

    made: Made
    year: int | None
    tail: str

    @property
    def key(self) -> str:
        return self.made.declared.key

    @property
    def number(self) -> int:
        """The edition's number."""
        return self.made.edition.number if self.made.edition else 0

    def more(self, **fields: object) -> str:
        """``tail`` with further fields."""
        query = dict(pair.split("=", 1) for pair in self.tail[1:].split("&") if pair)
        return f"?{urlencode({**query, **{k: str(v) for k, v in fields.items()}})}"


def asked(request: HttpRequest, key: str) -> Asked:
    """What ``?edition=`` and ``?year=`` ask of an index. Raises what the room raises for an
    unknown index or edition, `YearUnknown`."""
    number = edition_asked(request)
    made = indices.made(actor_of(request), key, number)
    year = _year(request, made)
    tail: dict[str, Any] = {}
    if number is not None:
        tail["edition"] = number
    if year is not None and year != shown_year(made):
        tail["year"] = year
    return Asked(made, year, f"?{urlencode(tail)}" if tail else "")


def edition_asked(request: HttpRequest) -> int | None:
    """The number of ``?edition=``; None for the latest. What is no number is edition 0, which
    nothing has, so that the answer says so."""
    text = request.GET.get("edition", "").strip()
    return (whole_number(text) or 0) if text else None


def _year(request: HttpRequest, made: Made) -> int | None:
    text = request.GET.get("year", "").strip()
    if not made.years:
        return None
    if not text:
        return shown_year(made)
    year = whole_number(text)
    if year not in made.years:
        raise YearUnknown(found=text[:20], expected="、".join(str(y) for y in made.years))
    return year


def frame_of(request: HttpRequest, ask: Asked, tab: str) -> dict[str, Any]:
    """What the head of every page of an index needs."""
    made = ask.made
    return {
        "made": made,
        "declared": made.declared,
        "edition": made.edition,
        "key": ask.key,
        "year": ask.year,
        "years": made.years,
        "default_year": shown_year(made),
        "tail": ask.tail,
        "tab": tab,
        "edition_asked": edition_asked(request),
        "corrected_by": made.edition.corrected_by if made.edition else None,
    }
