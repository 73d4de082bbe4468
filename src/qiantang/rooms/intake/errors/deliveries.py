"""What intake refuses of deliveries and their runs."""

from __future__ import annotations

from qiantang.kernel.errors import (
    Conflict,
    Invalid,
    NotFound,
    QiantangError,
    Refused,
    TooLarge,
    Unavailable,
)
from qiantang.kernel.text import Text


class RunUnknown(NotFound):
    """There is no such run, or the actor may not know of it: both say the same."""

    code = "intake.run_unknown"
    title = Text(zh="没有这次运行", en="No such run")
    detail = Text(zh="没有运行“{found}”。", en='There is no run "{found}".')
    hint = Text(zh="运行 qiantang intake list 查看。", en="See qiantang intake list.")


class NotDeliverer(Refused):
    code = "intake.not_deliverer"
    title = Text(zh="不能交付此资源", en="You may not deliver this resource")
    detail = Text(
        zh="只有“{owner}”的数据专员可以交付“{name}”。",
        en='Only officers of "{owner}" may deliver "{name}".',
    )


class OfficersOnly(Refused):
    """Told before a file is read, when it is not known yet for which resource it is."""

    code = "intake.officers_only"
    title = Text(zh="仅数据专员可以提交文件", en="Only officers send files")
    detail = Text(
        zh="您没有数据专员角色，文件未接收。",
        en="You are not an officer of any organisation; the file was not taken.",
    )
    hint = Text(
        zh="请由本单位数据专员提交，或请管理员授予该角色。",
        en="Let an officer of your organisation send it, or ask an administrator for that role.",
    )


class NotDecider(Refused):
    code = "intake.not_decider"
    title = Text(zh="不能审定此次运行", en="You may not decide on this run")
    detail = Text(
        zh="只有“{owner}”的审核员可以审定。", en='Only approvers of "{owner}" may decide.'
    )


class FourEyes(Refused):
    code = "intake.four_eyes"
    title = Text(zh="须由另一人审定", en="Another person decides")
    detail = Text(
        zh="交付人不能审定自己的交付。", en="Whoever delivered may not decide on the delivery."
    )
    hint = Text(zh="请由另一位审核员审定。", en="Ask another approver.")


class NotHeld(Conflict):
    code = "intake.not_held"
    title = Text(zh="不在待确认状态", en="Not held")
    detail = Text(zh="运行“{id}”当前为“{found}”。", en='Run "{id}" is {found}.')
    hint = Text(zh="只有待人工确认的运行可以审定。", en="Only a held run can be decided.")


class ReadingFirst(Conflict):
    code = "intake.reading_first"
    title = Text(zh="请先确认读取方案", en="The reading comes first")
    detail = Text(
        zh="运行“{id}”等待确认读取方案，还没有可以审定的行。",
        en='Run "{id}" waits for its reading to be confirmed; there are no rows to decide on.',
    )
    hint = Text(
        zh="请由交付单位确认读取方案：qiantang intake reading {id}，或在工作台打开该运行。",
        en="Its deliverer confirms the reading: qiantang intake reading {id}, or the run's page.",
    )


class NotAgain(Conflict):
    code = "intake.not_again"
    title = Text(zh="不能再次处理", en="Not worked on again")
    detail = Text(zh="运行“{id}”当前为“{found}”。", en='Run "{id}" is {found}.')
    hint = Text(
        zh="失败或已取消的运行可以再次处理；已入库的请重新交付更正后的数据。",
        en="What failed or was cancelled is worked on again; for published rows, deliver anew.",
    )


class Overtaken(Conflict):
    """What was published since is told first; publishing over it needs a word of its own."""

    code = "intake.overtaken"
    title = Text(zh="之后已有数据入库", en="Other data was published since")
    detail = Text(
        zh="运行“{id}”若现在入库，会改动之后入库、或在所改正的交付中已接受的数据：{found}。",
        en='Publishing run "{id}" now changes data that was published since, or accepted by the '
        "delivery that it mends: {found}.",
    )
    hint = Text(
        zh="请先核对。确应以本次为准时，页面勾选，命令行加 --over {over}，API 加 over；否则拒收。",
        en="Compare first. If this one is right: tick the box on the page, --over {over} on the "
        "command line, over in the API. Else refuse it.",
    )


class PersonalUndeclared(Conflict):
    """Sound rows do not settle what a field may show; that takes a word of its own."""

    code = "intake.personal_undeclared"
    title = Text(zh="有未声明的个人信息", en="Undeclared personal data")
    detail = Text(
        zh="运行“{id}”入库后，这些字段将作为声明的类别供人查阅，而其中查到：{found}。",
        en='Once run "{id}" is published, these fields can be read as what they are declared, and '
        "in them was found: {found}.",
    )
    hint = Text(
        zh="请先在元数据中改正字段的个人信息类别，再审定；确非个人信息的字段，页面逐个勾选，"
        "命令行加 --as-declared 字段，API 加 as_declared，决定记入日志。",
        en="Have the class of personal data corrected in the schema, then decide. For a field that "
        "holds none after all: tick it on the page, --as-declared FIELD on the command line, "
        "as_declared in the API; the journal keeps it.",
    )


class TooLate(Conflict):
    code = "intake.too_late"
    title = Text(zh="已不能取消", en="Too late to cancel")
    detail = Text(zh="运行“{id}”当前为“{found}”。", en='Run "{id}" is {found}.')
    hint = Text(
        zh="入库开始后不能取消；如有误，请重新交付更正后的数据。",
        en="Once publishing began it is not cancelled; deliver corrected data instead.",
    )


class ReasonMissing(Invalid):
    code = "intake.reason_missing"
    title = Text(zh="缺少理由", en="Reason missing")
    detail = Text(zh="审定须写明理由。", en="A decision needs a reason.")
    hint = Text(zh="请填写理由。", en="Write the reason.")


class RunBusy(Conflict):
    code = "intake.run_busy"
    transient = True
    title = Text(zh="正在处理", en="In hand already")
    detail = Text(
        zh="运行“{found}”正由另一进程处理。", en='Another process works on run "{found}".'
    )
    hint = Text(zh="请等待其完成。", en="Wait until it is done.")


class FileMissing(Unavailable):
    code = "intake.file_missing"
    transient = False
    title = Text(zh="交付文件已不在", en="The delivered file is gone")
    detail = Text(
        zh="运行“{id}”的文件 {found} 不在暂存区。", en="The file {found} of run {id} is gone."
    )
    hint = Text(zh="请重新交付该文件。", en="Deliver the file again.")


class FileDamaged(Unavailable):
    code = "intake.file_damaged"
    transient = False
    title = Text(zh="交付文件已损坏", en="The delivered file is damaged")
    detail = Text(
        zh="暂存区中“{found}”的内容与接收时不同。",
        en='The spooled file "{found}" is not what was received.',
    )
    hint = Text(zh="请重新交付该文件，并检查磁盘。", en="Deliver it again, and check the disk.")


class FileEmpty(Invalid):
    code = "intake.file_empty"
    title = Text(zh="文件为空", en="The file is empty")
    detail = Text(zh="文件“{found}”没有内容。", en='The file "{found}" has no content.')


class FileTooLarge(TooLarge):
    code = "intake.file_too_large"
    detail = Text(zh="文件为 {found}。", en="The file has {found}.")


class CannotRead(Invalid):
    code = "intake.cannot_read"
    title = Text(zh="文件无法打开", en="The file cannot be opened")
    detail = Text(
        zh="文件“{found}”无法打开（{cause}）。", en='"{found}" cannot be opened ({cause}).'
    )
    hint = Text(zh="请检查路径和权限。", en="Check its path and permissions.")


class FilesPutAway(Invalid):
    """Files of a watched folder that cannot be taken; ``found`` names some, each with why."""

    code = "intake.files_put_away"
    title = Text(zh="有文件未接收", en="Files were not taken")
    detail = Text(
        zh="“{source}”的文件夹中有 {count} 个文件未接收，已移到其下的 failed：{found}。",
        en='Files of the folder of "{source}" that were not taken and lie in its failed now, '
        "{count}: {found}.",
    )
    hint = Text(
        zh="请按旁边的说明文件改正，再放回该文件夹。",
        en="Mend them as the text beside each says, and put them back into the folder.",
    )


class ReadingUnsure(Invalid):
    code = "intake.reading_unsure"
    title = Text(zh="读取方案需要确认", en="The reading needs confirmation")
    detail = Text(
        zh="文件“{found}”的读取有 {count} 处存疑。",
        en='The reading of "{found}" has doubts: {count}.',
    )
    hint = Text(
        zh="请查看建议的读取方案，核对或改正后确认。",
        en="Look at the proposed reading, correct it where it is wrong, and confirm it.",
    )


class ModeUnfit(Invalid):
    code = "intake.mode_unfit"
    title = Text(zh="方式不适用", en="The mode does not fit")
    detail = Text(
        zh="“{found}”不能用于资源“{id}”。", en='"{found}" cannot be used with resource "{id}".'
    )
    hint = Text(zh="可用方式：{expected}。", en="It takes: {expected}.")


class RequestKeyReused(Invalid):
    """The key of a request stands for another delivery (draft-ietf-httpapi-idempotency-key-header,
    section 2.7: 422 where a key is used again with another payload)."""

    code = "intake.request_key_reused"
    title = Text(zh="请求标识已用于另一次交付", en="The request key belongs to another delivery")
    detail = Text(
        zh="请求标识“{found}”已用于运行“{id}”，其文件、资源、区划、方式或所改正的运行与本次不同；本次文件未接收。",
        en='The request key "{found}" was used for run "{id}" with another file, resource, '
        "division, mode or run to mend; this file was not taken.",
    )
    hint = Text(
        zh="重复同一请求时请原样发送；新的交付请使用新的 Idempotency-Key。",
        en="Repeat a request as it was; give a new delivery a new Idempotency-Key.",
    )


class OriginalOpen(Conflict):
    code = "intake.original_open"
    title = Text(zh="原交付尚未入库", en="The original delivery is not published")
    detail = Text(
        zh="运行“{id}”整体替换数据，但尚未入库（{found}），改正的行还没有可以并入的数据。",
        en='Run "{id}" replaces everything and is not published ({found}): the corrected rows have '
        "nothing to join.",
    )
    hint = Text(
        zh="请先审定原运行，入库后再交付改正的行；或改正整个文件后重新交付。",
        en="Have the original decided first and send the corrected rows once it is published; or "
        "correct the whole file and deliver it again.",
    )


class DivisionNeeded(Invalid):
    code = "intake.division_needed"
    title = Text(zh="须指明区划", en="The division is needed")
    detail = Text(
        zh="资源“{id}”由各区划分别报送，“{found}”不是其中之一。",
        en='Each division delivers its own part of "{id}"; "{found}" is none of them.',
    )
    hint = Text(zh="请用 --division 指明行政区划代码。", en="Name it with --division.")


class DivisionUnfit(Invalid):
    code = "intake.division_unfit"
    title = Text(zh="该资源不分区划报送", en="The resource is not kept by division")
    detail = Text(
        zh="资源“{id}”不由各区划分别报送，不能只交付“{found}”的部分。",
        en='"{id}" is not delivered by division: there is no part of "{found}".',
    )
    hint = Text(
        zh="请去掉区划；文件的各行都会入库。", en="Leave the division out; all rows are taken."
    )


class ResourceClosed(Conflict):
    code = "intake.resource_closed"
    title = Text(zh="资源已停用", en="The resource takes nothing new")
    detail = Text(zh="信息资源“{found}”不再接收数据。", en='"{found}" takes no new data.')


class RecipeInvalid(Invalid):
    code = "intake.recipe_invalid"
    title = Text(zh="读取方案无效", en="The recipe is not valid")
    detail = Text(zh="读取方案无效：{found}", en="The recipe is not valid: {found}")
    hint = Text(zh="请以系统提出的方案为起点修改。", en="Start from the one that was proposed.")


class RepeatedMeanwhile(Conflict):
    code = "intake.repeated_meanwhile"
    title = Text(zh="相同内容已入库", en="The same content came in meanwhile")
    detail = Text(
        zh="相同文件已由运行“{found}”入库，本次未改变任何数据。",
        en='Run "{found}" published the same file meanwhile; this one changed nothing.',
    )


class Cancelled(Conflict):
    code = "intake.cancelled"
    title = Text(zh="已取消", en="Cancelled")
    detail = Text(
        zh="运行“{found}”已取消，未入库任何数据。", en="Run {found} was cancelled; nothing came in."
    )


class DiskFull(Unavailable):
    code = "intake.disk_full"
    title = Text(zh="磁盘已满", en="Disk full")
    detail = Text(zh="磁盘空间不足，未入库任何数据。", en="No space left; nothing came in.")
    hint = Text(
        zh="请清理磁盘后再次运行，已完成的部分不会重复。",
        en="Free some space and run it again: nothing is doubled.",
    )


class Failed(QiantangError):
    code = "intake.failed"
    detail = Text(
        zh="处理运行“{id}”时出现内部错误（{found}）。",
        en="Something failed inside while run {id} was processed ({found}).",
    )


class RowsWithheld(Refused):
    code = "intake.rows_withheld"
    title = Text(zh="不能查看数据行", en="The rows are withheld")
    detail = Text(
        zh="剔出行含有原始数据，仅资源所属机构可以查看。",
        en="Set-aside rows hold raw data, shown to the owner's organisation only.",
    )


class NothingSetAside(NotFound):
    code = "intake.nothing_set_aside"
    title = Text(zh="没有剔出行", en="No rows were set aside")
    detail = Text(zh="运行“{found}”没有剔出行。", en='Run "{found}" set no rows aside.')


class NothingFound(NotFound):
    code = "intake.nothing_found"
    title = Text(zh="没有问题", en="There are no findings")
    detail = Text(
        zh="运行“{found}”没有问题，或其记录已过保存期。",
        en='Run "{found}" has no findings, or they are not kept any more.',
    )
