"""The checks behind `qiantang doctor`, each a function that finds and never raises.

A check that needs the database or the lake is passed over when these cannot be opened: the
finding that says so comes first.
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from qiantang.doors.cli.zones import open_zone, unapplied_migrations, zone_class
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text

LOW_DISK: Final = 200 * 2**20
SHOWN: Final = 5
DATABASE: Final = Text("数据库", "Database")
JOURNAL: Final = Text("审计日志", "Journal")
OUTBOX: Final = Text("发件箱", "Outbox")
LAKE: Final = Text("数据湖", "Lake")
PACKS: Final = Text("领域包", "Packs")


@dataclass(frozen=True, slots=True)
class Finding:
    """``level``: ok, warn or bad; ``mend`` says what to do where something is wrong."""

    level: str
    what: Text
    said: Text
    mend: Text | None = None

    def as_dict(self) -> dict[str, object]:
        return {
            "level": self.level,
            "what": self.what.as_dict(),
            "said": self.said.as_dict(),
            "mend": self.mend.as_dict() if self.mend else None,
        }


def examine(folder: str) -> Iterator[Finding]:
    """Every finding about the zone in ``folder``, in the order in which one would mend them."""
    what = Text("示范区", "Zone")
    try:
        zone = zone_class().open(folder)
    except QiantangError as error:
        yield _wrong(what, error)
        yield from _machine()
        return
    yield Finding(
        "ok", what, Text(f"{zone.name.zh}，{zone.folder}", f"{zone.name.en}, {zone.folder}")
    )
    yield from _secret(zone)
    yield from _disk(zone)
    ready = True
    for finding in _guarded(DATABASE, lambda: _database(folder)):
        ready = ready and finding.level != "bad"
        yield finding
    if ready:
        for what, look in _INSIDE:
            yield from _guarded(what, look)
    yield from _machine()


def _guarded(what: Text, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except QiantangError as error:
        yield _wrong(what, error)
    except Exception as error:  # noqa: BLE001 - a check that fails is itself a finding
        text = f"{type(error).__name__}: {error}"
        mend = Text(
            "请恢复备份，或把此信息告诉维护人员。", "Restore a backup, or report this message."
        )
        yield Finding("bad", what, Text(text, text), mend)


def _wrong(what: Text, error: QiantangError) -> Finding:
    return Finding("bad", what, error.text(), error.hint.format(**error.fields))


def _secret(zone: Any) -> Iterator[Finding]:
    what, key = Text("密钥文件", "Signing key"), Path(zone.folder) / "secret.key"
    loose = [
        p
        for p in (key, Path(zone.folder) / "demo-sign-ins.toml")
        if p.exists() and stat.S_IMODE(p.stat().st_mode) & 0o077
    ]
    for path in loose:
        said = Text(f"{path.name} 可被他人读取。", f"{path.name} can be read by others.")
        yield Finding("bad", what, said, Text(f"chmod 600 {path}", f"chmod 600 {path}"))
    if not loose:
        yield Finding("ok", what, Text("仅本人可读。", "Readable by its owner only."))


def _disk(zone: Any) -> Iterator[Finding]:
    what, free = Text("磁盘", "Disk"), shutil.disk_usage(zone.folder).free
    said = Text(f"剩余 {free / 2**30:.1f} GB。", f"{free / 2**30:.1f} GB free.")
    mend = Text("请清理磁盘或迁移示范区文件夹。", "Free some space or move the zone's folder.")
    yield Finding("bad", what, said, mend) if free < LOW_DISK else Finding("ok", what, said)


def _database(folder: str) -> Iterator[Finding]:
    open_zone(folder, migrate=False)
    from django.db import connection

    waiting, unknown = unapplied_migrations()
    if unknown:
        said = Text("由更新的版本建立。", "Made by a later version.")
        mend = Text("请升级 qiantang。", "Upgrade qiantang.")
        yield Finding("bad", DATABASE, said, mend)
    elif waiting:
        said = Text(f"有 {waiting} 项结构更新未执行。", f"{waiting} migrations are not applied.")
        mend = Text("启动一次即自动执行：qiantang serve", "Starting applies them: qiantang serve")
        yield Finding("bad", DATABASE, said, mend)
        return
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check")
            answer = str(cursor.fetchone()[0])
        if answer != "ok":
            mend = Text("请从备份恢复 control.sqlite3。", "Restore control.sqlite3 from a backup.")
            yield Finding("bad", DATABASE, Text(answer, answer), mend)
            return
    yield Finding(
        "ok",
        DATABASE,
        Text(f"{connection.vendor}，结构最新。", f"{connection.vendor}, up to date."),
    )


def _journal() -> Iterator[Finding]:
    from qiantang.rooms.journal import selectors, services

    breaks = services.verify()
    for one in breaks[:SHOWN]:
        said = one.text
        mend = Text(
            "记录可能被篡改：请与备份比对并调查。",
            "Entries may have been tampered with: compare with a backup, investigate.",
        )
        yield Finding("bad", JOURNAL, said, mend)
    if not breaks:
        count, last = selectors.head()
        yield Finding(
            "ok",
            JOURNAL,
            Text(
                f"{count} 条记录，链条完整（{last[:12]}）。",
                f"{count} entries, chain whole ({last[:12]}).",
            ),
        )


def _outbox() -> Iterator[Finding]:
    from qiantang.rooms.journal import selectors

    for news in selectors.stuck(SHOWN):
        said = Text(
            f"{news.event} 处理失败 {news.attempts} 次：{news.error}",
            f"{news.event} failed {news.attempts} times: {news.error}",
        )
        mend = Text(
            "服务器会自动重试；排除原因后运行 qiantang demo 或 serve。",
            "The server tries again by itself; remove the cause, then run serve.",
        )
        yield Finding("bad", OUTBOX, said, mend)
    waiting = selectors.waiting()
    if not selectors.stuck(1):
        yield Finding("ok", OUTBOX, Text(f"{waiting} 条待处理。", f"{waiting} waiting."))


def _lake() -> Iterator[Finding]:
    from qiantang.rooms.indicators import services
    from qiantang.rooms.shelf import selectors as shelf

    lake, problems = shelf.lake(), []
    names = lake.tables()
    for name in names:
        problems += lake.verify(name)
    grave = [p for p in problems if p.code != "orphan"]
    for problem in grave[:SHOWN]:
        mend = Text("请从备份恢复 lake 文件夹。", "Restore the folder lake from a backup.")
        yield Finding("bad", LAKE, problem.text, mend)
    if len(problems) > len(grave):
        count = len(problems) - len(grave)
        said = Text(f"{count} 个未被引用的文件占用空间。", f"{count} unreferenced files use space.")
        yield Finding("warn", LAKE, said, Text("可以忽略。", "They may be left alone."))
    half = services.half_published()
    for submission in half[:SHOWN]:
        said = Text(
            f"报送 {submission} 已写入数据湖，但批准记录在故障中丢失。",
            f"Submission {submission} reached the lake, but its approval was lost.",
        )
        mend = Text(
            "请审核员再次批准该报送，不会重复写入。",
            "Have an approver approve it again; nothing is written twice.",
        )
        yield Finding("bad", LAKE, said, mend)
    if not grave and not half:
        yield Finding(
            "ok",
            LAKE,
            Text(f"{len(names)} 张表，文件齐全。", f"{len(names)} tables, all files sound."),
        )


def _packs() -> Iterator[Finding]:
    from qiantang.rooms.shelf import selectors

    problems = selectors.problems()
    for problem in problems[:SHOWN]:
        mend = problem.hint if problem.hint.en else None
        yield Finding("bad", PACKS, problem.line_text(), mend)
    if len(problems) > SHOWN:
        more = len(problems) - SHOWN
        yield Finding(
            "bad",
            PACKS,
            Text(f"另有 {more} 处。", f"And {more} more."),
            Text("qiantang pack check 列出全部。", "qiantang pack check lists them all."),
        )
    packs = selectors.packs()
    if not packs:
        mend = Text(
            "运行 qiantang demo，或 qiantang pack install。",
            "Run qiantang demo, or qiantang pack install.",
        )
        yield Finding("warn", PACKS, Text("没有安装领域包。", "No pack is installed."), mend)
    elif not problems:
        yield Finding("ok", PACKS, Text(f"{len(packs)} 个，均可用。", f"{len(packs)}, all usable."))


_INSIDE: Final = ((JOURNAL, _journal), (OUTBOX, _outbox), (LAKE, _lake), (PACKS, _packs))


def _machine() -> Iterator[Finding]:
    from importlib.util import find_spec

    from qiantang.doors.cli.serve import server

    fonts = Text("中文字体", "Chinese font")
    if find_spec("noto_cjk_sans_otc") is not None:
        yield Finding("ok", fonts, Text("随软件包提供。", "Comes with its package."))
    else:
        mend = Text("pip install noto-cjk-sans-otc", "pip install noto-cjk-sans-otc")
        said = Text("缺少字体包，报告和图表无法显示中文。", "Missing; reports cannot show Chinese.")
        yield Finding("bad", fonts, said, mend)
    what, wanted = Text("端口", "Port"), int(server().PORT)
    free = int(server().choose_port())
    if free == wanted:
        yield Finding("ok", what, Text(f"{free} 空闲。", f"{free} is free."))
    else:
        said = Text(
            f"{wanted} 已被占用，将使用 {free}。", f"{wanted} is taken; {free} will be used."
        )
        yield Finding("warn", what, said, Text("也可用 --port 指定。", "Or choose with --port."))
