"""`qiantang init`: a new zone with its packs and organisations, and an administrator."""

from __future__ import annotations

import click

from qiantang.doors.cli.language import say
from qiantang.doors.cli.words import command as declare
from qiantang.doors.cli.words import option
from qiantang.doors.cli.zones import create_zone
from qiantang.kernel.text import Text


@declare(
    "init",
    "在文件夹 DIR 中新建示范区：数据库、数据湖、领域包、机构。",
    "Create a zone in DIR: database, lake, packs, organisations.",
)
@click.argument("folder", metavar="DIR")
@option("--name-zh", zh="示范区中文名称", en="The zone's Chinese name")
@option("--name-en", zh="示范区英文名称", en="The zone's English name")
@option("--division", default="330000", show_default=True, zh="所属行政区划代码", en="Its division")
@option("--bare", is_flag=True, zh="不安装领域包", en="Install no packs")
def command(
    folder: str, name_zh: str | None, name_en: str | None, division: str, bare: bool
) -> None:
    fields: dict[str, object] = {"division": division}
    if name_zh or name_en:
        fields["name"] = Text(name_zh or name_en or "", name_en or name_zh or "")
    zone = create_zone(folder, **fields)
    if not bare:
        from qiantang.doors.cli.furnishing import furnish
        from qiantang.doors.cli.screen import steps

        with steps() as progress:
            furnish(progress)
    click.echo(say(f"已建立示范区 {zone.folder}", f"Created the zone {zone.folder}"))
    click.echo(
        say(
            f"下一步：qiantang --zone {folder} user add 账号 --role administrator，"
            f"然后 qiantang --zone {folder} serve",
            f"Next: qiantang --zone {folder} user add NAME --role administrator, "
            f"then qiantang --zone {folder} serve",
        )
    )
