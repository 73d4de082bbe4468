"""A run's examination as the run itself keeps it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qiantang.packkit.compiled import Resource
from qiantang.rooms.intake import spool
from qiantang.rooms.intake.models import Run

if TYPE_CHECKING:
    from qiantang.engine.quality import Examination


def examination_of(run: Run, resource: Resource) -> Examination:
    """Counts and files of the run; the summary beside them may be of a broken-off try. Raises
    `ExaminationMissing`."""
    from qiantang.engine.quality import Verdict, load_examination

    folder = spool.checked_folder(run.id)
    found = load_examination(folder, resource)
    return replace(
        found,
        sent=run.sent,
        accepted=run.accepted,
        set_aside=run.set_aside,
        accepted_files=tuple(folder / str(name) for name in run.files["accepted"]),
        problems_file=folder / str(run.files["problems"]),
        rows_file=folder / str(run.files.get("rows", found.rows_file.name)),
        verdict=Verdict.from_dict(run.verdict or {}),
    )


def drop_workbooks(run: Run) -> None:
    """The workbooks made of findings that have changed since; the next reader has them made."""
    for stale in spool.checked_folder(run.id).glob("*.xlsx"):
        stale.unlink()
