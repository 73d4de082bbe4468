"""The rank table of an index in a year: scores, places, and what moved them in a year."""

from __future__ import annotations

from qiantang.rooms.indices.finding import element_of, rank_at, rows_in, score_at, year_of
from qiantang.rooms.indices.moving import largest_causes, past_of
from qiantang.rooms.indices.shapes import Made, RankRow


def ranking(made: Made, year: int | None = None, element: str | None = None) -> tuple[RankRow, ...]:
    """Every unit, best first, those without a score last. ``element``: of a part of the index.
    Raises `YearUnknown`, `ElementUnknown`."""
    code, now = element_of(made, element), year_of(made, year)
    past, rows = past_of(made, now), rows_in(made, now)
    causes = largest_causes(made, past, code) if past else {}
    at = made.index.scores.at(code)
    found = []
    for unit in made.units:
        rank = rank_at(made, rows.get(unit), at)
        score_before, was = past.standing(unit, code) if past else (None, None)
        because, share = causes.get(unit, ("", None))
        found.append(
            RankRow(
                unit=unit,
                name=made.unit_name(unit),
                score=score_at(made, rows.get(unit), at),
                rank=rank,
                before=was,
                moved=None if rank is None or was is None else was - rank,
                score_before=score_before,
                because=because,
                because_name=made.name(because) if because else None,
                share=share,
            )
        )
    return tuple(sorted(found, key=lambda r: (r.rank is None, r.rank or 0, r.unit)))
