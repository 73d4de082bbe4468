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

from qiantang.doors.cli.zones import is_zone, open_zone, unapplied_migrations, zone_class
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text

LOW_DISK: Final = 200 * 2**20
SHOWN: Final = 5
DATABASE: Final = Text("数据库", "Database")
JOURNAL: Final = Text("审计日志", "Journal")
OUTBOX: Final = Text("发件箱", "Outbox")
LAKE: Final = Text("数据湖", "Lake")
PACKS: Final = Text("领域包", "Packs")
ENGINE: Final = Text("计算引擎", "Engine")
KEY: Final = Text("密钥文件", "Signing key")
DISK: Final = Text("磁盘", "Disk")
MACHINE: Final = Text("本机", "This machine")
EDITIONS: Final = Text("指数版次", "Editions of indices")
OBSERVATIONS: Final = "observations"
"""The table that the indicators' decisions are compared with."""
SHORTEST_KEY: Final = 32
NEW_KEY: Final = Text(
    "请删除 secret.key，下次启动会新建；所有人须重新登录。",
    "Delete secret.key; the next start makes a new one, and everybody signs in again.",
)
RESTORE_EDITIONS: Final = Text(
    "请从备份恢复 editions 文件夹。", "Restore the folder editions from a backup."
)
RESTORE_LAKE: Final = Text("请从备份恢复 lake 文件夹。", "Restore the folder lake from a backup.")


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
    keyless = is_zone(folder) and not (Path(folder).expanduser() / "secret.key").exists()
    try:
        zone = zone_class().open(folder)
    except QiantangError as error:
        yield _wrong(what, error)
        yield from _guarded(MACHINE, _machine)
        return
    except OSError as error:
        yield _closed(what, error)
        yield from _guarded(MACHINE, _machine)
        return
    yield Finding(
        "ok", what, Text(f"{zone.name.zh}，{zone.folder}", f"{zone.name.en}, {zone.folder}")
    )
    ready = True
    for finding in _guarded(KEY, lambda: _secret(zone, keyless)):
        ready = ready and not (finding.level == "bad" and finding.mend is NEW_KEY)
        yield finding
    yield from _guarded(DISK, lambda: _disk(zone))
    if not ready:
        yield from _guarded(MACHINE, _machine)
        return
    for finding in _guarded(DATABASE, lambda: _database(folder)):
        ready = ready and finding.level != "bad"
        yield finding
    if ready:
        for what, look in _INSIDE:
            yield from _guarded(what, look)
    yield from _guarded(MACHINE, _machine)


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
    from qiantang.engine.lake.errors import Damaged

    # Its own next step is this very command.
    if isinstance(error, Damaged):
        return Finding("bad", what, error.text(), RESTORE_LAKE)
    return Finding("bad", what, error.text(), error.hint.format(**error.fields))


def _closed(what: Text, error: OSError) -> Finding:
    said = f"{error.filename}: {error.strerror}"
    mend = Text(
        "请检查文件的归属和权限，使运行 qiantang 的用户可以读写。",
        "Check owner and permissions: the user who runs qiantang must read and write it.",
    )
    return Finding("bad", what, Text(said, said), mend)


def _secret(zone: Any, keyless: bool) -> Iterator[Finding]:
    what, key = KEY, Path(zone.folder) / "secret.key"
    if keyless:
        said = Text("密钥文件缺失，已新建。", "It was missing; a new one was made.")
        mend = Text(
            "所有人须重新登录；如有备份，可恢复原文件。",
            "Everybody signs in again; or restore the old one from a backup.",
        )
        yield Finding("warn", what, said, mend)
        return
    if not _sound_key(key):
        said = Text("密钥文件为空或已损坏。", "It is empty or damaged.")
        yield Finding("bad", what, said, NEW_KEY)
        return
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


def _sound_key(key: Path) -> bool:
    """Whether it is a key at all: a file of printable characters, long enough to sign with."""
    try:
        return len(key.read_text(encoding="ascii").strip()) >= SHORTEST_KEY
    except (OSError, UnicodeDecodeError):
        return False


def _disk(zone: Any) -> Iterator[Finding]:
    what, free = DISK, shutil.disk_usage(zone.folder).free
    said = Text(f"剩余 {free / 2**30:.1f} GB。", f"{free / 2**30:.1f} GB free.")
    mend = Text("请清理磁盘或迁移示范区文件夹。", "Free some space or move the zone's folder.")
    yield Finding("bad", what, said, mend) if free < LOW_DISK else Finding("ok", what, said)


def _lost_file(file: Path, connection: Any) -> Finding | None:
    """Said before anything else is asked: asking makes an empty file, and starting fills it."""
    ours = connection.vendor == "sqlite" and str(connection.settings_dict["NAME"]) == str(file)
    if not ours or file.exists():
        return None
    mend = Text(
        f"请从备份恢复 {file.name}；在此之前不要启动，否则会新建空库。",
        f"Restore {file.name} from a backup before starting, which makes an empty one.",
    )
    said = Text(f"{file.name} 缺失。", f"{file.name} is missing.")
    return Finding("bad", DATABASE, said, mend)


def _database(folder: str) -> Iterator[Finding]:
    open_zone(folder, migrate=False)
    from django.db import connection

    lost = _lost_file(zone_class().open(folder).database, connection)
    if lost is not None:
        yield lost
        return
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
    from qiantang.kernel.actors import SYSTEM
    from qiantang.rooms.journal import selectors, services
    from qiantang.rooms.people import selectors as people

    breaks = services.verify()
    mend = Text(
        "记录可能被篡改：请与备份比对并调查。",
        "Entries may have been tampered with: compare with a backup, investigate.",
    )
    for one in breaks[:SHOWN]:
        yield Finding("bad", JOURNAL, one.text, mend)
    yield from _more(JOURNAL, len(breaks), mend)
    count, last = selectors.head()
    if not count and not breaks and people.accounts(SYSTEM):
        said = Text("审计日志是空的，却已有账号。", "It is empty although there are accounts.")
        yield Finding("bad", JOURNAL, said, mend)
    elif not breaks:
        yield Finding(
            "ok",
            JOURNAL,
            Text(
                f"{count} 条记录，链条完整（{last[:12]}）。",
                f"{count} entries, chain whole ({last[:12]}).",
            ),
        )


def _more(what: Text, number: int, mend: Text) -> Iterator[Finding]:
    """How many findings of one kind were not listed."""
    if number > SHOWN:
        more = number - SHOWN
        yield Finding("bad", what, Text(f"另有 {more} 处。", f"And {more} more."), mend)


def _outbox() -> Iterator[Finding]:
    from qiantang.rooms.journal import selectors

    for news in selectors.stuck(SHOWN):
        said = Text(
            f"{news.event} 处理失败 {news.attempts} 次：{news.error}",
            f"{news.event} failed {news.attempts} times: {news.error}",
        )
        mend = Text(
            "服务器会自动重试；排除原因后运行 qiantang serve。",
            "The server tries again by itself; remove the cause, then run serve.",
        )
        yield Finding("bad", OUTBOX, said, mend)
    waiting = selectors.waiting()
    if not selectors.stuck(1):
        yield Finding("ok", OUTBOX, Text(f"{waiting} 条待处理。", f"{waiting} waiting."))


def _lake() -> Iterator[Finding]:
    from qiantang.rooms.shelf import selectors as shelf

    lake = shelf.lake()
    names, orphans = lake.tables(), 0
    damaged: list[str] = []
    for name in names:
        problems, wrong = _table_problems(lake, name)
        orphans += sum(p.code == "orphan" for p in problems)
        if wrong is not None:
            damaged.append(name)
            yield wrong
    if orphans:
        said = Text(
            f"{orphans} 个未被引用的文件占用空间。", f"{orphans} unreferenced files use space."
        )
        yield Finding("warn", LAKE, said, Text("可以忽略。", "They may be left alone."))
    differing = list(_two_stores() if OBSERVATIONS not in damaged else ())
    yield from differing
    if not damaged and not differing:
        yield Finding(
            "ok",
            LAKE,
            Text(f"{len(names)} 张表，文件齐全。", f"{len(names)} tables, all files sound."),
        )


def _table_problems(lake: Any, name: str) -> tuple[list[Any], Finding | None]:
    """What `verify` finds of a table, and the one finding that tells of its damage, if any."""
    try:
        problems = lake.verify(name)
        grave = [p for p in problems if p.code != "orphan"]
        if not grave:
            _read_through(lake, name)
            return problems, None
    except QiantangError as error:
        return [], _wrong(LAKE, error)
    more = len(grave) - 1
    first, zh, en = grave[0].text, "", ""
    if more:
        zh, en = f"；另有 {more} 处", f"; and {more} more"
    said = Text(f"表“{name}”：{first.zh}{zh}", f'Table "{name}": {first.en}{en}')
    return problems, Finding("bad", LAKE, said, RESTORE_LAKE)


def _read_through(lake: Any, name: str) -> None:
    """A file of the right size may still be damaged inside. Raises the lake's errors."""
    for _ in lake.reader(name):
        pass


def _two_stores() -> Iterator[Finding]:
    """Where the database and the lake tell different stories of what was approved."""
    from qiantang.rooms.indicators import services

    half, lost = services.half_published(), services.lost_publications()
    again = Text(
        "请审核员再次批准该报送，不会重复写入。",
        "Have an approver approve it again; nothing is written twice.",
    )
    for submission in half[:SHOWN]:
        said = Text(
            f"报送 {submission} 已写入数据湖，但批准记录在故障中丢失。",
            f"Submission {submission} reached the lake, but its approval was lost.",
        )
        yield Finding("bad", LAKE, said, again)
    yield from _more(LAKE, len(half), again)
    for submission in lost[:SHOWN]:
        said = Text(
            f"报送 {submission} 已批准，但数据湖中没有它的数据。",
            f"Submission {submission} was approved, but its figures are not in the lake.",
        )
        yield Finding("bad", LAKE, said, RESTORE_LAKE)
    yield from _more(LAKE, len(lost), RESTORE_LAKE)


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


def _engine() -> Iterator[Finding]:
    """Where SQL runs, and whether the Spark that is named answers."""
    from qiantang.engine.compute.sessions import reach
    from qiantang.rooms.shelf.tasks import engine_settings

    chosen = engine_settings()
    if not chosen.spark:
        if chosen.wish == "spark":
            said = Text("指定用 Spark，却没有地址。", "Spark is chosen, without an address.")
            mend = Text("请填写 zone.toml 的 engine.spark。", "Set engine.spark in zone.toml.")
            yield Finding("bad", ENGINE, said, mend)
        else:
            yield Finding("ok", ENGINE, Text("DuckDB（本机）。", "DuckDB, on this machine."))
        return
    where = reach(chosen.spark)
    yield Finding("ok", ENGINE, Text(f"Spark 可连接：{where}。", f"Spark answers at {where}."))


def _editions() -> Iterator[Finding]:
    """Every edition's bundle is there and as it was recorded; the key that signs can be read."""
    from qiantang.rooms.indices import selectors as indices

    count, lost = indices.bundles_kept()
    for view in lost[:SHOWN]:
        name = f"{view.index} {view.number}"
        said = Text(f"{name} 的复现包缺失或损坏。", f"The bundle of {name} is lost or damaged.")
        yield Finding("bad", EDITIONS, said, RESTORE_EDITIONS)
    yield from _more(EDITIONS, len(lost), RESTORE_EDITIONS)
    if count and not lost:
        indices.public_key()
        said = Text(f"{count} 个版次，文件齐全。", f"Editions: {count}, all bundles sound.")
        yield Finding("ok", EDITIONS, said)


_INSIDE: Final = (
    *((JOURNAL, _journal), (OUTBOX, _outbox), (LAKE, _lake), (PACKS, _packs)),
    *((EDITIONS, _editions), (ENGINE, _engine)),
)


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
