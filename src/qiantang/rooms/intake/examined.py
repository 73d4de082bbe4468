"""A run's examination as the run itself keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from qiantang.packkit.compiled import Resource
from qiantang.rooms.intake import spool
from qiantang.rooms.intake.models import Run
from qiantang.rooms.intake.spooled import spooled

AGAIN: Final = ("files", "accepted", "set_aside", "duplicates", "verdict", "grade")
"""What changes of a run when more of its rows are set aside."""

if TYPE_CHECKING:
    from qiantang.engine.quality import Examination
    from qiantang.engine.quality.reading import RowStream
    from qiantang.engine.quality.second_look import Fallen


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
        duplicates=run.duplicates,
        accepted_files=tuple(folder / str(name) for name in run.files["accepted"]),
        problems_file=folder / str(run.files["problems"]),
        rows_file=folder / str(run.files.get("rows", found.rows_file.name)),
        verdict=Verdict.from_dict(run.verdict or {}),
    )


def set_more_aside(run: Run, resource: Resource, fallen: Sequence[Fallen]) -> None:
    """Set accepted rows aside after all: counts, files and verdict of ``run``, for the caller to
    save (`AGAIN`). Until then the files that the run names stay as they are."""
    from qiantang.engine.quality.second_look import set_aside_more

    turn = int(run.files.get("turn", 0)) + 1
    now = set_aside_more(
        examination_of(run, resource),
        resource,
        fallen,
        stream=_rows_again(run, resource),
        turn=turn,
    )
    run.files = {
        **run.files,
        "accepted": [path.name for path in now.accepted_files],
        "problems": now.problems_file.name,
        "rows": now.rows_file.name,
        "turn": turn,
    }
    run.accepted, run.set_aside, run.duplicates = now.accepted, now.set_aside, now.duplicates
    run.verdict = {**(run.verdict or {}), **now.verdict.as_dict()}
    run.grade = now.verdict.grade
    drop_workbooks(run)


def _rows_again(run: Run, resource: Resource) -> RowStream:
    """The delivery's rows as they were sent. Raises `FileMissing`, `FileDamaged`."""
    from qiantang.engine.quality.reading import Recipe, open_rows

    recipe = Recipe.from_json(run.recipe or {})
    stream = open_rows(spooled(run), recipe, resource, same_file=True)
    # What the first reading did not stop at, this one does not either.
    stream.asks = False
    return stream


def drop_workbooks(run: Run) -> None:
    """The workbooks made of findings that have changed since; the next reader has them made."""
    for stale in spool.checked_folder(run.id).glob("*.xlsx"):
        stale.unlink()
