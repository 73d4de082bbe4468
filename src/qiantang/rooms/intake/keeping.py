"""Updates by key whose file lacks columns: those keep what the table has for the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Mode, Resource
from qiantang.rooms.intake import spool
from qiantang.rooms.intake.examined import examination_of
from qiantang.rooms.intake.models import Run
from qiantang.rooms.shelf import selectors as shelf

if TYPE_CHECKING:
    import pyarrow as pa

    from qiantang.engine.lake import Lake


def kept_fields(resource: Resource, mode: str, columns: Mapping[str, str]) -> list[str]:
    """The fields that an update leaves as they are: none of the file's columns gives them.

    ``columns``: field -> its heading in the file; empty where the source does not tell."""
    if mode != Mode.UPSERT or not columns:
        return []
    return [field.id for field in resource.fields if field.id not in columns]


def checked_alone(resource: Resource, mode: str, columns: Mapping[str, str]) -> Resource:
    """The resource as the file by itself is checked: conditions that need a kept field wait for the
    whole row (`meanwhile.look_at_whole_rows`)."""
    from qiantang.engine.quality.whole_rows import conditions_on

    kept = kept_fields(resource, mode, columns)
    later = conditions_on(resource, kept) if kept else ()
    if not later:
        return resource
    return replace(resource, checks=tuple(c for c in resource.checks if c not in later))


def what_is_kept(resource: Resource, fields: Sequence[str]) -> Text:
    """The sentence for the run's reasons."""
    names = [field.name for field in resource.fields if field.id in fields]
    zh, en = "、".join(n.zh for n in names), ", ".join(n.en for n in names)
    return Text(
        f"已有主键的这些字段保留表中原值，新主键留空：{zh}。",
        f"Fields that keep the table's values for keys that exist (empty for new keys): {en}.",
    )


def with_kept(run: Run, resource: Resource, rows: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """The run's accepted rows as an update writes them: with the present values of the fields that
    its file does not have. Other modes, and files that have all columns, as they are."""
    import pyarrow as pa

    from qiantang.engine.quality.kept_columns import columns_of, with_present

    lake = shelf.lake()
    if run.mode != Mode.UPSERT or run.resource not in lake.tables():
        return rows
    fields = kept_fields(resource, run.mode, examination_of(run, resource).columns)
    known = set(lake.schema(run.resource).names)
    kept = [name for name in columns_of(resource, fields) if name in known]
    if not kept:
        return rows
    filled = with_present(
        rows,
        lambda: _present(lake, run, [*resource.grain, *kept, "_run"]),
        key=resource.grain,
        kept=kept,
        spill=spool.checked_folder(run.id) / "spill-kept",
    )
    return pa.RecordBatchReader.from_batches(rows.schema, filled)


def _present(lake: Lake, run: Run, columns: Sequence[str]) -> pa.RecordBatchReader:
    """These columns of what the lake has of the run's part of the resource."""
    if not run.division:
        return lake.reader(run.resource, columns=columns)
    where, params = '"_division" = ?', [run.division]
    return lake.reader(run.resource, columns=columns, where=where, params=params)
