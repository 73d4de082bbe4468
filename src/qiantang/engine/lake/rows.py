"""Rows on their way in: a table or a stream becomes sorted data files in bounded memory.

A table is sorted whole. A stream is cut into chunks that fit in memory, each sorted and written as
a file of its own; compaction sorts across files later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qiantang.engine.lake.columns import Column, conform

if TYPE_CHECKING:
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table

Rows: TypeAlias = pa.Table | pa.RecordBatchReader
CHUNK_BYTES: Final = 64 << 20
"""Arrow bytes of a stream that are held, sorted and written at once."""


def chunks(rows: Rows) -> Iterator[pa.Table]:
    """A table as it is; a stream in tables of about `CHUNK_BYTES`, nothing for an empty one."""
    if isinstance(rows, pa.Table):
        yield rows
        return
    held: list[pa.RecordBatch] = []
    size = 0
    for batch in rows:
        held.append(batch)
        size += batch.nbytes
        if size >= CHUNK_BYTES:
            whole, held, size = pa.Table.from_batches(held, rows.schema), [], 0
            yield whole
            del whole
    if held:
        yield pa.Table.from_batches(held, rows.schema)


def write(
    table: Table, io: Any, rows: Rows, columns: Sequence[Column], sort_by: Sequence[str]
) -> list[DataFile]:
    """Data files of ``rows``, each sorted by ``sort_by``, on the disk but in no version yet.

    Raises `RowsUnfit` where rows are not as ``columns`` say.
    """
    from pyiceberg.io.pyarrow import _dataframe_to_data_files

    name = table.name()[-1]
    files: list[DataFile] = []
    if isinstance(rows, pa.RecordBatchReader):
        conform(name, rows.schema.empty_table(), columns)
    for chunk in chunks(rows):
        fitted = conform(name, chunk, columns)
        fitted = sorted_by(fitted, sort_by)
        if fitted.num_rows:
            files += _dataframe_to_data_files(table.metadata, fitted, io)
        # Neither held nor kept by Arrow's pool while the next chunk is gathered.
        del chunk, fitted
        pa.default_memory_pool().release_unused()
    return files


def sorted_by(rows: pa.Table, columns: Sequence[str]) -> pa.Table:
    """``rows`` sorted by ``columns``; rows that come in order are not moved."""
    if not columns or rows.num_rows == 0:
        return rows
    order = pc.sort_indices(rows, sort_keys=[(column, "ascending") for column in columns])
    moved = pc.any(pc.not_equal(order, pa.array(np.arange(len(order)), order.type)))
    return rows.take(order) if moved.as_py() else rows
