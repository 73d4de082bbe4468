"""Scores of a published edition as figures of the indicator that the index names, so that targets
can rest on them: evidence tells the edition's number and digest."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from typing import Final

from django.utils import timezone

from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.indicators import services
from qiantang.rooms.indicators.deriving import Origin
from qiantang.rooms.indices.declaring import owner_path
from qiantang.rooms.indices.finding import rows_in, score_at
from qiantang.rooms.indices.shapes import EditionView, Made

POINTS: Final = "index"
KIND: Final = "index edition"
LONGEST_ID: Final = 64
PLACES: Final = 6
"""Decimals of a score that is kept as a figure."""


def publish_scores(made: Made, besides: Collection[int] = ()) -> None:
    """Record the scores of a published edition in place of those of earlier ones for its years,
    ``besides`` the years that a later edition holds; those of years that it does not hold stay.
    Taking it again changes nothing. Raises `OwnerMissing`, and what recording raises."""
    declared, edition = made.declared, made.edition
    assert edition is not None
    held = [year for year in made.told_years if year not in besides]
    rows = [row for year in held for row in _rows(made, edition, year)]
    ids = {row["id"] for row in rows}
    years = {str(year) for year in held}
    # Only what an edition of this index recorded: others may count as the same indicator.
    own = (
        o.id
        for o in indicators.figures(indicators=[declared.scores])
        if str(o.period) in years and o.id == _id(declared.key, o.division, o.period.year)
    )
    gone = [id for id in own if id not in ids]
    note = f"{declared.key} {edition.number} SHA-256 {edition.digest}"
    origin = Origin(f"{declared.key}/{edition.number}", owner_path(declared), note)
    services.publish_derived(SYSTEM, rows, origin, gone=gone)
    # A machine that died after the figures and before their news has left verdicts as they were.
    services.reassess_affected(SYSTEM, frozenset({declared.scores}), cause=note)


def _rows(made: Made, edition: EditionView, year: int) -> Iterator[dict[str, str]]:
    """A published score is the result itself, no estimate with a margin."""
    declared, at = made.declared, made.index.scores.at(made.structure.root.code)
    decided = edition.decided_at
    title = (f"{declared.name.zh} 第 {edition.number} 版 / "
             f"{declared.name.en}, edition {edition.number}")  # fmt: skip
    for unit, row in rows_in(made, year).items():
        score = score_at(made, row, at)
        if score is not None:
            yield {
                "id": _id(declared.key, unit, year), "indicator": declared.scores,
                "division": unit, "period": str(year), "value": f"{score:.{PLACES}f}",
                "unit": POINTS, "kind": "actual", "grade": "A", "source_title": title,
                "source_address": "", "source_kind": KIND,
                "published": timezone.localtime(decided).date().isoformat() if decided else "",
                "quote": f"{score:.{PLACES}f}; SHA-256 {edition.digest}",
            }  # fmt: skip


def _id(key: str, unit: str, year: int) -> str:
    """The same for every edition: the figure is revised, not doubled."""
    tail = f".{unit}.{year}"
    whole = f"{key}{tail}"
    if len(whole) <= LONGEST_ID:
        return whole
    return hashlib.sha256(key.encode()).hexdigest()[:24] + tail
