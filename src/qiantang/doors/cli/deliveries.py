"""Deliveries at the terminal: seen through with progress, shown as text or JSON."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from qiantang.doors.cli.files import write_whole
from qiantang.doors.cli.language import current, read, say
from qiantang.doors.cli.screen import console, steps
from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.problems import kept_problem, problem_in
from qiantang.kernel.text import Text

if TYPE_CHECKING:
    from qiantang.kernel.paging import Page
    from qiantang.rooms.intake.shapes import ProblemView, Reading, RunView

_FAILED: Final = 5
_EXIT_CODES: Final[Mapping[str, int]] = {
    "published": 0,
    "held": 3,
    "refused": 4,
    "failed": _FAILED,
    "cancelled": 130,
}
MOST_PROBLEMS: Final = 1000
_SHOWN: Final = 10
_LOOKED_AGAIN: Final = 0.3
_STAGES: Final[Mapping[str, Text]] = {
    "reading": Text("读取", "Read"),
    "checking": Text("检查", "Check"),
    "publishing": Text("入库", "Publish"),
}


def exit_code(run: RunView) -> int:
    """What the command ends with. A run that waits to be tried again after an error has not come
    in: it counts as failed."""
    return _EXIT_CODES.get(run.status, _FAILED if run.error else 0)


def worked(run: RunView, actor: Actor) -> RunView:
    """Bring the run to its end here, with progress; Ctrl-C cancels it at its next batch. One that
    a server has in hand is waited for."""
    from qiantang.rooms.intake import services
    from qiantang.rooms.intake.errors import RunBusy
    from qiantang.rooms.journal.services import deliver_pending

    with steps() as shown, interruptible() as asked:
        stage, done = "", 0

        def progress(now: str, rows: int) -> None:
            nonlocal stage, done
            if now != stage:
                stage, done = now, 0
                shown.begin(read(_STAGES.get(now, Text(now, now))))
            shown.advance(rows - done)
            done = rows

        while True:
            try:
                found = services.work(run.id, progress=progress, cancelled=asked, actor=actor)
                break
            except RunBusy:
                if asked():
                    raise
                time.sleep(_LOOKED_AGAIN)
        shown.end()
    deliver_pending()
    return found


@contextmanager
def interruptible() -> Iterator[Any]:
    """The first Ctrl-C asks the work to stop; the second ends the process as usual."""
    pressed: list[int] = []

    def press(number: int, frame: Any) -> None:
        pressed.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


def show(run: RunView, actor: Actor, form: str) -> None:
    """The run as text, or as the JSON that programs read."""
    if form == "json":
        click.echo(json.dumps(run_form(run, actor), ensure_ascii=False, indent=2))
        return
    _show_text(run, actor)


def run_form(run: RunView, actor: Actor | None = None) -> dict[str, Any]:
    """The members that programs rely on first; findings only where an actor is given."""
    found = _problems(run, actor) if actor else None
    named = ("code", "row", "column", "value", "rule", "sheet", "severity", "text", "hint")
    items = (
        [{k: v for k, v in p.as_json().items() if k in named} for p in found.items] if found else []
    )
    return {
        "run": run.id,
        "resource": run.resource,
        "sent": run.sent,
        "accepted": run.accepted,
        "set_aside": run.set_aside,
        "duplicates": run.duplicates,
        "snapshot": run.snapshot,
        "problems": items,
        "reject_file": str(_reject_file(run, actor) or "") or None if actor else None,
        "left_out": {**run.left_out, "rows": run.left_out["rows"] if actor else []},
        "absent": run.absent,
        "kept": list(run.kept),
        "since": list(run.since),
        "because": [reason.as_dict() for reason in run.because],
        "exposed": list(run.exposed),
        "problem_count": found.total if found else None,
        "status": run.status,
        "repeated": run.repeated,
        "mode": run.mode,
        "division": run.division,
        "file": run.file_name,
        "grade": run.grade,
        "verdict": run.verdict,
        "error": problem_in(run.error, current()),
        "doubts": list((run.proposal or {}).get("doubts", ())),
    }


def not_taken_form(error: QiantangError, resource: str, file: Path) -> dict[str, Any]:
    """What programs are told of a file that was not taken at all: the same members, no run."""
    counts = dict.fromkeys(("sent", "accepted", "set_aside", "duplicates"), 0)
    return {
        "run": None,
        "resource": resource,
        **counts,
        "snapshot": None,
        "problems": [],
        "reject_file": None,
        "status": "not_taken",
        "file": file.name,
        "error": problem_in(kept_problem(error), current()),
    }


def reading_form(reading: Reading, run: RunView | None = None) -> dict[str, Any]:
    """A proposed reading as JSON; its ``recipe`` is what ``--recipe`` takes. Of a ``run`` whose
    file no longer fits its recipe also the ``comparison``, and in words ``why``."""
    error = problem_in(run.error, current()) if run else None
    told = (
        {"why": error["detail"], "comparison": error["comparison"]}
        if error and "comparison" in error
        else {}
    )
    return {
        **told,
        "recipe": reading.recipe,
        "doubts": list(reading.doubts),
        "missing": list(reading.missing),
        "unknown": list(reading.unknown),
        "sheets": list(reading.sheets),
        "sample": reading.sample,
    }


def recipe_from(path: Path | None) -> dict[str, Any] | None:
    """The recipe in a JSON file, alone or as ``--propose`` puts it out."""
    if path is None:
        return None
    from qiantang.rooms.intake.errors import RecipeInvalid

    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RecipeInvalid(found=str(error)[:200]) from error
    if not isinstance(data, dict):
        raise RecipeInvalid(found=type(data).__name__)
    inner = data.get("recipe")
    return inner if isinstance(inner, dict) else data


def show_list(found: Page[RunView]) -> None:
    """Runs as a table."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    heads = (say("运行", "run"), say("状态", "state"), say("资源", "resource"), say("文件", "file"))
    for number, head in enumerate(heads):
        table.add_column(head, overflow="fold", no_wrap=number < 2)
    for head in (say("发送", "sent"), say("入库", "accepted"), say("剔出", "set aside")):
        table.add_column(head, justify="right")
    for run in found.items:
        counts = (f"{run.sent:,}", f"{run.accepted:,}", f"{run.set_aside:,}")
        table.add_row(run.id, read(run.status_name), run.resource, run.file_name, *counts)
    out = console()
    out.print(table)
    out.print(say(f"共 {found.total} 次", f"{found.total} in all"), style="bright_black")


def show_problems(found: Page[ProblemView], form: str) -> None:
    """One page of findings."""
    if form == "json":
        data = {"items": [p.as_json() for p in found.items], "total": found.total}
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    for problem in found.items:
        sheet = f"{problem.sheet} " if problem.sheet else ""
        place = say(f"{sheet}第 {problem.row} 行", f"{sheet}row {problem.row}")
        click.echo(f"{place} {problem.column} [{problem.value}] {read(problem.text)}")
        if problem.hint.en:
            click.secho(f"  → {read(problem.hint)}", fg="yellow")
    click.echo(say(f"共 {found.total} 处", f"{found.total} in all"), err=True)


def copy_out(made: Path, target: Path) -> None:
    """Copy a workbook to where the user wants it. Raises `CannotWrite`."""
    write_whole(target, made.read_bytes())
    click.echo(say(f"已写入 {target}", f"Wrote {target}"), err=True)


def _show_text(run: RunView, actor: Actor) -> None:
    out = console()
    tone = {"good": "green", "bad": "red", "warn": "yellow"}.get(run.tone, "")
    out.print(f"[bold]{read(run.resource_name)}[/bold] {run.resource}", soft_wrap=True)
    out.print(f"{say('运行', 'Run')} {run.id}: [{tone or 'default'}]{read(run.status_name)}[/]")
    taken = say("入库", "accepted") if run.status == "published" else say("合格", "sound")
    counts = say(
        f"发送 {run.sent:,} 行 = {taken} {run.accepted:,} + 剔出 {run.set_aside:,}；"
        f"重复 {run.duplicates:,}",
        f"Sent {run.sent:,} = {taken} {run.accepted:,} + set aside {run.set_aside:,}; "
        f"duplicates {run.duplicates:,}",
    )
    out.print(counts, soft_wrap=True)
    if run.absent:
        said = say(
            f"其中 {run.absent:,} 个主键不在表中，没有可删除的行",
            f"Of the accepted, {run.absent:,} keys were not in the table: nothing to delete",
        )
        out.print(said, style="yellow", soft_wrap=True)
    if run.snapshot is not None:
        out.print(f"{say('快照', 'Snapshot')} {run.snapshot}")
    if run.error:
        said = run.error.get("messages", {}).get(current(), "")
        out.print(said, style="red", soft_wrap=True, markup=False)
    if run.proposal:
        _show_next(run)
    _show_doubts(run)
    _show_left_out(run)
    _show_reasons(run)
    _show_since(run)
    _show_exposed(run)
    found = _problems(run, actor)
    if found.total:
        show_problems(_first(found), "text")
    file = _reject_file(run, actor)
    if file:
        out.print(say(f"剔出行：{file}", f"Rows set aside: {file}"), soft_wrap=True)


def _show_next(run: RunView) -> None:
    """How a reading that waits is looked at and confirmed at the terminal."""
    look = f"qiantang intake reading {run.id}"
    told = say(
        f"  → 查看：{look}；照建议读取：加 --confirm；改正后读取：加 --recipe 文件",
        f"  → Look: {look}; read it as proposed: add --confirm; corrected: --recipe FILE",
    )
    click.secho(told, fg="yellow")


def _show_doubts(run: RunView) -> None:
    """What the reader was unsure of, each with what to do about it."""
    for doubt in (run.proposal or {}).get("doubts", ()):
        click.echo(f"- {doubt['text'][current()]}")
        click.secho(f"  → {doubt['hint'][current()]}", fg="yellow")


def _show_left_out(run: RunView) -> None:
    """The columns that are not read, and the rows that are no data, each with the reason; the
    header and blank rows, which every table has, are not told one by one."""
    if run.left_out["columns"]:
        names = say("、", ", ").join(run.left_out["columns"])
        click.echo(say(f"未读取的列：{names}", f"Columns not read: {names}"))
    rows = [row for row in run.left_out["rows"] if row["reason"] not in {"blank", "heading"}]
    if not rows and run.skipped <= len(run.left_out["rows"]):
        return
    click.echo(
        say(
            f"未计入发送的行：{run.skipped:,}（标题、表头、空行、合计、说明）",
            f"Rows that are no data, not counted as sent: {run.skipped:,} "
            "(titles, headers, blanks, totals, notes)",
        )
    )
    for row in rows[:_SHOWN]:
        sheet = f"{row['sheet']} " if row["sheet"] else ""
        place = say(f"{sheet}第 {row['row']} 行", f"{sheet}row {row['row']}")
        click.echo(f"  {place} [{row['content']}] {row['text'][current()]}")
    if len(rows) > _SHOWN:
        click.echo(say("  更多见 --format json", "  more with --format json"))


def _show_since(run: RunView) -> None:
    """What would be overwritten, and how to say that it is meant."""
    for each in run.since:
        by = each["by"][current()]
        said = say(
            f"- 之后入库：{each['file']}（{by}，{each['at']}，运行 {each['run']}）",
            f"- Published since: {each['file']} ({by}, {each['at']}, run {each['run']})",
        )
        click.echo(said)
    if run.since:
        newest = run.since[-1]["run"]
        click.echo(
            say(
                f"- 确应以本次为准时，审定时加 --over {newest}",
                f"- If this one is right, decide with --over {newest}",
            )
        )


def _show_exposed(run: RunView) -> None:
    """The fields to settle before the run is published, and how."""
    for each in run.exposed:
        name, text, field = each["name"][current()], each["text"][current()], each["field"]
        click.echo(say(f"- 个人信息：{name}（{field}）{text}", f"- {name} ({field}): {text}"))
        click.secho(
            say(
                f"  → 先改正元数据中的声明；确非个人信息时，审定时加 --as-declared {field}",
                f"  → Correct its declaration; if it is none, decide with --as-declared {field}",
            ),
            fg="yellow",
        )


def _show_reasons(run: RunView) -> None:
    """Why the verdict is what it is, and what the checks over several resources found."""
    verdict = run.verdict or {}
    for reason in verdict.get("reasons", ()):
        click.echo(f"- {reason[current()]}")
    for remark in verdict.get("remarks", ()):
        told = say("读取时的疑问：", "Doubt of the reading: ") + remark["text"][current()]
        click.echo(f"- {told}")
        click.secho(f"  → {remark['hint'][current()]}", fg="yellow")
    for check in verdict.get("sql", ()):
        name, failed = check["name"][current()], check["failed"]
        if failed is None:
            click.echo(say(f"- 检查未能运行：{name}", f"- A check could not be run: {name}"))
        elif failed:
            shown = say("、", ", ").join(check.get("keys", ())[:_SHOWN])
            click.echo(
                say(f"- {name}：{failed:,} 行（{shown}）", f"- {name}: {failed:,} rows ({shown})")
            )


def _first(found: Page[ProblemView]) -> Page[ProblemView]:
    from dataclasses import replace

    return replace(found, items=found.items[:_SHOWN])


def _problems(run: RunView, actor: Actor) -> Page[ProblemView]:
    from qiantang.rooms.intake import selectors

    return selectors.problems(actor, run.id, size=MOST_PROBLEMS)


def _reject_file(run: RunView, actor: Actor | None) -> Path | None:
    from qiantang.rooms.intake import selectors

    if actor is None or run.masked or not run.has_rejects:
        return None
    try:
        return selectors.rejects(actor, run.id, current())
    except QiantangError:
        return None
