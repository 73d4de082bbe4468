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
    columns: Sequence[Column],
) -> DataFile:
    """One data file with the rows of ``select`` in their order, synced, in no version yet."""
    name = f"{uuid.uuid4()}.parquet"
    location = table.location_provider().new_data_location(data_file_name=name)
    path = io.adopt(location)
    ids = ", ".join(f"{literal(column.name)}: {column.id}" for column in columns)
    connection.cursor().execute(
        f"COPY ({select}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd, "
        f"ROW_GROUP_SIZE {ROW_GROUP}, FIELD_IDS {{{ids}}})"
    ).fetchall()
    io.settle(path)
    return described(table, location, path, columns)


def described(table: Table, location: str, path: Path, columns: Sequence[Column]) -> DataFile:
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
        stats_columns=compute_statistics_plan(metadata.schema(), metadata.properties),
        parquet_column_mapping={column.name: column.id for column in columns},
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
