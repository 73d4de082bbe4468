"""The rows of a delivery that are no data, named for its people: where, what stands there, why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from qiantang.engine.quality.reading import RowStream

LISTED: Final = 100
"""So many rows are named; the counts are of all."""
_LONGEST: Final = 200


def left_out_of(stream: RowStream, file: str) -> dict[str, Any]:
    """``total``, ``reasons`` (kind of row -> count) and ``rows``: the first `LISTED`, each with
    file, sheet, row, reason, content and text, rows that say something before blank ones;
    ``columns``: the columns that give no field, which are not read."""
    from qiantang.engine.quality.headings import is_ignored

    sheet, member = stream.recipe.sheet or "", stream.recipe.member
    ordered = sorted(stream.skipped_rows, key=lambda r: (r.reason == "blank", r.row))
    rows = [
        {
            "file": f"{file}/{member}" if member else file,
            "sheet": sheet,
            "row": each.row,
            "reason": each.reason,
            "content": " | ".join(cell for cell in each.cells if cell.strip())[:_LONGEST],
            "text": each.text.as_dict(),
        }
        for each in ordered[:LISTED]
    ]
    reasons = dict(sorted(stream.skipped.items()))
    columns = [c.source for c in stream.recipe.columns if c.source and not c.field]
    names = [name[:_LONGEST] for name in columns if not is_ignored(name)][:LISTED]
    return {
        "total": stream.skipped.total(),
        "reasons": reasons,
        "rows": rows,
        "columns": names,
    }


def shown_left_out(kept: Mapping[str, Any], masked: str | None) -> Mapping[str, Any]:
    """As a reader may see it: ``masked`` stands for what the rows say, where it is given."""
    rows = kept.get("rows", ())
    if masked is not None:
        rows = [{**row, "content": masked} for row in rows]
    empty = {"total": 0, "reasons": {}, "columns": []}
    return {**empty, **kept, "rows": list(rows)}
