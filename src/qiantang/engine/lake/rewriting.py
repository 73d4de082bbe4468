"""Data files that DuckDB writes from data files: survivors of a delete, sorted compactions.

DuckDB writes Parquet with our field ids, in bounded memory and faster than any way through Arrow;
the file is then synced and described to Iceberg from its footer.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qiantang.engine.lake.columns import Column
from qiantang.engine.lake.plans import FilePlan, literal, reading
from qiantang.engine.lake.state import TableState
from qiantang.engine.lake.tables import whole_bounds

if TYPE_CHECKING:
    import duckdb
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table

ROW_GROUP: Final = 60_000


def select_from(paths: Sequence[Path], columns: Sequence[Column]) -> str:
    """A select of ``columns`` over data files, by field id."""
    return reading(columns, FilePlan(tuple(str(path) for path in paths), 0))


def copy_out(
    connection: duckdb.DuckDBPyConnection,
    select: str,
    table: Table,
    io: Any,
    state: TableState,
) -> DataFile:
    """One data file with the rows of ``select`` in their order, synced, in no version yet."""
    name = f"{uuid.uuid4()}.parquet"
    location = table.location_provider().new_data_location(data_file_name=name)
    path = io.adopt(location)
    ids = ", ".join(f"{literal(column.name)}: {column.id}" for column in state.columns)
    connection.cursor().execute(
        f"COPY ({select}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd, "
        f"ROW_GROUP_SIZE {ROW_GROUP}, FIELD_IDS {{{ids}}})"
    ).fetchall()
    io.settle(path)
    return described(table, location, path, state)


def described(table: Table, location: str, path: Path, state: TableState) -> DataFile:
    """What a manifest says of the Parquet file at ``path``."""
    import pyarrow.parquet as pq
    from pyiceberg.io.pyarrow import (
        compute_statistics_plan,
        data_file_statistics_from_parquet_metadata,
    )
    from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
    from pyiceberg.typedef import Record

    metadata = table.metadata
    statistics = data_file_statistics_from_parquet_metadata(
        parquet_metadata=pq.read_metadata(path),
        stats_columns=compute_statistics_plan(
            metadata.schema(), metadata.properties | whole_bounds(state.sort_by)
        ),
        parquet_column_mapping={column.name: column.id for column in state.columns},
    )
    return DataFile.from_args(
        content=DataFileContent.DATA,
        file_path=location,
        file_format=FileFormat.PARQUET,
        partition=Record(),
        file_size_in_bytes=path.stat().st_size,
        sort_order_id=None,
        spec_id=metadata.default_spec_id,
        equality_ids=None,
        key_metadata=None,
        **statistics.to_serialized_dict(),
    )
