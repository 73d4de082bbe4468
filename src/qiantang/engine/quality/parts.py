"""Parquet files written batch by batch, a new file after so many rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

ROWS_A_PART: Final = 1_000_000
_COMPRESSION: Final = "zstd"
_LEVEL: Final = 1


class Parts:
    """A growing set of files ``name-0001.parquet`` ... of one schema. Close when done."""

    def __init__(
        self, folder: Path, name: str, schema: pa.Schema, *, rows: int | None = ROWS_A_PART
    ) -> None:
        self._folder, self._name, self.schema = folder, name, schema
        self._most = rows
        self.files: list[Path] = []
        self.rows = 0
        self._writer: Any = None
        self._in_part = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Write a batch; its columns are those of the schema, in any order."""
        if not frame.height:
            return
        table = frame.select(self.schema.names).to_arrow().cast(self.schema)
        self.add_table(table)

    def add_table(self, table: pa.Table) -> None:
        full = self._most is not None and self._in_part >= self._most
        if self._writer is None or full:
            self._next()
        self._writer.write_table(table)
        self._in_part += table.num_rows
        self.rows += table.num_rows

    def close(self) -> tuple[Path, ...]:
        """Finish the last file; there is always one, perhaps without rows."""
        if not self.files:
            self._next()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        return tuple(self.files)

    def _next(self) -> None:
        if self._writer is not None:
            self._writer.close()
        path = self._folder / f"{self._name}-{len(self.files) + 1:04d}.parquet"
        self.files.append(path)
        self._writer = pq.ParquetWriter(
            path, self.schema, compression=_COMPRESSION, compression_level=_LEVEL
        )
        self._in_part = 0


def batches_of(files: tuple[Path, ...], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rows of files in order, as ``schema`` names the columns; one row group at a time."""
    for path in files:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(columns=schema.names):
                yield batch.select(schema.names).cast(schema)


def without_rows(files: tuple[Path, ...], schema: pa.Schema, gone: pl.DataFrame) -> None:
    """Rewrite the files that hold rows of ``gone`` (``_sheet``, ``_row``) without them."""
    for path in files:
        places = pl.read_parquet(path, columns=["_sheet", "_row"])
        if not places.join(gone, on=["_sheet", "_row"], how="semi", nulls_equal=True).height:
            continue
        fresh = path.with_suffix(".new")
        with (
            pq.ParquetFile(path) as file,
            pq.ParquetWriter(
                fresh, schema, compression=_COMPRESSION, compression_level=_LEVEL
            ) as writer,
        ):
            for group in range(file.num_row_groups):
                frame = pl.from_arrow(file.read_row_group(group))
                assert isinstance(frame, pl.DataFrame)
                kept = frame.join(
                    gone, on=["_sheet", "_row"], how="anti", nulls_equal=True, maintain_order="left"
                )
                writer.write_table(kept.select(schema.names).to_arrow().cast(schema))
        fresh.replace(path)
