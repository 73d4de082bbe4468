"""Entry point of ``qiantang``: global options, language, and the one place errors become words.

Commands live in modules of their own that are imported only when run, so that help and version
answer at once.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import Any, Final

import click

from qiantang.doors.cli import language, refusals
from qiantang.doors.cli.errors import UnreadableArgument
from qiantang.doors.cli.words import LazyGroup, Option
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text, lang_of

_BETWEEN_COLLECTIONS: Final = 50_000
"""New objects; the interpreter's own number is 700."""
_HERE: Final = "qiantang.doors.cli"
COMMANDS: Final[dict[str, tuple[str, Text]]] = {
    "demo": (
        f"{_HERE}.demo",
        Text(
            "用真实数据建立示范区、给出规划结论并启动网站", "A zone with real figures, then serve"
        ),
    ),
    "init": (f"{_HERE}.init", Text("新建示范区", "Create a zone")),
    "serve": (f"{_HERE}.serve", Text("启动网站", "Serve the zone's pages")),
    "plan": (f"{_HERE}.plan", Text("评判规划目标", "Judge plans")),
    "pack": (f"{_HERE}.pack", Text("编写与检查领域包", "Write and check packs")),
    "index": (
        f"{_HERE}.index",
        Text("计算与检验综合指数", "Build and question composite indices"),
    ),
    "disclosure": (
        f"{_HERE}.disclosure",
        Text("统计保密：可公布的汇总表", "Tables that may be published"),
    ),
    "intake": (
        f"{_HERE}.intake",
        Text("交付数据：读取、检查、入库", "Deliver data: read, check, publish"),
    ),
    "source": (
        f"{_HERE}.source",
        Text("数据来源：文件夹、数据库、网络地址", "Sources: folders, databases, addresses"),
    ),
    "harvest": (
        f"{_HERE}.harvest",
        Text("目录汇聚：从上游目录收录条目", "Harvest other catalogues"),
    ),
    "lake": (
        f"{_HERE}.lake",
        Text("数据湖：表、版本与维护", "The lake: tables, versions, care"),
    ),
    "rows": (f"{_HERE}.rows", Text("输出信息资源的数据行", "Put out the rows of a resource")),
    "query": (f"{_HERE}.query", Text("用 SQL 查询信息资源", "Query resources in SQL")),
    "sample": (f"{_HERE}.sample", Text("生成虚构数据", "Write made-up rows of a resource")),
    "catalogue": (
        f"{_HERE}.catalogue",
        Text("信息资源目录：查找、编目、审核", "The catalogue: find, write, decide"),
    ),
    "user": (f"{_HERE}.user", Text("账号与角色", "Accounts and roles")),
    "doctor": (
        f"{_HERE}.doctor",
        Text("检查示范区并说明如何修复", "Find what is wrong, say how to mend"),
    ),
    "version": (f"{_HERE}.version", Text("显示版本", "Show the version")),
}


class Root(LazyGroup):
    """The root command: sets the language first, turns every error into words and an exit code."""

    def main(self, args: Sequence[str] | None = None, **extra: Any) -> Any:  # type: ignore[override]
        given = list(sys.argv[1:] if args is None else args)
        language.use(language.detect(given))
        standalone = extra.pop("standalone_mode", True)
        if not standalone:
            return super().main(args=given, standalone_mode=False, **extra)
        sys.exit(self._exit_code(given, extra))

    def _exit_code(self, given: list[str], extra: dict[str, Any]) -> int:
        try:
            done = super().main(args=given, standalone_mode=False, **extra)
        except QiantangError as error:
            refusals.show(error)
            return 1
        except UnicodeEncodeError as error:
            refusals.show(UnreadableArgument(found=ascii(error.object)[:60]))
            return 2
        except click.UsageError as error:
            refusals.show_usage(error)
            return 2
        except click.ClickException as error:
            refusals.show_usage(error)
            return error.exit_code
        except (KeyboardInterrupt, click.Abort):
            click.echo(language.say("已取消。", "Cancelled."), err=True)
            return refusals.CANCELLED
        except BrokenPipeError:
            # The reader (head, less) went away; keep the interpreter from complaining at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except Exception as error:
            ours = refusals.of_the_machine(error)
            if ours is None:
                raise
            refusals.show(ours)
            return 1
        return done if isinstance(done, int) else 0


def _set_language(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value:
        language.use(lang_of(value))
    return value


@click.group(
    cls=Root,
    lazy=COMMANDS,
    words=Text(
        "钱塘：从已公布的规划到有据可查的结论。",
        "Qiantang: from a published plan to a verdict with evidence.",
    ),
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--zone",
    cls=Option,
    words=Text(
        "示范区文件夹（环境变量 QIANTANG_ZONE，默认 ./zone）",
        "The zone's folder (env QIANTANG_ZONE, default ./zone)",
    ),
    envvar="QIANTANG_ZONE",
    default="zone",
    metavar="DIR",
)
@click.option(
    "--lang",
    cls=Option,
    words=Text(
        "语言：zh 或 en（环境变量 QIANTANG_LANG、LANG）",
        "Language: zh or en (env QIANTANG_LANG, LANG)",
    ),
    type=click.Choice(["zh", "en"]),
    is_eager=True,
    expose_value=False,
    callback=_set_language,
)
@click.pass_context
def cli(ctx: click.Context, zone: str) -> None:
    ctx.obj = zone


def main() -> None:
    """The installed command."""
    # It lives for seconds and keeps most of what it makes: cycles are looked for less often.
    gc.set_threshold(_BETWEEN_COLLECTIONS)
    cli.main(prog_name="qiantang")


if __name__ == "__main__":
    main()
