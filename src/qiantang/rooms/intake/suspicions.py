"""What makes a person look at a delivery although its rows pass: it may have been cut off.

A text that ends in the middle of a line, and a replacement after which much of the table would be
gone. Rows with too few cells elsewhere are told and stop nothing: what is missing there is empty,
and where a field is required the row is set aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Mode, Resource
from qiantang.rooms.intake.holding import held_for
from qiantang.rooms.intake.models import Run
from qiantang.rooms.shelf import selectors as shelf

if TYPE_CHECKING:
    from qiantang.engine.quality import Examination
    from qiantang.engine.quality.reading import RowStream

CUT: Final = frozenset({"file_cut", "fewer_cells"})
"""Codes of the reader's doubts that are judged here."""
_FEWEST: Final = 5
"""So many rows at least must go: of a table of three, one is a third."""


def with_suspicions(
    said: Mapping[str, Any], run: Run, resource: Resource, found: Examination, stream: RowStream
) -> dict[str, Any]:
    """The verdict ``said`` with what looks cut off: instead of being published it is held."""
    from qiantang.engine.quality.reading.cut_doubts import FEWER_CELLS, FILE_CUT

    told = {doubt.code: doubt.text for doubt in stream.doubts}
    grave = [text for code, text in told.items() if code == FILE_CUT]
    shrunk = _shrunk(run, resource, found.accepted)
    grave += [shrunk] if shrunk else []
    held = held_for(said, grave)
    fewer = [text.as_dict() for code, text in told.items() if code == FEWER_CELLS]
    return {**held, "reasons": [*held["reasons"], *fewer]}


def _shrunk(run: Run, resource: Resource, rows: int) -> Text | None:
    """That a replacement takes away more of the table than the resource allows unseen."""
    there = _rows_there(run) if run.mode == Mode.REPLACE else 0
    limit = resource.limits.shrink_above
    gone = there - rows
    if gone < _FEWEST or gone <= there * limit:
        return None
    share = gone / there
    return Text(
        f"整体替换后，表将由 {there} 行减为 {rows} 行（减少 {share:.2%}，"
        f"可直接入库的上限 {limit:.2%}）：请核对来源是否完整。",
        f"Replacing leaves {rows} of the table's {there} rows ({share:.2%} fewer; above "
        f"{limit:.2%} an approver decides): compare with the source whether it is whole.",
    )


def _rows_there(run: Run) -> int:
    """How many rows the table has of the run's part of the resource."""
    lake = shelf.lake()
    if run.resource not in lake.tables():
        return 0
    where = ' WHERE "_division" = ?' if run.division else ""
    params = [run.division] if run.division else []
    sql = f'SELECT count(*) AS n FROM "t"{where}'  # noqa: S608
    found = lake.query(sql, {"t": run.resource}, params=params)
    return int(found.column("n")[0].as_py())
