"""Accepted rows held against the keys that a table has: those that it has, or those that it lacks.

Memory is bounded by a batch and the keys that come in, which spill to the disk.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from qiantang.engine.lake.duck import Limits, workshop
from qiantang.engine.lake.plans import quoted
from qiantang.engine.quality.examination import Examination
from qiantang.engine.quality.parts import kept_batches
from qiantang.engine.quality.stream import PLACE

_MEMORY: Final = "128MB"
_BATCH: Final = 50_000


def rows_by_key(
    found: Examination, key: Sequence[str], there: pa.RecordBatchReader, *, present: bool
) -> Iterator[pl.DataFrame]:
    """The accepted rows whose key ``there`` has (``present``) or lacks, in the order of the source,
    some at a time. An empty part of a key counts as a value."""
    spill = found.folder / "spill-keys"
    names = ", ".join(quoted(name) for name in key)
    same = " AND ".join(f"s.{quoted(n)} IS NOT DISTINCT FROM t.{quoted(n)}" for n in key)
    side = "SEMI" if present else "ANTI"
    schema = pq.read_schema(found.accepted_files[0])
    sent = pa.RecordBatchReader.from_batches(schema, kept_batches(found.accepted_files))
    try:
        with workshop(Limits(memory=_MEMORY), spill) as db:
            db.register("coming", sent)
            db.execute("CREATE TABLE sent AS SELECT * FROM coming")
            db.register("there", there)
            # The delivery is the smaller side: it is what the keys of the table are held against.
            db.execute(
                f"CREATE TABLE hit AS SELECT DISTINCT {names} FROM there t "  # noqa: S608
                f"SEMI JOIN sent s ON {same}"
            )
            asked = f"SELECT s.* FROM sent s {side} JOIN hit t ON {same} ORDER BY _sheet, _row"  # noqa: S608
            for batch in db.sql(asked).to_arrow_reader(_BATCH):
                rows = pl.from_arrow(pa.Table.from_batches([batch]))
                assert isinstance(rows, pl.DataFrame)
                yield rows
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def places_there(
    found: Examination, key: Sequence[str], there: pa.RecordBatchReader
) -> pl.DataFrame:
    """The places (``_sheet``, ``_row``) of the accepted rows whose key ``there`` has."""
    nothing = pl.DataFrame(schema={"_sheet": pl.String, "_row": pl.Int64})
    hit = (rows.select(PLACE) for rows in rows_by_key(found, key, there, present=True))
    return pl.concat([nothing, *hit])
