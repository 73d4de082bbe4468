"""What the journal refuses."""

from __future__ import annotations

from qiantang.kernel.errors import Conflict, Invalid, QiantangError, Refused, Unavailable
from qiantang.kernel.text import Text


class EntryFixed(Conflict):
    """An audit entry was to be changed or deleted."""

    code = "journal.entry_fixed"
    title = Text(zh="审计日志不可更改", en="Journal entries are fixed")
    detail = Text(
        zh="审计日志只能追加，不能修改或删除。",
        en="The journal is append-only: entries cannot be changed or deleted.",
    )
    hint = Text(
        zh="如需更正，请另行记录一次更正操作。",
        en="To correct something, do the correcting act; it is journaled too.",
    )


class SecretInDetail(Invalid):
    """A detail carries something that must not be written down."""

    code = "journal.secret_in_detail"
    title = Text(zh="日志内容含敏感信息", en="Secret in a journal entry")
    detail = Text(
        zh="日志明细中的“{found}”可能是口令、令牌或个人信息，未予记录。",
        en='"{found}" may be a password, token or personal data; nothing was written.',
    )
    hint = Text(
        zh="日志只记编号和名称，不记口令、令牌和个人信息。",
        en="Journal identifiers and names, never passwords, tokens or personal data.",
    )


class OutsideTransaction(QiantangError):
    """A service journaled outside the transaction of its change."""

    code = "journal.outside_transaction"
    title = Text(zh="未在事务中记录日志", en="Journaled outside a transaction")
    detail = Text(
        zh="“{found}”必须与其变更在同一事务中记录。",
        en='"{found}" must be journaled in the transaction of its change.',
    )
    hint = Text(
        zh="这是程序错误，请报告给开发者。",
        en="This is a program error; report it to the developers.",
    )


class JournalClosed(Refused):
    """The actor may not read the journal."""

    code = "journal.closed"
    detail = Text(zh="请登录后查看审计日志。", en="Sign in to read the journal.")
    status = 401


class DatabaseBusy(Unavailable):
    """Another writer held the database longer than the house waits."""

    code = "journal.database_busy"
    title = Text(zh="数据库忙", en="Database busy")
    detail = Text(
        zh="数据库正被其他操作占用，本次操作未执行，没有留下任何更改。",
        en="The database is held by another operation; nothing was done and nothing was changed.",
    )
    hint = Text(zh="请稍后重试。", en="Try again in a moment.")


class DatabaseAway(Unavailable):
    """The database server does not answer, or its files cannot be used."""

    code = "journal.database_away"
    title = Text(zh="数据库不可用", en="Database not available")
    detail = Text(
        zh="无法使用数据库，本次操作未执行。",
        en="The database cannot be used; nothing was done.",
    )
    hint = Text(
        zh="请管理员运行 qiantang doctor 查明原因。",
        en="The administrator should run qiantang doctor to find out why.",
    )


class DiskFull(Unavailable):
    """There is no room left where the zone is kept."""

    code = "journal.disk_full"
    status = 507
    transient = False
    title = Text(zh="磁盘已满", en="Disk full")
    detail = Text(
        zh="磁盘空间不足，本次操作未执行，没有留下任何更改。",
        en="The disk is full; nothing was done and nothing was changed.",
    )
    hint = Text(
        zh="请管理员清理磁盘后重试。",
        en="The administrator should free some space; then try again.",
    )
