"""Rows that an examination accepted and that are set aside after all, before they are published.

New files stand beside the old ones until the caller has kept their names, so that a process that
dies in between finds what it began with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from qiantang.engine.quality.as_sent import rows_as_sent
from qiantang.engine.quality.checker import Failure
from qiantang.engine.quality.errors import CountsDiffer
from qiantang.engine.quality.examination import SUMMARY, Examination
from qiantang.engine.quality.kinds import DUPLICATE
from qiantang.engine.quality.parts import kept_frame
from qiantang.engine.quality.problem_rows import SCHEMA, problem_frame
from qiantang.engine.quality.rulebook import Rule
from qiantang.engine.quality.stream import PLACE, ROW, SHEET, RowStream
from qiantang.engine.quality.verdicts import Counts, judged_again
from qiantang.engine.quality.written import with_key
from qiantang.packkit.compiled import Dimension, Resource


@dataclass(frozen=True, slots=True)
class Fallen:
    """The places (``_sheet``, ``_row``) of accepted rows that fail a rule, each once; beside them
    what would be right (``expected``, ``expected_en``) where the rule's words say it."""

    rule: Rule
    places: pl.DataFrame


def accepted_rows(found: Examination, columns: Sequence[str]) -> pl.DataFrame:
    """The places of the accepted rows and the columns asked for."""
    return kept_frame(found.accepted_files, [*PLACE, *columns])


def set_aside_more(
    found: Examination,
    resource: Resource,
    fallen: Sequence[Fallen],
    *,
    stream: RowStream,
    turn: int,
) -> Examination:
    """The examination without the fallen rows, which are set aside with their reasons.

    ``turn`` counts such second looks at one examination from 1; ``stream`` gives the rows of the
    delivery as they were sent, and is closed. The files of ``found`` stay as they are. Raises
    `CountsDiffer` where the stream has not all of the rows.
    """
    gone = places_of(fallen)
    raw = pl.concat([_nothing(resource), *(r for r in rows_as_sent(stream, gone))], how="diagonal")
    if raw.height != gone.height:
        raise CountsDiffer(sent=gone.height, found=raw.height)
    repeated = places_of([each for each in fallen if each.rule.code in DUPLICATE])
    files = tuple(_without(path, gone, turn) for path in found.accepted_files)
    now = replace(
        found,
        accepted=found.accepted - raw.height,
        set_aside=found.set_aside + raw.height,
        duplicates=found.duplicates + repeated.height,
        accepted_files=files,
        problems_file=_grown(
            found.problems_file, _problems(raw, resource, fallen, found.columns), SCHEMA, turn
        ),
        rows_file=_grown(found.rows_file, raw, pq.read_schema(found.rows_file), turn),
        rules={**found.rules, **{each.rule.id: each.places.height for each in fallen}},
    )
    failed: dict[Dimension, int] = {}
    for each in fallen:
        dimension = each.rule.dimension
        failed[dimension] = failed.get(dimension, 0) + each.places.height
    verdict = judged_again(
        found.verdict, resource, (_counts(found), _counts(now)), failed, found.personal
    )
    now = replace(now, verdict=verdict)
    fresh = now.folder / f"{SUMMARY}.new"
    fresh.write_text(json.dumps(now.as_dict(), ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(now.folder / SUMMARY)
    return now


def places_of(fallen: Sequence[Fallen]) -> pl.DataFrame:
    """The places of all rows that fall, each once."""
    nothing = pl.DataFrame(schema={SHEET: pl.String, ROW: pl.Int64})
    return pl.concat([nothing, *(each.places.select(PLACE) for each in fallen)]).unique()


def _nothing(resource: Resource) -> pl.DataFrame:
    """No rows, with a column for every field."""
    fields = {field.id: pl.String for field in resource.fields}
    return pl.DataFrame(schema={**fields, SHEET: pl.String, ROW: pl.Int64})


def _counts(found: Examination) -> Counts:
    return Counts(found.sent, found.accepted, found.set_aside, found.duplicates)


def _problems(
    raw: pl.DataFrame, resource: Resource, fallen: Sequence[Fallen], headings: Mapping[str, str]
) -> pl.DataFrame:
    shown = with_key(raw, resource).with_row_index("at")
    frames = []
    for each in fallen:
        rows = shown.join(each.places.unique(PLACE), on=PLACE, nulls_equal=True)
        right = [rows[name] for name in ("expected", "expected_en") if name in rows.columns]
        failure = Failure(each.rule, rows["at"], *right)
        frames.append(problem_frame(shown, [failure], headings))
    return pl.concat(frames)


def _named(path: Path, turn: int) -> Path:
    stem = path.stem.partition("~")[0]
    return path.with_name(f"{stem}~{turn}.parquet")


def _grown(path: Path, more: pl.DataFrame, schema: Any, turn: int) -> Path:
    """A copy of the file with rows added."""
    made = _named(path, turn)
    with pq.ParquetFile(path) as old, pq.ParquetWriter(made, schema, compression="zstd") as out:
        for batch in old.iter_batches():
            out.write_batch(batch.cast(schema))
        if more.height:
            out.write_table(more.select(schema.names).to_arrow().cast(schema))
    return made


def _without(path: Path, gone: pl.DataFrame, turn: int) -> Path:
    """A copy of the file without the rows."""
    made = _named(path, turn)
    with pq.ParquetFile(path) as old:
        schema = old.schema_arrow
        with pq.ParquetWriter(made, schema, compression="zstd", compression_level=1) as out:
            for batch in old.iter_batches():
                frame = pl.from_arrow(pa.Table.from_batches([batch]))
                assert isinstance(frame, pl.DataFrame)
                kept = frame.join(
                    gone, on=PLACE, how="anti", nulls_equal=True, maintain_order="left"
                )
                out.write_table(kept.select(schema.names).to_arrow().cast(schema))
    return made
