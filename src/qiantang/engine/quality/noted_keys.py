"""Accepted rows that are named among the findings for their key, as warnings.

Keys of a deletion that the table does not have: what such a row asks for, that no row has this key,
is so already. SQL's DELETE and the bulk interfaces of search and table stores treat it alike: no
error, and told one by one. Keys that newer data stands under: publishing overwrites it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qiantang.engine.quality.checker import Failure
from qiantang.engine.quality.examination import Examination
from qiantang.engine.quality.problem_rows import SCHEMA, problem_frame
from qiantang.engine.quality.rulebook import grain_rule
from qiantang.engine.quality.table_keys import rows_by_key
from qiantang.engine.quality.written import as_written, with_key
from qiantang.packkit.compiled import Resource, Severity

ABSENT: Final = "key_absent"
NEWER: Final = "key_newer"


def note_absent_keys(
    found: Examination,
    resource: Resource,
    there: pa.RecordBatchReader,
    *,
    factors: Mapping[str, Decimal],
) -> tuple[Path, int]:
    """A file of the findings with every accepted row whose key is not in the table, and how many
    such rows there are.

    ``resource`` as the deletion was checked, ``there`` its key columns of the table, ``factors``
    those of the recipe. Safe to repeat: what an earlier try noted is not counted again. Memory is
    bounded by a batch and the keys that come in, which spill to the disk.
    """
    rows = rows_by_key(found, resource.grain, there, present=False)
    return _noted(found, resource, ABSENT, rows, factors)


def note_newer_keys(
    found: Examination,
    resource: Resource,
    there: pa.RecordBatchReader,
    *,
    factors: Mapping[str, Decimal],
) -> tuple[Path, int]:
    """As `note_absent_keys`, every accepted row whose key is among those of ``there``, the keys of
    data that is newer than the delivery."""
    rows = rows_by_key(found, resource.grain, there, present=True)
    return _noted(found, resource, NEWER, rows, factors)


def _noted(
    found: Examination,
    resource: Resource,
    code: str,
    frames: Iterable[pl.DataFrame],
    factors: Mapping[str, Decimal],
) -> tuple[Path, int]:
    """The findings with a warning of the kind ``code`` for every row of the frames."""
    rule = grain_rule(resource, code, Severity.WARN)
    made = found.folder / f"problems-{code}.parquet"
    fresh = made.with_suffix(".new")
    count = 0
    with pq.ParquetWriter(fresh, SCHEMA, compression="zstd") as out:
        _copy_others(found.problems_file, code, out)
        for rows in frames:
            shown = with_key(as_written(rows, resource, factors), resource)
            every = pl.int_range(rows.height, eager=True, dtype=pl.UInt32)
            frame = problem_frame(shown, [Failure(rule, every)], found.columns)
            out.write_table(frame.select(SCHEMA.names).to_arrow().cast(SCHEMA))
            count += rows.height
    fresh.replace(made)
    return made, count


def _copy_others(file: Path, code: str, out: Any) -> None:
    """The findings of another kind."""
    with pq.ParquetFile(file) as old:
        for batch in old.iter_batches():
            kept = batch.filter(pc.not_equal(batch.column("code"), code))
            out.write_batch(kept.cast(SCHEMA))
