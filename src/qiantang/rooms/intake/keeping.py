"""Updates by key whose file lacks columns: those keep what the table has for the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Field, Mode, Resource
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


def must_come(resource: Resource, mode: str, field: Field) -> bool:
    """Whether a file has to have a column for the field. An update by key needs its key alone: what
    it does not have is kept. Figures that are handed on as they stand in the file must be whole."""
    updates = mode == Mode.UPSERT and not resource.role
    return field.id in resource.grain if updates else field.required


def as_delivered(resource: Resource, mode: str) -> Resource:
    """The resource as a file for it is looked at: required is what its columns must give."""
    fields = (replace(f, required=must_come(resource, mode, f)) for f in resource.fields)
    return resource if mode != Mode.UPSERT else replace(resource, fields=tuple(fields))


def checked_alone(resource: Resource, mode: str, columns: Mapping[str, str]) -> Resource:
    """The resource as the file by itself is checked: conditions that need a kept field, and whether
    a required one has a value, wait for the whole row (`meanwhile.look_at_whole_rows`)."""
    from qiantang.engine.quality.whole_rows import conditions_on

    kept = kept_fields(resource, mode, columns)
    if not kept:
        return resource
    later = conditions_on(resource, kept)
    return replace(
        resource,
        checks=tuple(c for c in resource.checks if c not in later),
        fields=tuple(
            replace(f, required=must_come(resource, mode, f)) if f.id in kept else f
            for f in resource.fields
        ),
    )


def what_is_kept(resource: Resource, fields: Sequence[str]) -> Text:
    """The sentence for the run's reasons."""
    kept = [field for field in resource.fields if field.id in fields]
    names, needed = _listed(kept), _listed([field for field in kept if field.required])
    said = Text(
        f"已有主键的这些字段保留表中原值，新主键留空：{names.zh}。",
        f"Fields that keep the table's values for keys that exist (empty for new keys): "
        f"{names.en}.",
    )
    if not needed.zh:
        return said
    return Text(
        f"{said.zh}其中必填的{needed.zh}没有原值可保留时，该行剔出。",
        f"{said.en} Rows for which the table has no value of {needed.en}, which is required, are "
        "set aside.",
    )


def _listed(fields: Sequence[Field]) -> Text:
    return Text("、".join(f.name.zh for f in fields), ", ".join(f.name.en for f in fields))


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
