"""Deliveries that delete by key: what they are checked against, and the keys that are not there.

A key that the table lacks is accepted without effect and named among the findings as a warning:
what the row asks for is so already, and setting it aside would hold or refuse a deletion that
overlaps an earlier one. ``sent = accepted + set_aside`` stays; of the accepted, ``absent`` had
nothing to delete.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qiantang.packkit.compiled import Mode, Resource
from qiantang.rooms.intake.examined import drop_workbooks, examination_of
from qiantang.rooms.intake.models import Run

if TYPE_CHECKING:
    import pyarrow as pa


def effective(resource: Resource, mode: str) -> Resource:
    """The resource as a delivery of this mode is checked: deleting needs its key alone."""
    if mode != Mode.DELETE:
        return resource
    kept = tuple(f for f in resource.fields if f.id in resource.grain)
    return replace(resource, fields=kept, checks=())


def note_absent(run: Run, resource: Resource, there: pa.RecordBatchReader) -> None:
    """Name the keys of the run that ``there``, the key columns of its part of the table, lacks.

    Asked while no other delivery of the resource is published, before the write: what is named is
    what the write does not find. Safe to repeat. The run keeps the file and the count."""
    from qiantang.engine.quality.noted_keys import note_absent_keys
    from qiantang.engine.quality.reading import Recipe

    checked = effective(resource, run.mode)
    file, absent = note_absent_keys(
        examination_of(run, checked),
        checked,
        there,
        factors=Recipe.from_json(run.recipe or {}).factors,
    )
    run.files = {**run.files, "problems": file.name}
    run.verdict = {**(run.verdict or {}), "absent": absent}
    run.save(update_fields=["files", "verdict"])
    drop_workbooks(run)
