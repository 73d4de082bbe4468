"""`qiantang demo`: from nothing to verdicts on real figures through the normal write path."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import click

from qiantang.doors.cli.errors import DemoIncomplete
from qiantang.doors.cli.language import current, read, say
from qiantang.doors.cli.words import command as declare
from qiantang.doors.cli.words import option
from qiantang.doors.cli.zones import create_zone, is_zone, open_zone

if TYPE_CHECKING:
    from rich.console import Console

    from qiantang.doors.cli.screen import Steps
    from qiantang.packkit.compiled import Resource

SAMPLES: Final = "data-commons"
DELIVERIES: Final = (
    ("legal-entity", "legal_entities_delivery.csv"),
    ("population", "population_messy_delivery.csv"),
)
"""Resource and file of the pack's sample deliveries: the first is sound, the second has faults."""
OPEN: Final = (
    "air-station",
    "air-quality",
    "bus-stop",
    "medical-institution",
    "school",
    "licence-publicity",
    "standard-address",
)
"""Open resources of the pack that get made-up rows, one after what it refers to."""
ROWS: Final = 300


@declare(
    "demo",
    "建立示范区，报送并审核真实数据，评判 2017 年规划，然后启动网站。再次运行沿用原示范区。",
    "Create a zone, send in and approve the real figures, judge the plan of 2017, then serve. "
    "A second run reuses the zone.",
)
@option(
    "--no-serve", is_flag=True, zh="显示结论后结束，不启动网站", en="End after the verdict table"
)
@option("--port", type=int, metavar="PORT", zh="网站端口", en="Port of the portal")
@option("--zone", "here", metavar="DIR", zh="示范区文件夹（默认 ./zone）", en="The zone's folder")
@click.pass_obj
def command(zone: str, no_serve: bool, port: int | None, here: str | None) -> None:
    from qiantang.doors.cli.screen import console

    folder, out = here or zone, console()
    fresh = not is_zone(folder)
    opened = create_zone(folder) if fresh else open_zone(folder)
    passwords, new_people = _build(opened)
    _show_plan(out)
    _show_people(out, opened.folder, passwords, new=new_people)
    if no_serve:
        again = say("启动网站", "Serve it")
        out.print(f"{again}: qiantang --zone {folder} serve", style="bright_black")
        return
    from qiantang.doors.cli.serve import start

    start(opened, port=port)


def _build(zone: Any) -> tuple[dict[str, str], bool]:
    """Everything up to the verdicts; each step may be repeated."""
    from qiantang.doors.cli import signins
    from qiantang.doors.cli.editions import publish_editions
    from qiantang.doors.cli.furnishing import furnish
    from qiantang.doors.cli.screen import steps

    signins.refuse_real_zone(Path(zone.folder))
    with steps() as progress:
        furnish(progress)
        progress.begin(say("开设账号", "Open accounts"))
        passwords, fresh = signins.ensure_people(Path(zone.folder))
        progress.end()
        deliver_figures(progress)
        deliver_samples(progress)
        publish_editions(progress)
        progress.begin(say("评判规划", "Judge the plan"))
        _judge()
        progress.end()
    return passwords, fresh


def deliver_figures(progress: Steps) -> None:
    """Every data file of observations: sent by the officer through intake, approved by the
    approver."""
    from qiantang.doors.cli import signins
    from qiantang.rooms.indicators import services
    from qiantang.rooms.intake import services as intake
    from qiantang.rooms.journal.services import deliver_pending
    from qiantang.rooms.shelf import selectors as shelf

    officer, approver = signins.actor("officer"), signins.actor("approver")
    sources = [
        (key, resource)
        for key, resource in shelf.resources().items()
        if resource.role == "observations" and resource.data is not None
    ]
    progress.begin(say("报送并审核数据", "Send in and approve the figures"), 2 * len(sources))
    for key, resource in sources:
        assert resource.data is not None
        run = intake.receive(officer, key, resource.data)
        if run.is_working:
            run = intake.work(run.id, actor=officer)
        refuse_unpublished(run)
        progress.advance()
        deliver_pending()
        for pending in _unfinished(approver):
            services.approve(approver, pending)
        progress.advance()
    progress.end()


def deliver_samples(progress: Steps) -> None:
    """Made-up deliveries of departments: one is accepted, one waits with rows set aside."""
    from qiantang.doors.cli import signins
    from qiantang.rooms.intake import services as intake
    from qiantang.rooms.shelf import selectors as shelf

    pack = shelf.packs().get(SAMPLES)
    if pack is None:
        return
    steward = signins.actor("steward")
    with TemporaryDirectory(prefix="qiantang-demo-") as folder:
        files = [(id, pack.path / "samples" / name) for id, name in DELIVERIES]
        files += [(id, _made_up(pack.resources[id], Path(folder))) for id in OPEN]
        progress.begin(say("交付部门样例数据", "Deliver departments' sample data"), len(files))
        for id, path in files:
            run = intake.receive(steward, f"{SAMPLES}.{id}", path, accept_doubts=True)
            if run.is_working:
                intake.work(run.id, actor=steward)
            progress.advance()
        progress.end()


def _made_up(resource: Resource, folder: Path) -> Path:
    """The same file each time: a second run finds it delivered."""
    from qiantang.engine.samples import Form, generate, write_sample
    from qiantang.rooms.shelf import selectors as shelf

    path = folder / f"{resource.id}.csv"
    write_sample(generate(resource, ROWS, packs=shelf.packs()), resource, path, Form())
    return path


def refuse_unpublished(run: Any) -> None:
    """A shipped file that is not accepted is a fault of the product. Raises `DemoIncomplete`."""
    if run.status == "published":
        return
    messages = (run.error or {}).get("messages", {})
    said = messages.get(current(), f"{run.resource}: {run.status}, {run.set_aside}")
    raise DemoIncomplete(found=said)


def _unfinished(approver: Any) -> list[int]:
    """Deliveries that an interrupted demo left waiting."""
    from qiantang.rooms.indicators import selectors

    return [s.id for s in selectors.inbox(approver) if s.kind == "deliver" and s.resource]


def _judge() -> None:
    from qiantang.kernel.actors import SYSTEM
    from qiantang.rooms.indicators import services
    from qiantang.rooms.journal.services import deliver_pending

    deliver_pending()
    services.reassess(SYSTEM, cause="demo")


def _show_plan(out: Console) -> None:
    from qiantang.doors.cli import verdict_table
    from qiantang.doors.cli.plan import judged

    out.print()
    verdict_table.show(judged(None, None, None), out)
    out.print()


def _show_people(out: Console, folder: Path, passwords: dict[str, str], *, new: bool) -> None:
    from rich.table import Table

    from qiantang.doors.cli import signins

    file = Path(folder) / signins.FILE
    if not new:
        said = say(f"演示账号保存在 {file}", f"The sign-ins are in {file}")
        out.print(said, soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in (say("账号", "user"), say("密码", "password"), say("身份", "who")):
        table.add_column(head)
    for person in signins.PEOPLE:
        who = f"{read(person.name)} · {read(person.title)}"
        table.add_row(person.username, passwords[person.username], who)
    out.print(table)
    kept = say(f"（也保存在 {file}，仅本人可读）", f"(also kept in {file}, readable by you only)")
    out.print(kept, style="bright_black", soft_wrap=True)
