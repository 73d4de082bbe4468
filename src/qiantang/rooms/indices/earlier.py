"""The edition of the year before, where an index has an edition for each year.

Of several editions of one year the newest counts: it corrects the others. An edition of the same
year is a correction, never "last year".
"""

from __future__ import annotations

from dataclasses import replace

from qiantang.rooms.indices import making
from qiantang.rooms.indices.errors import BundleLost
from qiantang.rooms.indices.models import Edition
from qiantang.rooms.indices.shapes import EditionView, Made
from qiantang.rooms.indices.views import edition_views


def with_year_before(made: Made) -> Made:
    """The index with the published edition of the latest year before its own; as it is where it
    spans several years or nothing earlier is published."""
    year = made.single_year
    if year is None:
        return made
    try:
        before = _edition_before(made, year)
        return replace(made, before=making.published(made.declared, before)) if before else made
    except BundleLost:
        return made  # told on the page of the edition that lost it


def _edition_before(made: Made, year: int) -> EditionView | None:
    rows = Edition.objects.filter(index=made.declared.key, state=Edition.State.PUBLISHED)
    if made.edition is not None:
        rows = rows.exclude(number=made.edition.number)
    known = ((making.year_of(view), view) for view in edition_views(rows))
    earlier = [(told, view.number, view) for told, view in known if told and told < year]
    return max(earlier, key=lambda each: each[:2])[2] if earlier else None
