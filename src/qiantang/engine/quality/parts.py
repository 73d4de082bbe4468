"""Parquet files written batch by batch, a new file after so many rows; and their rows again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from qiantang.engine.quality.stream import PLACE, ROW

ROWS_A_PART: Final = 1_000_000
_LEFT_OUT: Final = "left-out.parquet"
_COMPRESSION: Final = "zstd"
_LEVEL: Final = 1


class Parts:
    """A growing set of files ``name-0001.parquet`` ... of one schema. Close when done.

    A batch is written while the next is checked; what goes wrong is raised by the next call.
    """

    def __init__(
        self, folder: Path, name: str, schema: pa.Schema, *, rows: int | None = ROWS_A_PART
    ) -> None:
        self._folder, self._name, self.schema = folder, name, schema
        self._most = rows
        self.files: list[Path] = []
        self.rows = 0
        self._writer: Any = None
        self._in_part = 0
        self._behind = ThreadPoolExecutor(1, f"{name}-writer")
        self._writing: Future[None] | None = None

    def add(self, frame: pl.DataFrame) -> None:
        """Write a batch; its columns are those of the schema, in any order."""
        if not frame.height:
            return
        self._written()
        self.rows += frame.height
        self._writing = self._behind.submit(self._write, frame)

    def _write(self, frame: pl.DataFrame) -> None:
        table = frame.select(self.schema.names).to_arrow().cast(self.schema)
        full = self._most is not None and self._in_part >= self._most
        if self._writer is None or full:
            self._next()
        self._writer.write_table(table)
        self._in_part += table.num_rows

    def _written(self) -> None:
        """Wait for the batch before. Raises what its writing raised."""
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.result()

    def close(self) -> tuple[Path, ...]:
        """Finish the last file; there is always one, perhaps without rows."""
        try:
            self._written()
        finally:
            self._behind.shutdown()
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
        # Numbers and names of a delivery hardly repeat, and what does is packed well as it stands.
        self._writer = pq.ParquetWriter(
            path,
            self.schema,
            compression=_COMPRESSION,
            compression_level=_LEVEL,
            use_dictionary=False,
        )
        self._in_part = 0


def kept_batches(files: Sequence[Path], rows: int = 65_536) -> Iterator[pa.RecordBatch]:
    """The rows of files of one folder in order, without those that `leave_out` has noted there."""
    gone = _left_out(files[0].parent) if files else None
    for path in files:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(rows):
                yield batch if gone is None else _without(batch, gone)


def batches_of(files: Sequence[Path], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """`kept_batches` as ``schema`` names and types the columns."""
    for batch in kept_batches(files):
        yield batch.select(schema.names).cast(schema)


def kept_frame(files: Sequence[Path], columns: Sequence[str]) -> pl.DataFrame:
    """Columns of the same rows at once; `PLACE` must be among them."""
    frame = pl.concat([pl.read_parquet(path, columns=list(columns)) for path in files])
    gone = _left_out(files[0].parent)
    if gone is None:
        return frame
    return frame.join(gone, on=PLACE, how="anti", nulls_equal=True, maintain_order="left")


def leave_out(folder: Path, gone: pl.DataFrame) -> None:
    """Note rows (`PLACE`) of the folder's files that are none of it after all: a few rows beside
    the files instead of the files written anew."""
    gone.select(PLACE).write_parquet(folder / _LEFT_OUT)


def _left_out(folder: Path) -> pl.DataFrame | None:
    path = folder / _LEFT_OUT
    return pl.read_parquet(path) if path.is_file() else None


def _without(batch: pa.RecordBatch, gone: pl.DataFrame) -> pa.RecordBatch:
    """The batch without the rows of ``gone``."""
    places = pl.from_arrow(pa.Table.from_batches([batch.select(list(PLACE))]))
    assert isinstance(places, pl.DataFrame)
    near = gone.filter(pl.col(ROW).is_between(places[ROW].min(), places[ROW].max()))
    hit = places.with_row_index("at").join(near, on=PLACE, how="semi", nulls_equal=True)["at"]
    if not hit.len():
        return batch
    kept = pl.repeat(value=True, n=places.height, eager=True).scatter(hit, values=False)
    return batch.filter(kept.to_arrow())
