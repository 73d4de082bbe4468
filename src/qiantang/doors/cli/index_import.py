"""`qiantang index import-coin-tool`: a COIN Tool workbook becomes the files that `build` reads."""

from __future__ import annotations

from pathlib import Path

import click

from qiantang.doors.cli.language import say
from qiantang.doors.cli.words import command, option


@command("import-coin-tool", "把 JRC COIN Tool 工作簿转为数据表、结构表和方案。",
         "Turn a workbook of the JRC's COIN Tool into data, structure and recipe.")  # fmt: skip
@click.argument("workbook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, metavar="DIR",
        zh="输出文件夹", en="Folder for the files")  # fmt: skip
def import_coin_tool(workbook: Path, out: Path) -> None:
    from qiantang.engine.index.coin_tool import read_coin_tool
    from qiantang.engine.index.tables import write_data, write_structure

    found = read_coin_tool(workbook)
    out.mkdir(parents=True, exist_ok=True)
    write_data(out / "iData.csv", found.data)
    write_structure(out / "iMeta.csv", found.structure)
    (out / "recipe.toml").write_text(found.recipe(), encoding="utf-8")
    units, indicators = len(found.data.units), len(found.data.columns)
    click.echo(say(f"已写入 {out}：{units} 个评价单元、{indicators} 个指标（iData.csv、iMeta.csv、"
                   "recipe.toml）。",
                   f"{out}: {units} units, {indicators} indicators (iData.csv, iMeta.csv, "
                   "recipe.toml)."))  # fmt: skip
    if found.posts:
        click.echo(say(f"{len(found.posts)} 个指标采用工作簿中的目标区间；如不需要，请删去方案中的 "
                       "[normalise.only] 各表。",
                       f"{len(found.posts)} indicators use the workbook's goalposts; delete the "
                       "recipe's [normalise.only] tables if you do not want them."))  # fmt: skip
    for name in found.empty:
        click.echo(say(f"· “{name}”没有数据，未导入。", f'· "{name}" has no figures: left out.'))
