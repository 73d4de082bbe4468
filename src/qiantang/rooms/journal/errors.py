"""What the journal refuses."""

from __future__ import annotations

from qiantang.kernel.errors import Conflict, Invalid, QiantangError, Refused
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
