"""Refusals of the command line itself, in both languages."""

from __future__ import annotations

from qiantang.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from qiantang.kernel.text import Text


class NeedsFile(Invalid):
    code = "cli.needs_file"
    title = Text(zh="需要输出文件", en="A file is needed")
    detail = Text(zh="{found} 不能直接显示在终端。", en="{found} cannot be shown in a terminal.")
    hint = Text(zh="请加上 --output 文件名。", en="Add --output FILE.")


class CannotWrite(Invalid):
    code = "cli.cannot_write"
    title = Text(zh="无法写入文件", en="The file cannot be written")
    detail = Text(zh="无法写入 {found}（{cause}）。", en="{found} cannot be written ({cause}).")
    hint = Text(
        zh="请检查路径、权限和磁盘空间。", en="Check the path, its permissions and the disk."
    )


class NoSuchColumn(Invalid):
    code = "cli.no_such_column"
    title = Text(zh="没有此列", en="No such column")
    detail = Text(zh="文件 {file} 没有“{found}”列。", en='The file {file} has no column "{found}".')
    hint = Text(zh="文件中的列：{expected}。", en="Its columns: {expected}.")


class NoPlan(NotFound):
    code = "cli.no_plan"
    title = Text(zh="没有规划", en="No plan")
    detail = Text(zh="示范区中没有规划。", en="The zone has no plan.")
    hint = Text(
        zh="请安装含规划的领域包，或运行 qiantang demo。",
        en="Install a pack with a plan, or run qiantang demo.",
    )


class DemoIncomplete(Unavailable):
    code = "cli.demo_incomplete"
    title = Text(zh="演示示范区不完整", en="The demo zone is incomplete")
    detail = Text(zh="领域包有问题：{found}", en="A pack has problems: {found}")
    hint = Text(
        zh="运行 qiantang pack check 查看全部问题。", en="Run qiantang pack check to see them all."
    )


class SignInsLost(Conflict):
    code = "cli.sign_ins_lost"
    title = Text(zh="这不是演示示范区", en="Not a demo zone")
    detail = Text(
        zh="示范区已有账号“{found}”，但没有演示账号文件 {file}。",
        en='The zone has the account "{found}" but no file of demo sign-ins, {file}.',
    )
    hint = Text(
        zh="请用 --zone 换一个文件夹；演示账号文件丢失时，"
        "可用 qiantang user password {found} 设置新密码后运行 qiantang serve。",
        en="Choose another folder with --zone; if the file was lost, set a new password with "
        "qiantang user password {found}, then qiantang serve.",
    )


class NoSuchAccount(NotFound):
    code = "cli.no_such_account"
    title = Text(zh="没有这个账号", en="No such account")
    detail = Text(zh="没有账号“{found}”。", en='There is no account "{found}".')
    hint = Text(zh="运行 qiantang user list 查看账号。", en="See qiantang user list.")


class PackCheckFailed(Invalid):
    code = "cli.pack_check_failed"
    title = Text(zh="领域包有错误", en="The packs have errors")
    detail = Text(zh="共 {count} 处错误。", en="{count} errors.")
    hint = Text(zh="请按提示逐处修改。", en="Mend each as it says.")


class NoSuchPack(NotFound):
    code = "cli.no_such_pack"
    title = Text(zh="没有这个领域包", en="No such pack")
    detail = Text(
        zh="“{found}”既不是文件夹，也不是随产品提供的领域包。",
        en='"{found}" is neither a folder nor a shipped pack.',
    )
    hint = Text(zh="随产品提供：{expected}。", en="Shipped: {expected}.")


class UnreadableArgument(Invalid):
    code = "cli.unreadable_argument"
    title = Text(zh="参数无法读取", en="An argument cannot be read")
    detail = Text(zh="{found} 中有不能作为文字的字节。", en="{found} holds bytes that are no text.")
    hint = Text(
        zh="请检查终端的编码（应为 UTF-8）后重新输入。",
        en="Check that the terminal uses UTF-8, then type it again.",
    )


class BadChange(Invalid):
    code = "cli.bad_change"
    title = Text(zh="改动写法有误", en="Change not understood")
    detail = Text(zh="看不懂改动“{found}”。", en='The change "{found}" is not understood.')
    hint = Text(
        zh="请写成 weight:编码=数值 或 表.键=值，如 aggregate.method=geometric。",
        en="Write weight:CODE=NUMBER or table.key=value, such as aggregate.method=geometric.",
    )


class NothingUncertain(Invalid):
    code = "cli.nothing_uncertain"
    title = Text(zh="方案中没有不确定的选择", en="Nothing is uncertain")
    detail = Text(
        zh="方案中没有 [[{found}]] 表，无从检验。", en="The recipe has no [[{found}]] table."
    )
    hint = Text(
        zh='请加入，例如：[[uncertain]] name = "聚合" set = "aggregate.method" '
        'to = ["arithmetic", "geometric"]',
        en='Add one, such as: [[uncertain]] name = "Aggregation" set = "aggregate.method" '
        'to = ["arithmetic", "geometric"]',
    )


class NoSuchCombination(NotFound):
    code = "cli.no_such_combination"
    title = Text(zh="没有这种组合", en="No such combination")
    detail = Text(zh="没有第 {found} 种组合。", en="There is no combination {found}.")
    hint = Text(zh="组合从 0 编号到 {expected}。", en="They are numbered from 0 to {expected}.")


class ContentUnreadable(Invalid):
    code = "cli.content_unreadable"
    title = Text(zh="编目内容无法读取", en="The entry's content cannot be read")
    detail = Text(
        zh="{found} 不是一个 JSON 对象（{cause}）。", en="{found} is not a JSON object ({cause})."
    )
    hint = Text(
        zh="请写一个 JSON 对象，键为目录项的名称（如 name、description），编码为 UTF-8。",
        en="Write a JSON object whose keys are the entry's (such as name, description), in UTF-8.",
    )


class IndexNotDeclared(NotFound):
    code = "cli.index_not_declared"
    title = Text(zh="没有此综合指数", en="No such index")
    detail = Text(zh="没有综合指数“{found}”。", en='There is no composite index "{found}".')
    hint = Text(zh="此领域包的综合指数：{expected}。", en="Indices of that pack: {expected}.")
