"""`generate`: batches of made-up rows of a resource, in bounded memory, by seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from qiantang.engine.samples.columns import Columns
from qiantang.engine.samples.disguise import disguise
from qiantang.engine.samples.errors import SampleTooLarge
from qiantang.engine.samples.faults import Planted, faults_of, plant
from qiantang.engine.samples.subjects import most_rows
from qiantang.engine.samples.world import World, world
from qiantang.packkit.compiled import Pack, Resource

BATCH: Final = 100_000


@dataclass(frozen=True, slots=True)
class Wish:
    """How a sample should be. ``faults``: share of rows made wrong; ``messy``: right values in
    odd writing; ``pool``: how many rows the resources have that this one refers to (the same as
    its own rows when 0)."""

    seed: int = 1
    faults: float = 0.0
    messy: bool = False
    pool: int = 0
    batch_rows: int = BATCH


def generate(  # noqa: PLR0913 (all but two are options by name)
    resource: Resource,
    rows: int,
    *,
    packs: Mapping[str, Pack],
    seed: int = 1,
    faults: float = 0.0,
    messy: bool = False,
    pool: int = 0,
    batch_rows: int = BATCH,
    truth: Callable[[list[Planted]], object] | None = None,
) -> Iterator[pa.RecordBatch]:
    """Batches of ``rows`` rows, every column text as a sender would write it.

    ``packs`` are the compiled packs with geography and those referred to. ``truth`` is told what
    was planted in each batch. Raises `SampleTooLarge` before the first batch.
    """
    wish = Wish(seed, faults, messy, pool or rows, batch_rows)
    made = world(packs, seed=seed, pool=wish.pool)
    _check_size(made, resource, rows)
    return _batches(made, resource, rows, wish, truth)


def sample(
    resource: Resource, rows: int, *, packs: Mapping[str, Pack], seed: int = 1, pool: int = 0
) -> pl.DataFrame:
    """A small sound sample as one frame, for tests and examples."""
    made = generate(resource, rows, packs=packs, seed=seed, pool=pool)
    return pl.concat([pl.DataFrame(batch) for batch in made])


def _batches(
    made: World,
    resource: Resource,
    rows: int,
    wish: Wish,
    truth: Callable[[list[Planted]], object] | None,
) -> Iterator[pa.RecordBatch]:
    kinds = faults_of(resource, made) if wish.faults else ()
    for first in range(0, rows, wish.batch_rows):
        index = np.arange(first, min(first + wish.batch_rows, rows), dtype=np.int64)
        frame = Columns(made, resource, index).frame()
        planted: list[Planted] = []
        if kinds:
            frame, planted = plant(frame, index, kinds, made.chance, wish.faults)
        if wish.messy:
            frame = disguise(frame, index, resource, made.chance, _faulty(planted, index))
        if truth is not None:
            truth(planted)
        yield _batch(frame)


def _faulty(planted: list[Planted], index: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pl.Series:
    """Rows with a planted fault keep their plain writing, so that the truth stays exact."""
    mask = np.zeros(len(index), dtype=np.bool_)
    mask[[each.row - 1 - int(index[0]) for each in planted]] = True
    return pl.Series(values=mask)


def _batch(frame: pl.DataFrame) -> pa.RecordBatch:
    table = frame.to_arrow()
    schema = pa.schema([pa.field(name, pa.string()) for name in table.column_names])
    return table.cast(schema).combine_chunks().to_batches()[0]


def _check_size(made: World, resource: Resource, rows: int) -> None:
    limit = most_rows(made, resource)
    if limit is not None and rows > limit:
        raise SampleTooLarge(id=f"{resource.pack}.{resource.id}", found=rows, expected=limit)
