"""What intake refuses of sources, and what fails when they are fetched."""

from __future__ import annotations

from typing import Final

from qiantang.kernel.errors import (
    Conflict,
    Invalid,
    NotFound,
    QiantangError,
    Refused,
    Unavailable,
)
from qiantang.kernel.text import Text

FIELDS: Final = {
    "id": Text("编号（id）", "id"),
    "kind": Text("类型（kind）", "kind"),
    "engine": Text("数据库（engine）", "engine"),
    "url": Text("网址（url）", "address (url)"),
    "path": Text("文件夹（path）", "folder (path)"),
    "file": Text("文件（file）", "file"),
    "table": Text("表或视图（table）", "table"),
    "watermark": Text("增量列（watermark）", "watermark column"),
    "every": Text("多久一次（every）", "how often (every)"),
    "settled": Text("稳定秒数（settled）", "seconds unchanged (settled)"),
    "credential": Text("凭据（credential）", "credential"),
    "password": Text("口令（password）", "password"),
    "config": Text("设置（config）", "settings (config)"),
}
"""Settings as people and programs call them."""


class SourceUnknown(NotFound):
    code = "intake.source_unknown"
    title = Text(zh="没有这个数据来源", en="No such source")
    detail = Text(zh="没有数据来源“{found}”。", en='There is no source "{found}".')
    hint = Text(zh="运行 qiantang source list 查看。", en="See qiantang source list.")


class SourceExists(Conflict):
    code = "intake.source_exists"
    title = Text(zh="编号已被使用", en="The id is taken")
    detail = Text(zh="已有数据来源“{found}”。", en='There is a source "{found}" already.')
    hint = Text(zh="请另取编号。", en="Choose another id.")


class SourceInvalid(Invalid):
    code = "intake.source_invalid"
    title = Text(zh="数据来源设置有误", en="The source's settings are wrong")
    detail = Text(zh="{field}：{found}", en="{field}: {found}")
    hint = Text(zh="应为：{expected}。", en="Expected: {expected}.")

    def __init__(self, *, field: str, found: object, expected: object) -> None:
        super().__init__(field=FIELDS.get(field, field), found=found, expected=expected)


class WatermarkReplaces(Invalid):
    """``found`` is the column: of what replaces, only its newest rows would be left."""

    code = "intake.watermark_replaces"
    title = Text(zh="增量列不能与全量替换同用", en="A watermark does not go with replacing")
    detail = Text(
        zh="设了增量列“{found}”，方式却是全量替换：每次取来的只是新的几行，替换后其余的行就没有了。",
        en='The watermark column "{found}" brings new rows only, and the mode replaces all rows by '
        "them.",
    )
    hint = Text(
        zh="请把方式改为按主键更新或追加；要整体替换就不填增量列。",
        en="Choose to update by key or to append; to replace, leave the watermark column empty.",
    )


class CredentialMissing(Invalid):
    code = "intake.credential_missing"
    title = Text(zh="缺少口令", en="The password is missing")
    detail = Text(zh="没有找到“{found}”。", en='"{found}" was not found.')
    hint = Text(
        zh="请设置该环境变量，或用 qiantang source add --password-stdin 保存。",
        en="Set that variable, or keep it with qiantang source add --password-stdin.",
    )


class SourceGone(Unavailable):
    code = "intake.source_gone"
    title = Text(zh="数据来源中断", en="The source is gone")
    detail = Text(
        zh="“{source}”在读取 {rows} 后中断（{found}），未入库任何数据。",
        en='"{source}" was lost after {rows} ({found}); nothing came in.',
    )
    hint = Text(
        zh="请检查来源后再次取数；将从上次成功处继续。",
        en="Look after the source and fetch again: it goes on from the last success.",
    )


class RowsJoined(Conflict):
    code = "intake.rows_joined"
    title = Text(zh="新行无法分辨", en="New rows cannot be told apart")
    detail = Text(
        zh="“{source}”中 {column} 为 {found} 的行在上次取数后有增减，行数太多，无法逐行分辨哪些已经"
        "入库；未入库任何数据。",
        en='In "{source}" the rows whose {column} is {found} are not those of the last fetch, and '
        "they are too many to tell which came before; nothing came in.",
    )
    hint = Text(
        zh="请改用更细的增量列（如序号、带时分秒的时间），或把方式改为按主键更新（upsert）。",
        en="Choose a finer watermark column (a sequence, a time with seconds), or the mode upsert.",
    )


class WatermarkUnordered(Conflict):
    """``found`` names the kinds of values."""

    code = "intake.watermark_unordered"
    title = Text(zh="增量列的值不能排序", en="The watermark column has no order")
    detail = Text(
        zh="“{source}”的增量列 {column} 中的值没有共同的顺序（{found}），无法分辨哪些行是新的；"
        "未入库任何数据。",
        en='The values of the watermark column {column} of "{source}" have no common order '
        "({found}): it cannot be told which rows are new; nothing came in.",
    )
    hint = Text(
        zh="请在来源中把该列统一为一种类型（数字、文字或时间），或另选增量列，或不用增量列而全量替换。",
        en="Bring that column to one type at the source (numbers, texts or times), choose another "
        "one, or none and replace the whole.",
    )


class RowsValueless(Conflict):
    """Like `RowsJoined`, of rows without a value in the watermark column."""

    code = "intake.rows_valueless"
    title = Text(zh="增量列为空的行无法分辨", en="Rows without a watermark cannot be told apart")
    detail = Text(
        zh="“{source}”中有 {found} 行的 {column} 为空，无法分辨哪些已经入库；未入库任何数据。",
        en='In "{source}" {column} is empty in {found} rows, and it cannot be told which of them '
        "came before; nothing came in.",
    )
    hint = Text(
        zh="请在来源中为这些行填写 {column}，或改用每行都有值的增量列，或把方式改为按主键更新"
        "（upsert）。",
        en="Fill in {column} in these rows at the source, choose a watermark column that every row "
        "has, or the mode upsert.",
    )


class FetchFailed(QiantangError):
    """What nobody expected; the log has it under ``number``."""

    code = "intake.fetch_failed"
    title = Text(zh="取数时出现内部错误", en="Something failed inside while fetching")
    detail = Text(
        zh="从“{source}”取数时出现内部错误（{found}），错误编号 {number}。",
        en='Something failed inside while "{source}" was fetched ({found}), number {number}.',
    )


class SourceTooSlow(Unavailable):
    code = "intake.source_too_slow"
    title = Text(zh="数据来源传送过慢", en="The source sends too slowly")
    detail = Text(
        zh="“{source}”在 {seconds} 秒内只送来 {found} 字节，已停止取数，未入库任何数据。",
        en='"{source}" sent {found} bytes in {seconds} seconds; fetching was stopped and nothing '
        "came in.",
    )
    hint = Text(
        zh="请检查来源和网络；平台稍后会再次取数。大文件可改用文件夹交付。",
        en="Look after the source and the line; it is fetched again later. A large file may be "
        "delivered through a folder.",
    )


class SourceRefused(Unavailable):
    code = "intake.source_refused"
    title = Text(zh="数据来源无法使用", en="The source cannot be used")
    detail = Text(zh="“{source}”：{found}", en='"{source}": {found}')
    hint = Text(zh="请检查地址、账号和权限。", en="Check address, account and permissions.")


class AddressForbidden(Invalid):
    code = "intake.address_forbidden"
    title = Text(zh="不允许的地址", en="The address is not allowed")
    detail = Text(zh="{found} 指向内部地址。", en="{found} leads to an address inside the network.")
    hint = Text(
        zh="如确需访问，请把主机名加入 zone.toml 的 [intake] allow_hosts。",
        en="If it must be reached, add the host to [intake] allow_hosts in zone.toml.",
    )


class NotSourceKeeper(Refused):
    code = "intake.not_source_keeper"
    title = Text(zh="不能管理此数据来源", en="You may not keep this source")
    detail = Text(
        zh="只有“{owner}”的管理员或数据专员可以管理其数据来源。",
        en='Only administrators and officers of "{owner}" keep its sources.',
    )


class ServerPathForbidden(Refused):
    code = "intake.server_path_forbidden"
    title = Text(zh="须由示范区管理员设置", en="An administrator of the zone sets this")
    detail = Text(
        zh="读取服务器文件夹、文件或内部主机的来源，只能由示范区管理员添加。",
        en="A source that reads the server's files or an inner host is added by an administrator "
        "of the zone.",
    )


class SourceBusy(Conflict):
    code = "intake.source_busy"
    transient = True
    title = Text(zh="来源正在取数", en="The source is being fetched")
    detail = Text(zh="另一进程正在从“{found}”取数。", en='Another process fetches from "{found}".')
    hint = Text(zh="请等待其完成。", en="Wait until it is done.")


class SourceWaits(Conflict):
    """The last delivery of the source is not decided; fetching again would send rows twice."""

    code = "intake.source_waits"
    title = Text(zh="上一次交付尚未完成", en="The last delivery is not finished")
    detail = Text(
        zh="来源“{source}”的运行“{found}”尚未完成。",
        en='Run "{found}" of source "{source}" is not finished.',
    )
    hint = Text(zh="请先审定或取消该运行。", en="Decide on it or cancel it first.")
