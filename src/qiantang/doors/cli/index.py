"""`qiantang index`: build a composite index from two tables and a recipe, and question it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qiantang.doors.cli.index_editions import discard, editions, list_indices, plan, publish
from qiantang.doors.cli.index_import import import_coin_tool
from qiantang.doors.cli.index_new import new, template
from qiantang.doors.cli.index_verify import verify
from qiantang.doors.cli.language import say
from qiantang.doors.cli.words import group, member, option

if TYPE_CHECKING:
    from qiantang.engine.index import Data, Index, Structure

Told = dict[str, Any]
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@group("index", "计算与检验综合指数。", "Build and question composite indices.")
def command() -> None:
    pass


for _each in (list_indices, editions, plan, publish, discard, verify):
    command.add_command(_each)
command.add_command(import_coin_tool)
command.add_command(new)
command.add_command(template)


def _tables(run: Callable[..., None]) -> Callable[..., None]:
    """The three files that every command of the group reads."""
    for add in (
        option("--recipe", type=FILE, required=True, metavar="FILE",
               zh="计算方案（TOML 或 JSON）", en="The recipe (TOML or JSON)"),
        option("--imeta", type=FILE, required=True, metavar="FILE",
               zh="结构表（iMeta，CSV）", en="The structure table (iMeta, CSV)"),
        option("--idata", type=FILE, required=True, metavar="FILE",
               zh="数据表（iData，CSV）", en="The data table (iData, CSV)"),
    ):  # fmt: skip
        run = add(run)
    return run


def _format(run: Callable[..., None]) -> Callable[..., None]:
    shown = option(
        "--format", "form", type=click.Choice(["table", "json"]), default="table",
        show_default=True, zh="输出格式", en="Form of the result",
    )  # fmt: skip
    found: Callable[..., None] = shown(run)
    return found


@member(command, "build", "计算指数，并把每一步的表写成 CSV。",
        "Build the index and write the table of every step as CSV.")  # fmt: skip
@_tables
@option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, metavar="DIR",
        zh="输出文件夹", en="Folder for the tables")  # fmt: skip
def build(idata: Path, imeta: Path, recipe: Path, out: Path) -> None:
    from qiantang.doors.cli.index_tables import say_written
    from qiantang.engine.index import write_index

    told, _, _, index = _made(idata, imeta, recipe)
    left_out = write_index(out, index)
    text = json.dumps(told, ensure_ascii=False, indent=2)
    (out / "recipe.json").write_text(text + "\n", encoding="utf-8")
    say_written(out, index, left_out)


def _year(run: Callable[..., None]) -> Callable[..., None]:
    found: Callable[..., None] = option(
        "--year", type=int, default=None, metavar="YEAR",
        zh="面板数据的年份，默认最近一年", en="Year of a panel, the latest unless given",
    )(run)  # fmt: skip
    return found


@member(command, "explain", "说明一个评价单元的得分由什么构成。",
        "Say what makes a unit's score.")  # fmt: skip
@click.argument("unit")
@_tables
@_year
@_format
def explain(
    unit: str, *, idata: Path, imeta: Path, recipe: Path, year: int | None, form: str
) -> None:
    from qiantang.doors.cli.index_shares import labelled, show_shares
    from qiantang.engine.index import explaining

    index = _made(idata, imeta, recipe)[3]
    shares = explaining.contributions(index, labelled(index, unit, year))
    said = say(f"{unit} 的 {shares.element} 比全部单元的平均水平高（负数为低）",
               f"{shares.element} of {unit} against the mean of all units")  # fmt: skip
    show_shares(index, shares, form, said)


@member(command, "compare", "说明两个评价单元（或同一单元的两个年份）的差距由什么构成。",
        "Say what makes two units, or two years of a unit, differ.")  # fmt: skip
@click.argument("one")
@click.argument("other")
@_tables
@_year
@option("--other-year", type=int, default=None, metavar="YEAR",
        zh="另一单元的年份，默认与 --year 相同",
        en="Year of the other, that of --year unless given")  # fmt: skip
@_format
def compare(
    one: str, other: str, *, idata: Path, imeta: Path, recipe: Path, year: int | None,
    other_year: int | None, form: str,
) -> None:  # fmt: skip
    from qiantang.doors.cli.index_shares import labelled, show_shares
    from qiantang.engine.index import explaining

    index = _made(idata, imeta, recipe)[3]
    to, of = labelled(index, one, year), labelled(index, other, other_year or year)
    shares = explaining.difference(index, of, to)
    said = say(f"{shares.element}：{to} 减 {of}", f"{shares.element}: {to} less {of}")
    show_shares(index, shares, form, said)


@member(command, "whatif", "改变方案后，名次如何变化。",
        "How ranks change when the recipe does.")  # fmt: skip
@option("--set", "changes", multiple=True, required=True, metavar="KEY=VALUE",
        zh="如 weight:LPI=0.3 或 aggregate.method=geometric，可多次使用",
        en="Such as weight:LPI=0.3 or aggregate.method=geometric; may be given often")  # fmt: skip
@_tables
@_format
def whatif(changes: tuple[str, ...], idata: Path, imeta: Path, recipe: Path, form: str) -> None:
    from qiantang.doors.cli.index_tables import changed, show_moves
    from qiantang.engine.index import build as build_index
    from qiantang.engine.index import recipe_of

    told, data, structure, before = _made(idata, imeta, recipe)
    after = build_index(data, structure, recipe_of(changed(told, changes, structure), recipe.name))
    show_moves(before, after, form)


@member(command, "sensitivity", "方案中的选择对名次有多大影响。",
        "How much the recipe's uncertain choices move the ranks.")  # fmt: skip
@_tables
@option("--draws", type=click.IntRange(10, 1_000_000), default=1000, show_default=True,
        zh="选择组合过多时抽样的行数",
        en="Rows of the sample where there are too many combinations")  # fmt: skip
@option("--seed", type=int, default=1, show_default=True, zh="随机种子", en="Seed of the draws")
@option("--workers", type=click.IntRange(1, 256), default=1, show_default=True,
        zh="并行的进程数，结果与之无关",
        en="Processes that share the work; the result is the same")  # fmt: skip
@option("--out", type=click.Path(file_okay=False, path_type=Path), default=None, metavar="DIR",
        zh="把全部结果写成 CSV 的文件夹", en="Folder for all results as CSV")  # fmt: skip
@option("--combination", type=click.IntRange(min=0), default=None, metavar="K",
        zh="只显示第 K 种组合的方案", en="Only show the recipe of combination K")  # fmt: skip
@_year
@_format
def sensitivity(idata: Path, imeta: Path, recipe: Path, **options: Any) -> None:
    from qiantang.doors.cli.index_robustness import Asked, show_robustness

    told, data, structure = _read(idata, imeta, recipe)
    show_robustness(told, data, structure, Asked(**options))


@member(command, "analyse",
        "分析指数：统计、数据可得性、相关、一致性、主成分、聚类、有效权重、逐一去掉、趋势。\n"
        "JSON：element、year、remarks（kind、about、in_words）和 tables（按表名，各行以列名为键，"
        "与 --out 的 CSV 相同）。",
        "Analyse the index: statistics, gaps, correlations, alpha, components, clusters, ...\n"
        "Also effective weights, every element left out, and trends of a panel.\n"
        "JSON: element, year, remarks (kind, about, in_words) and tables (by name; rows by column, "
        "the same as the CSV files of --out).")  # fmt: skip
@_tables
@option("--clusters", type=click.IntRange(1, 100), default=3, show_default=True,
        zh="评价单元聚成几类", en="Clusters into which units fall")  # fmt: skip
@option("--out", type=click.Path(file_okay=False, path_type=Path), default=None, metavar="DIR",
        zh="每项分析各写一个 CSV 的文件夹", en="Folder for one CSV per analysis")  # fmt: skip
@_year
@_format
def analyse(idata: Path, imeta: Path, recipe: Path, **options: Any) -> None:
    from qiantang.doors.cli.index_analysis import Asked, show_analysis
    from qiantang.engine.index import recipe_of
    from qiantang.engine.index.choices import plain

    told, data, structure = _read(idata, imeta, recipe)
    show_analysis(data, structure, recipe_of(plain(told), recipe.name), Asked(**options))


def _read(idata: Path, imeta: Path, recipe: Path) -> tuple[Told, Data, Structure]:
    from qiantang.engine.index import read_data, read_structure, read_tables

    structure = read_structure(imeta)
    return read_tables(recipe), read_data(idata, structure), structure


def _made(idata: Path, imeta: Path, recipe: Path) -> tuple[Told, Data, Structure, Index]:
    from qiantang.engine.index import build as build_index
    from qiantang.engine.index import recipe_of
    from qiantang.engine.index.choices import plain

    told, data, structure = _read(idata, imeta, recipe)
    return told, data, structure, build_index(data, structure, recipe_of(plain(told), recipe.name))
