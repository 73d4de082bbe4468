"""How checks that are a select count in the verdict: each once for a delivery, in the dimension it
declares, by the rows of the delivery that were held against it and those of them that fail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qiantang.packkit.compiled import Check, Mode, Resource
from qiantang.rooms.intake.examined import examination_of
from qiantang.rooms.intake.models import Run

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

_COUNTED: Final = "counted"


def count(run: Run, check: Check, rows: int, failed: int) -> None:
    """Count the check, ``rows`` of the delivery asked; not saved. One that was counted before is
    not counted again: a run that was held, or whose process died, is asked anew. The rows of a
    deletion are held against nothing, for they are not there afterwards."""
    from qiantang.engine.quality.verdicts import Verdict, with_checked

    verdict = run.verdict or {}
    if run.mode == Mode.DELETE or check.id in verdict.get(_COUNTED, ()):
        return
    again = with_checked(Verdict.from_dict(verdict), check.dimension, rows, failed)
    run.verdict = {**verdict, "dimensions": again.as_dict()["dimensions"]}
    note_counted(run, [check])


def note_counted(run: Run, checks: list[Check]) -> None:
    """Remember what was counted when its rows were set aside."""
    verdict = run.verdict or {}
    ids = (*verdict.get(_COUNTED, ()), *(check.id for check in checks))
    run.verdict = {**verdict, _COUNTED: list(dict.fromkeys(ids))}


def keyed(rows: pa.Table, resource: Resource) -> pl.DataFrame:
    """The failing rows by the resource's grain, as text; a select names columns in any case."""
    import polars as pl

    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)
    said = {name.lower(): name for name in frame.columns}
    columns = [pl.col(said[g.lower()]).cast(pl.String).alias(g) for g in resource.grain]
    return frame.select(columns).unique(maintain_order=True)


def of_this(run: Run, resource: Resource, failing: pl.DataFrame) -> pl.DataFrame:
    """The accepted rows of the run that are among the failing ones, with their places."""
    import polars as pl

    from qiantang.engine.quality.second_look import accepted_rows

    held = accepted_rows(examination_of(run, resource), list(resource.grain))
    held = held.with_columns(pl.col(name).cast(pl.String) for name in resource.grain)
    return held.join(failing, on=list(resource.grain), how="semi", nulls_equal=True)
