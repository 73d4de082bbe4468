"""`qiantang pack`: write, check, test, show, compare and install packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qiantang.doors.cli.errors import NoSuchPack, PackCheckFailed
from qiantang.doors.cli.language import current, read, say
from qiantang.doors.cli.words import group, member, option
from qiantang.doors.cli.zones import open_zone
from qiantang.kernel.text import Text

if TYPE_CHECKING:
    from qiantang.packkit import Pack, PackProblem


@group("pack", "编写与检查领域包。", "Write and check packs.")
def command() -> None:
    pass


@member(command, "new", "新建一个可通过检查的领域包。", "Write a new pack that passes every check.")
@click.argument("pack_id", metavar="ID")
@option("--folder", metavar="DIR", zh="文件夹（默认 ./ID）", en="Where (default ./ID)")
@option("--zh", "name_zh", default="", zh="中文名称", en="Chinese name")
@option("--en", "name_en", default="", zh="英文名称", en="English name")
def new(pack_id: str, folder: str | None, name_zh: str, name_en: str) -> None:
    from qiantang.packkit import scaffold

    name = Text(name_zh or name_en or pack_id, name_en or name_zh or pack_id)
    made = scaffold(Path(folder or pack_id), pack_id, name)
    click.echo(say(f"已写入领域包 {made}", f"Wrote the pack {made}"))
    for path in sorted(p for p in made.rglob("*") if p.is_file()):
        click.echo(f"  {path.relative_to(made.parent)}")
    click.echo(say(f"下一步：qiantang pack check {made}", f"Next: qiantang pack check {made}"))


@member(
    command,
    "check",
    "检查领域包，一次列出全部错误及所在文件和行；不给参数时检查随产品提供的领域包。",
    "Check packs: all errors at once with file and line; without arguments the shipped packs.",
)
@click.argument("paths", nargs=-1, metavar="[PACK]...")
def check(paths: tuple[str, ...]) -> None:
    problems = _problems(_folders(paths))
    for problem in problems:
        click.echo(problem.report(current()))
    if problems:
        raise PackCheckFailed(count=len(problems))
    number = len(paths) or len(_folders(paths))
    click.echo(say(f"{number} 个领域包，没有错误。", f"{number} packs, no errors."))


@member(command, "test", "运行领域包的示例。", "Run the packs' examples.")
@click.argument("paths", nargs=-1, metavar="[PACK]...")
def test(paths: tuple[str, ...]) -> int:
    from qiantang.packkit import run_examples
    from qiantang.packkit.runners import find_runner

    runner, failed, total = find_runner(), 0, 0
    for folder in _folders(paths):
        pack, others = _load(folder)
        for result in run_examples(pack, runner, others):
            total += 1
            failed += not result.passed
            mark, colour = ("✓", "green") if result.passed else ("✗", "red")
            click.secho(f"{mark} ", fg=colour, nl=False)
            click.echo(result.report(current()))
    passed = total - failed
    click.echo(say(f"{total} 个示例，{passed} 个通过。", f"{total} examples, {passed} passed."))
    return 1 if failed else 0


@member(command, "show", "显示领域包的全部内容。", "Show everything that a pack declares.")
@click.argument("pack", metavar="PACK")
def show(pack: str) -> None:
    from qiantang.packkit import show as card

    click.echo(card(_load(folder_of(pack))[0], current()))


@member(
    command,
    "lineage",
    "显示数据从来源到指标的血缘。",
    "Show where figures come from, from the sources to the indicators.",
)
@click.argument("pack", metavar="PACK")
@option("--node", default="", zh="只看这一项的上下游", en="Only what this comes from and leads to")
@option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "svg"]),
    default="text",
    show_default=True,
    zh="输出格式",
    en="Form of the result",
)
def lineage(pack: str, node: str, form: str) -> None:
    from qiantang.doors.cli.lineage import graph_of, tell

    tell(graph_of(*_load(folder_of(pack)), node), form, node)


@member(
    command,
    "diff",
    "比较两个版本，说明对使用者的影响。",
    "Compare two versions: what changes for users, what would break.",
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
def diff(old: str, new: str) -> None:
    from qiantang.packkit import diff as compare

    changes = compare(_load(folder_of(old))[0], _load(folder_of(new))[0])
    for change in changes:
        click.echo(read(change.line_text()))
    if not changes:
        click.echo(say("没有变化。", "No changes."))


@member(command, "list", "列出随产品提供的领域包。", "List the packs shipped with the product.")
def list_packs() -> None:
    from qiantang.packkit import builtin_packs, load_packs

    loaded = load_packs(builtin_packs())
    for pack in loaded.packs.values():
        click.echo(f"{pack.id}  {pack.version}  {read(pack.name)}")
    for problem in loaded.problems:
        click.echo(problem.report(current()), err=True)


@member(command, "install", "把领域包装入示范区。", "Put a pack on the zone's shelf.")
@click.argument("path", metavar="PACK")
@click.pass_obj
def install(zone: str, path: str) -> None:
    open_zone(zone)
    from qiantang.doors.cli.furnishing import register
    from qiantang.kernel.actors import SYSTEM
    from qiantang.rooms.shelf import services

    installed = services.install_pack(SYSTEM, folder_of(path))
    for problem in installed.problems:
        click.echo(problem.report(current()))
    if installed.problems:
        raise PackCheckFailed(count=len(installed.problems))
    withdrawn = register(installed.id)
    said = f"{installed.id} {installed.version}"
    click.echo(say(f"已安装 {said}", f"Installed {said}"))
    if withdrawn:
        click.echo(withdrawn)


def _folders(paths: Sequence[str]) -> list[Path]:
    from qiantang.packkit import builtin_packs

    return [folder_of(path) for path in paths] or builtin_packs()


def folder_of(path: str) -> Path:
    """A pack's folder, or the id of a shipped pack."""
    from qiantang.packkit import builtin_packs

    given = Path(path).expanduser()
    shipped = {folder.name: folder for folder in builtin_packs()}
    there = _is_folder(given)
    if not there and path not in shipped:
        raise NoSuchPack(found=path[:80], expected="、".join(shipped))
    return given if there else shipped[path]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _load(folder: Path) -> tuple[Pack, Mapping[str, Pack]]:
    from qiantang.packkit import load_pack, neighbours

    others = neighbours(folder)
    return load_pack(folder, others), others


def _problems(folders: Sequence[Path]) -> list[PackProblem]:
    from qiantang.engine.index.declared import check_declared
    from qiantang.engine.measures import check_sql
    from qiantang.packkit import check as check_one
    from qiantang.packkit import neighbours

    return [
        problem
        for folder in folders
        for problem in check_one(
            folder, neighbours(folder), sql_checker=check_sql, index_checker=check_declared
        )
    ]
