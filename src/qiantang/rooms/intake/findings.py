"""A run's findings, page by page, and the workbook of its set-aside rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qiantang.kernel.actors import Actor
from qiantang.kernel.paging import Page
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Resource
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.intake import policy, spool
from qiantang.rooms.intake.apart import run_apart
from qiantang.rooms.intake.code_lists import code_list
from qiantang.rooms.intake.errors import NothingFound, NothingSetAside, RowsWithheld, RunUnknown
from qiantang.rooms.intake.models import Run
from qiantang.rooms.intake.ownership import declared
from qiantang.rooms.intake.shapes import ProblemCount, ProblemView
from qiantang.rooms.intake.spooled import spooled
from qiantang.rooms.intake.views import MASK, text_of
from qiantang.rooms.shelf import selectors as shelf

if TYPE_CHECKING:
    import polars as pl

LARGEST_PAGE: Final = 1000
WORKBOOK: Final = "qiantang.engine.quality:set_aside_workbook"
REPORT: Final = "qiantang.engine.quality:findings_workbook"


def problems(
    actor: Actor,
    run_id: str,
    *,
    page: int = 1,
    size: int = 100,
    rule: str = "",
    column: str = "",
) -> Page[ProblemView]:
    """One page of findings, of one rule or one column where asked. Values are masked for readers
    who may not see raw rows.

    Raises `RunUnknown`.
    """
    run = Run.objects.filter(policy.visible_to(actor), pk=run_id).first()
    if run is None:
        raise RunUnknown(found=run_id)
    size, page = min(max(size, 1), LARGEST_PAGE), max(page, 1)
    file = problems_file(run)
    shown = catalogue.sees_values(actor, run.owner_path)
    if file is None:
        return Page((), page, size, 0)
    if rule or column:
        total, rows = _filtered(file, rule, column, ((page - 1) * size, size))
    else:
        total, rows = _slice(file, (page - 1) * size, size)
    return Page(tuple(_problem(row, shown) for row in rows), page, size, total)


def problem_counts(actor: Actor, run_id: str) -> tuple[ProblemCount, ...]:
    """How many findings each rule has in each column, the most frequent first. Raises
    `RunUnknown`."""
    import polars as pl

    run = Run.objects.filter(policy.visible_to(actor), pk=run_id).first()
    if run is None:
        raise RunUnknown(found=run_id)
    file = problems_file(run)
    if file is None:
        return ()
    by = ["rule", "code", "column", "dimension", "severity"]
    counted = pl.scan_parquet(file).group_by(by).agg(count=pl.len()).collect()
    rows = counted.sort(["count", "rule", "column"], descending=[True, False, False])
    return tuple(ProblemCount(**row) for row in rows.to_dicts())


def rejects(actor: Actor, run_id: str, lang: str = "zh") -> Path:
    """The workbook of set-aside rows with the reasons beside; made when first asked for.

    Raises `RunUnknown`, `RowsWithheld`, `NothingSetAside`.
    """
    run = _readable(actor, run_id)
    if run.set_aside == 0 or problems_file(run) is None:
        raise NothingSetAside(found=run_id)
    folder = spool.checked_folder(run.id)
    return _made(
        folder / f"set-aside-{lang}.xlsx",
        lambda path: run_apart(WORKBOOK, folder, declared(run.resource), path, lang),
    )


def report(actor: Actor, run_id: str, lang: str = "zh") -> Path:
    """The workbook of all findings, warnings among them (keys of a deletion that were not there);
    made when first asked for.

    Raises `RunUnknown`, `RowsWithheld`, `NothingFound`.
    """
    run = _readable(actor, run_id)
    file = problems_file(run)
    if file is None or not _slice(file, 0, 0)[0]:
        raise NothingFound(found=run_id)
    return _made(
        file.with_name(f"findings-{lang}.xlsx"), lambda path: run_apart(REPORT, file, path, lang)
    )


def _readable(actor: Actor, run_id: str) -> Run:
    """The run, for those who may see the values in its rows."""
    run = Run.objects.filter(policy.visible_to(actor), pk=run_id).first()
    if run is None:
        raise RunUnknown(found=run_id)
    if not catalogue.sees_values(actor, run.owner_path):
        raise RowsWithheld(found=run_id)
    return run


def _made(path: Path, make: Callable[[Path], Any]) -> Path:
    """The file, made beside and renamed where it is not there yet."""
    if not path.exists():
        beside = path.with_name(f".{path.name}")
        with spool.full_disk_told():
            make(beside)
            beside.replace(path)
    return path


def delivered_texts(run_id: str) -> list[dict[str, str]]:
    """The accepted rows of a published run as they stood in its file, for rooms that read texts
    themselves (figures keep their written precision). Raises `FileMissing`."""
    from qiantang.engine.quality.reading import Recipe, open_rows

    run = Run.objects.get(pk=run_id)
    resource, file = declared(run.resource), spooled(run)
    taken = shelf.lake().read(
        run.resource, columns=["_row"], where='"_run" = ?', params=[run.id], at=run.snapshot
    )
    accepted = set(taken.column("_row").to_pylist())
    found: list[dict[str, str]] = []
    with open_rows(file, Recipe.from_json(run.recipe or {}), resource) as stream:
        for frame in stream:
            for row in _with_codes(frame, resource, stream.named).to_dicts():
                if row.pop("_row") in accepted:
                    row.pop("_sheet", None)
                    found.append({k: v or "" for k, v in row.items()})
    return found


def _with_codes(frame: pl.DataFrame, resource: Resource, named: frozenset[str]) -> pl.DataFrame:
    """The rows with codes where the recipe lets names stand for them."""
    from qiantang.engine.quality.codes_in_force import CodesInForce

    lists = {f.id: code_list(f.codes) for f in resource.fields if f.codes and f.id in named}
    made = (CodesInForce(c).by_name(frame[id].str.strip_chars()) for id, c in lists.items())
    return frame.with_columns(*made)


def sender(run_id: str) -> Actor:
    """Who sent a run, by name only: without any right."""
    run = Run.objects.get(pk=run_id)
    return Actor(key=run.received_by, name=text_of(run.received_name, run.received_by))


def problems_file(run: Run) -> Path | None:
    """The run's findings on the disk, while they are kept."""
    name = run.files.get("problems")
    path = spool.checked_folder(run.id) / str(name)
    return path if name and path.is_file() else None


def _filtered(
    file: Path, rule: str, column: str, window: tuple[int, int]
) -> tuple[int, list[dict[str, Any]]]:
    """The findings of a rule or a column; ``window``: offset and how many."""
    import polars as pl

    found = pl.scan_parquet(file)
    for name, wanted in (("rule", rule), ("column", column)):
        if wanted:
            found = found.filter(pl.col(name) == wanted)
    total = int(found.select(pl.len()).collect().item())
    return total, found.slice(*window).collect().to_dicts()


def _slice(file: Path, offset: int, limit: int) -> tuple[int, list[dict[str, Any]]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as parquet:
        total = parquet.metadata.num_rows
        return total, list(_rows(parquet, offset, limit))


def _rows(parquet: Any, offset: int, limit: int) -> Iterator[dict[str, Any]]:
    """Only the row groups that hold the page are read."""
    start = 0
    for group in range(parquet.metadata.num_row_groups):
        rows = parquet.metadata.row_group(group).num_rows
        first, last = max(offset - start, 0), min(offset + limit - start, rows)
        if first < last:
            yield from parquet.read_row_group(group).slice(first, last - first).to_pylist()
        start += rows
        if start >= offset + limit:
            return


def _problem(row: dict[str, Any], shown: bool) -> ProblemView:
    def said(name: str) -> str:
        return str(row.get(name) or "")

    value = said("value")
    return ProblemView(
        sheet=said("sheet"),
        row=int(row.get("row") or 0),
        column=said("column"),
        value=value if shown or not value else MASK,
        code=said("code"),
        rule=said("rule"),
        dimension=said("dimension"),
        severity=said("severity"),
        text=_text(row, "text", value, shown),
        hint=_text(row, "hint", value, shown),
    )


def _text(row: dict[str, Any], name: str, value: str, shown: bool) -> Text:
    """The finding's words; they may repeat the value, so it is masked there as well."""
    both = [str(row.get(f"{name}_{lang}") or "") for lang in ("zh", "en")]
    if not shown and value:
        both = [text.replace(value, MASK) for text in both]
    return Text(*both)
