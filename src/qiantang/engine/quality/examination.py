"""`examine`: a stream of rows through a checker, batch by batch, into accepted and set-aside files.

Every row that was sent is either accepted or set aside: the counts are compared before anything
is given back. Memory is bounded by the size of a batch; repeated keys are searched on disk. A row
that is set aside is kept as it was sent, whenever it is found wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa

from qiantang.engine.quality.as_sent import Gone, rows_as_sent
from qiantang.engine.quality.checker import Checker, Failure
from qiantang.engine.quality.errors import (
    CountsDiffer,
    ExaminationCancelled,
    ExaminationMissing,
)
from qiantang.engine.quality.kinds import DUPLICATE
from qiantang.engine.quality.parts import Parts, batches_of, leave_out
from qiantang.engine.quality.personal import Detector, PersonalFinding
from qiantang.engine.quality.problem_rows import (
    SCHEMA,
    Problem,
    count_problems,
    counts_by_rule,
    empty_frame,
    in_order,
    problem_frame,
    read_problems,
)
from qiantang.engine.quality.reading.shapes import BrokenLine
from qiantang.engine.quality.repeats import Repeats
from qiantang.engine.quality.rulebook import broken_rule, misshapen_rule
from qiantang.engine.quality.schema import accepted_schema
from qiantang.engine.quality.stream import ROW, SHEET, RowStream, read_ahead, source_columns
from qiantang.engine.quality.tallies import Tally
from qiantang.engine.quality.verdicts import Counts, Verdict, judge
from qiantang.engine.quality.written import with_key
from qiantang.packkit.compiled import Mode, Resource

SUMMARY: Final = "summary.json"
_SHEET_FIELD: Final = pa.field(SHEET, pa.string())


@dataclass(frozen=True, slots=True)
class Examination:
    """What an examination found. ``sent == accepted + set_aside``; ``duplicates`` is the part of
    ``set_aside`` that the platform has already, from this delivery or an earlier one."""

    folder: Path
    resource: str
    sent: int
    accepted: int
    set_aside: int
    duplicates: int
    accepted_files: tuple[Path, ...]
    problems_file: Path
    rows_file: Path
    verdict: Verdict
    personal: tuple[PersonalFinding, ...]
    columns: Mapping[str, str]
    """Field id -> heading in the source."""
    schema: pa.Schema
    """Of the accepted rows: the fields, then ``_row``."""
    rules: Mapping[str, int] = field(default_factory=dict)
    """Rule -> how many rows failed it."""

    def batches(self) -> pa.RecordBatchReader:
        """The accepted rows in bounded memory."""
        return pa.RecordBatchReader.from_batches(
            self.schema, batches_of(self.accepted_files, self.schema)
        )

    def problems(
        self, limit: int = 100, offset: int = 0, *, code: str = "", column: str = ""
    ) -> tuple[Problem, ...]:
        """A page of problems in the order found; ``code`` may also be a rule's id, ``column`` a
        heading or a field id."""
        file = self.problems_file
        return read_problems(file, limit=limit, offset=offset, code=code, column=column)

    def count_problems(self, *, code: str = "", column: str = "") -> int:
        return count_problems(self.problems_file, code=code, column=column)

    def by_rule(self) -> list[dict[str, Any]]:
        """For each rule that failed: rule, code, field, column, severity, count, example."""
        return counts_by_rule(self.problems_file).to_dicts()

    def as_dict(self) -> dict[str, Any]:
        """The summary, for JSON. Files are named relative to the folder."""
        return {
            "resource": self.resource,
            "sent": self.sent,
            "accepted": self.accepted,
            "set_aside": self.set_aside,
            "duplicates": self.duplicates,
            "accepted_files": [path.name for path in self.accepted_files],
            "problems_file": self.problems_file.name,
            "rows_file": self.rows_file.name,
            "columns": dict(self.columns),
            "rules": dict(self.rules),
            "verdict": self.verdict.as_dict(),
            "personal": [found.as_dict() for found in self.personal],
        }


def load_examination(folder: Path, resource: Resource) -> Examination:
    """An examination from its folder. Raises `ExaminationMissing` when it was not finished."""
    try:
        said = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ExaminationMissing(found=folder.name) from None
    return Examination(
        folder=folder,
        resource=said["resource"],
        sent=said["sent"],
        accepted=said["accepted"],
        set_aside=said["set_aside"],
        duplicates=said["duplicates"],
        accepted_files=tuple(folder / name for name in said["accepted_files"]),
        problems_file=folder / said["problems_file"],
        rows_file=folder / said["rows_file"],
        verdict=Verdict.from_dict(said["verdict"]),
        personal=tuple(PersonalFinding.from_dict(found) for found in said["personal"]),
        columns=said["columns"],
        schema=accepted_schema(resource),
        rules=said["rules"],
    )


def examine(
    stream: RowStream,
    checker: Checker,
    folder: Path,
    *,
    progress: Callable[[int], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Examination:
    """Check every row of ``stream``; files and a summary go to ``folder`` (emptied of an earlier
    try). ``progress`` gets the rows done so far.

    Raises `ExaminationCancelled`, and whatever the stream raises; then there is no summary.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob("*.parquet"), *folder.glob("*.new"), *folder.glob(SUMMARY)):
        old.unlink()
    run = _Run(stream, checker, folder)
    try:
        for batch in read_ahead(stream):
            if cancelled():
                raise ExaminationCancelled(found=run.tally.rows)
            run.take(batch)
            progress(run.tally.rows)
        return run.finish()
    finally:
        run.close()


class _Run:
    """One examination under way."""

    def __init__(self, stream: RowStream, checker: Checker, folder: Path) -> None:
        self.checker, self.folder, self.tally = checker, folder, Tally()
        self._stream = stream
        self._resource = checker.resource
        self._columns = source_columns(stream)
        self._staged = pa.schema([_SHEET_FIELD, *accepted_schema(self._resource)])
        raw = pa.schema([(f.id, pa.string()) for f in self._resource.fields])
        self._accepted = Parts(folder, "accepted", self._staged)
        self._problems = Parts(folder, "problems", SCHEMA, rows=None)
        self._aside = Parts(
            folder, "set-aside", pa.schema([_SHEET_FIELD, (ROW, pa.int64()), *raw]), rows=None
        )
        self._detector = Detector(self._resource, checker.on)
        self._factors: Mapping[str, Decimal] = getattr(stream, "factors", {})
        self._rounded: frozenset[str] = getattr(stream, "rounded", frozenset())
        self._named: frozenset[str] = getattr(stream, "named", frozenset())
        self._unmarked: frozenset[str] = getattr(stream, "unmarked", frozenset())
        self._duplicates = 0

    def take(self, batch: pl.DataFrame) -> None:
        """Check a batch and write its rows to where they belong."""
        batch, broken = self._readable(batch)
        if not batch.height:
            self._problems.add(broken)
            return
        checked = self.checker.check(
            batch, self._factors, self._rounded, self._named, unmarked=self._unmarked
        )
        checked.failures += self._misshapen(batch)
        self.tally.add(self.checker, checked)
        self._detector.look(batch)
        bad = checked.set_aside()
        if checked.failures or broken.height:
            found = problem_frame(batch, checked.failures, self._columns)
            self._problems.add(in_order([broken, found]))
        whole = checked.values.with_columns(batch[SHEET], batch[ROW])
        if bad.any():
            self._aside.add(self._raw(batch.filter(bad)))
            whole = whole.filter(~bad)
        self._accepted.add(whole)

    def finish(self) -> Examination:
        """Search for repeats, judge, and leave the summary."""
        files = self._accepted.close()
        gone = self._repeats(files)
        problems, aside = self._problems.close()[0], self._aside.close()[0]
        counts = Counts(
            self._stream.sent, self._accepted.rows - gone, self._aside.rows, self._duplicates
        )
        if counts.sent != counts.accepted + counts.set_aside:
            raise CountsDiffer(sent=counts.sent, found=counts.accepted + counts.set_aside)
        personal = self._detector.findings()
        absent = [
            f.id for f in self._resource.fields if self._columns and f.id not in self._columns
        ]
        verdict = judge(
            self._resource,
            counts,
            self.tally,
            on=self.checker.on,
            absent=absent,
            personal=() if self.checker.mode is Mode.DELETE else personal,
        )
        found = Examination(
            self.folder, self._full_name(), counts.sent, counts.accepted, counts.set_aside,
            counts.duplicates, files, problems, aside, verdict, personal, self._columns,
            accepted_schema(self._resource), dict(self.tally.rules),
        )  # fmt: skip
        said = json.dumps(found.as_dict(), ensure_ascii=False, indent=1)
        fresh = self.folder / f"{SUMMARY}.new"
        fresh.write_text(said, encoding="utf-8")
        fresh.replace(self.folder / SUMMARY)
        return found

    def close(self) -> None:
        for parts in (self._accepted, self._problems, self._aside):
            parts.close()

    def _full_name(self) -> str:
        resource = self._resource
        return resource.id if "." in resource.id else f"{resource.pack}.{resource.id}"

    def _repeats(self, files: tuple[Path, ...]) -> int:
        """Set aside rows that repeat a key, as they were sent; they are left out of the accepted
        files."""
        gone = Gone()
        with Repeats(self.checker, files, self.folder / "spill") as repeats:
            for rows, failure in repeats.find():
                self.tally.fail(failure)
                gone.add(rows, failure)
        places = gone.places
        if not places.height:
            return 0
        leave_out(self.folder, places)
        for rows in rows_as_sent(self._stream.again(), places):
            self._set_aside_later(rows, gone.failures(rows))
        return places.height

    def _set_aside_later(self, rows: pl.DataFrame, failures: list[Failure]) -> None:
        shown = with_key(rows, self._resource)
        self._problems.add(problem_frame(shown, failures, self._columns))
        self._aside.add(self._raw(rows))
        repeated = (each.rows.len() for each in failures if each.rule.code in DUPLICATE)
        self._duplicates += sum(repeated)

    def _raw(self, batch: pl.DataFrame) -> pl.DataFrame:
        absent = [f.id for f in self._resource.fields if f.id not in batch.columns]
        return batch.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in absent)

    def _readable(self, batch: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The batch without lines that are no record, which are set aside; and their problems."""
        known: dict[int, BrokenLine] = getattr(self._stream, "broken", {})
        bad = batch[ROW].is_in(list(known)) if known else None
        if bad is None or not bad.any():
            return batch, empty_frame()
        rows = batch.filter(bad)
        lines = [known.pop(row) for row in rows[ROW]]
        failure = Failure(
            broken_rule(),
            pl.arange(rows.height, eager=True),
            pl.Series([line.reason.zh for line in lines]),
            pl.Series([line.reason.en for line in lines]),
            pl.Series([line.text for line in lines]),
        )
        self.tally.unread(failure)
        self._aside.add(self._raw(rows))
        return batch.filter(~bad), problem_frame(rows, [failure], self._columns)

    def _misshapen(self, batch: pl.DataFrame) -> list[Failure]:
        """Rows with more cells than the header: their values may stand in the wrong columns."""
        known: Mapping[int, object] = getattr(self._stream, "misshapen", {})
        if not known:
            return []
        rows = batch[ROW].is_in(list(known)).arg_true()
        return [Failure(misshapen_rule(), rows)] if rows.len() else []
