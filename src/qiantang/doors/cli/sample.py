"""`qiantang sample`: made-up rows of a resource, clean, faulty or in odd writing."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from qiantang.doors.cli.language import say
from qiantang.doors.cli.words import Command, Option, option
from qiantang.doors.cli.zones import is_zone, open_zone
from qiantang.kernel.text import Text

if TYPE_CHECKING:
    from qiantang.engine.samples import Planted

_ENDINGS = {".csv": "csv", ".xlsx": "xlsx", ".parquet": "parquet", ".ndjson": "ndjson"}


@click.command(
    "sample",
    cls=Command,
    words=Text(
        "按资源的声明生成虚构数据：人、单位、号码都不存在，校验位和区划是对的。\n"
        "例：qiantang sample data-commons.population --rows 1000 --faults 0.01 --out 人口.csv",
        "Write made-up rows of a resource: nobody in them exists, check digits and divisions are "
        "right.\n"
        "Such as: qiantang sample data-commons.population --rows 1000 --faults 0.01 --out p.csv",
    ),
)
@click.argument("resource", metavar="RESOURCE")
@click.option("--rows", cls=Option, words=Text("行数（默认 1000）", "Rows (default 1000)"),
              type=click.IntRange(1, 1_000_000_000), default=1000, metavar="N")  # fmt: skip
@option("--seed", type=int, default=1, metavar="N", zh="种子；相同种子得到相同的文件（默认 1）",
        en="Seed: the same seed gives the same file (default 1)")  # fmt: skip
@option("--faults", type=click.FloatRange(0, 1), default=0.0, metavar="SHARE",
        zh="有错的行占多大比例，如 0.01", en="Share of rows made wrong, such as 0.01")  # fmt: skip
@option("--messy", is_flag=True, zh="部分正确的值用各种不规范的写法",
        en="Write some right values in odd ways")  # fmt: skip
@option("--pool", type=click.IntRange(1), metavar="N",
        zh="被引用的资源各有多少行（默认与行数相同）",
        en="Rows of each resource referred to (default: as many as --rows)")  # fmt: skip
@option("--format", "format_", type=click.Choice(["csv", "xlsx", "parquet", "ndjson"]),
        zh="文件格式（默认看文件名）", en="Format (default: by the file's name)")  # fmt: skip
@option("--encoding", default="utf-8", metavar="NAME",
        zh="CSV 的编码，如 gb18030（默认 utf-8）",
        en="Encoding of CSV, such as gb18030 (default utf-8)")  # fmt: skip
@option("--header", type=click.Choice(["zh", "en", "id"]), default="zh",
        zh="列名：中文、英文或字段标识（默认 zh）",
        en="Names of columns: Chinese, English or field ids (default zh)")  # fmt: skip
@option("--out", required=True, metavar="FILE", zh="写入的文件", en="File to write")
@option("--truth", metavar="FILE", zh="另存每处错误的位置和原值（NDJSON）",
        en="Also write where each fault is and what was there (NDJSON)")  # fmt: skip
@click.pass_obj
def command(
    zone: str, /, resource: str, rows: int, out: str, truth: str | None, **how: Any
) -> None:
    from qiantang.doors.cli.screen import pause_hint, steps
    from qiantang.engine.samples import Form, generate, write_sample

    packs = _packs(zone)
    declared = _resource(resource, packs)
    path = Path(out)
    kind = how["format_"] or _ENDINGS.get(path.suffix.lower(), "csv")
    form = Form(kind, how["encoding"], how["header"], dressed=how["messy"] and kind == "xlsx")
    begun = time.monotonic()
    with _truth_file(truth) as told, steps() as progress:
        title = say(f"生成 {rows} 行（{pause_hint()}）", f"Write {rows} rows ({pause_hint()})")
        progress.begin(title, rows)
        batches = generate(
            declared,
            rows,
            packs=packs,
            seed=how["seed"],
            faults=how["faults"],
            messy=how["messy"],
            pool=how["pool"] or 0,
            truth=told.tell if told else None,
        )
        written = write_sample(batches, declared, path, form, progress.advance)
        progress.end()
    spent = time.monotonic() - begun
    zh = f"已写入 {path}：{written} 行，{spent:.1f} 秒。数据全部虚构。"
    click.echo(say(zh, f"Wrote {path}: {written} rows in {spent:.1f} s. All of it is made up."))
    if told:
        wrong = told.rows
        click.echo(say(f"其中 {wrong} 行有错，见 {truth}", f"{wrong} rows are wrong, see {truth}"))


def _packs(zone: str) -> Any:
    """The packs of the zone, where there is one, beside the shipped ones: a zone's own version of
    a pack comes first."""
    from qiantang.packkit import builtin_packs, load_packs

    shipped = load_packs(builtin_packs()).packs
    if not is_zone(zone):
        return shipped
    open_zone(zone)
    from qiantang.rooms.shelf import selectors

    return {**shipped, **selectors.packs()}


def _resource(id: str, packs: Any) -> Any:
    from qiantang.engine.samples.world import find_resource

    return find_resource(packs, id)


class _Truth:
    """Writes what was planted as it is planted, and counts the rows."""

    def __init__(self, file: IO[str]) -> None:
        self.file = file
        self.rows = 0

    def tell(self, planted: list[Planted]) -> None:
        self.rows += len({each.row for each in planted})
        lines = (json.dumps(each.as_dict(), ensure_ascii=False) for each in planted)
        self.file.writelines(f"{line}\n" for line in lines)


@contextmanager
def _truth_file(name: str | None) -> Iterator[_Truth | None]:
    """The file of planted faults; it appears when the sample is complete."""
    if name is None:
        yield None
        return
    path = Path(name)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            yield _Truth(file)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
