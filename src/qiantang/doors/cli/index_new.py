"""`qiantang index template` and `qiantang index new`: an index of one's own from a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qiantang.doors.cli.errors import IndexNotDeclared, PackCheckFailed
from qiantang.doors.cli.files import write_whole
from qiantang.doors.cli.language import current, say
from qiantang.doors.cli.words import command, option

if TYPE_CHECKING:
    from qiantang.packkit import Pack
    from qiantang.packkit.indices import CompositeIndex


@command(
    "template",
    "写出建立指数用的 Excel 工作簿；--index 则列出已有指数的要素和评价单元。",
    "Write the workbook for an index of your own; --index lists those of an existing one.",
)
@option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE",
        zh="工作簿（.xlsx）", en="The workbook (.xlsx)")  # fmt: skip
@option("--index", "key", default="", metavar="PACK.INDEX",
        zh="已有的指数，如 wuzhen-index.internet-development",
        en="An existing index, such as wuzhen-index.internet-development")  # fmt: skip
def template(out: Path, key: str) -> None:
    from qiantang.engine.index.books import write_template

    if key:
        declared, pack, others = _declared(key)
        packs = {**others, pack.id: pack}
        home, _, codes = declared.units.codes.rpartition(".")
        units = declared.units.chosen(packs[home].codes[codes])
        raw = write_template(declared, units, _weights(declared, packs))
    else:
        raw = write_template()
    write_whole(out, raw, folders=True)
    click.echo(say(f"已写入 {out}", f"Wrote {out}"))
    click.echo(say(f"填好后运行：qiantang index new 标识 --from-excel {out}",
                   f"Fill it, then: qiantang index new ID --from-excel {out}"))  # fmt: skip


@command("new", "由 Excel 工作簿建立含综合指数的领域包。",
         "Make a pack with a composite index of an Excel workbook.")  # fmt: skip
@click.argument("pack_id", metavar="ID")
@option("--from-excel", "workbook", required=True, metavar="FILE",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        zh="填好的工作簿", en="The filled workbook")  # fmt: skip
@option("--folder", metavar="DIR", zh="文件夹（默认 ./ID）", en="Where (default ./ID)")
def new(pack_id: str, workbook: Path, folder: str | None) -> None:
    from qiantang.engine.index.books import make_pack, read_book
    from qiantang.packkit import neighbours

    made = make_pack(read_book(workbook), pack_id, Path(folder or pack_id), neighbours)
    for problem in made.problems:
        click.echo(problem.report(current()))
    if made.problems:
        raise PackCheckFailed(count=len(made.problems))
    click.echo(say(f"已写入领域包 {made.folder}", f"Wrote the pack {made.folder}"))
    for name in made.written:
        click.echo(f"  {made.folder.name}/{name}")
    click.echo(say(f"下一步：qiantang pack install {made.folder}",
                   f"Next: qiantang pack install {made.folder}"))  # fmt: skip


def _declared(key: str) -> tuple[CompositeIndex, Pack, dict[str, Pack]]:
    """An index of a shipped pack or of a folder, by ``pack.local``."""
    from qiantang.doors.cli.pack import folder_of
    from qiantang.packkit import load_pack, neighbours

    home, _, local = key.rpartition(".")
    folder = folder_of(home)
    others = neighbours(folder)
    pack = load_pack(folder, others)
    found = pack.indices.get(local)
    if found is None:
        known = "、".join(f"{home}.{each}" for each in pack.indices) or "-"
        raise IndexNotDeclared(found=key, expected=known)
    return found, pack, others


def _weights(declared: CompositeIndex, packs: dict[str, Pack]) -> dict[str, float]:
    """The latest figures of the norms that give weights, by element."""
    rows = sorted((n for pack in packs.values() for n in pack.norms), key=lambda n: n.valid_from)
    norms = {f"{n.pack}.{n.id}": float(n.value) for n in rows}
    return {e.code: norms[e.weight_norm] for e in declared.elements if e.weight_norm in norms}
