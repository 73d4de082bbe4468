"""What the shelf refuses."""

from __future__ import annotations

from qiantang.kernel.errors import Conflict, Invalid, NotFound, Refused, Unavailable
from qiantang.kernel.text import Text


class NotKeeper(Refused):
    code = "shelf.not_keeper"
    title = Text(zh="需要全区管理员", en="Zone administrators only")
    detail = Text(
        zh="只有全区管理员可以安装领域包或调整规范值。",
        en="Only administrators of the whole zone may install packs or override norms.",
    )


class PackUnknown(NotFound):
    code = "shelf.pack_unknown"
    title = Text(zh="没有此领域包", en="No such pack")
    detail = Text(zh="没有安装领域包“{found}”。", en='The pack "{found}" is not installed.')
    hint = Text(zh="已安装：{expected}。", en="Installed: {expected}.")


class Downgrade(Conflict):
    code = "shelf.downgrade"
    title = Text(zh="不能降级", en="No downgrade")
    detail = Text(
        zh="领域包“{pack}”已安装 {expected}，不能降为 {found}。",
        en='The pack "{pack}" is installed as {expected}; it cannot go back to {found}.',
    )
    hint = Text(
        zh="请提高 pack.toml 中的版本号后再安装。",
        en="Raise the version in its pack.toml, then install it.",
    )


class PackNotReadable(Unavailable):
    code = "shelf.pack_not_readable"
    transient = False
    title = Text(zh="无法读取领域包", en="Pack cannot be read")
    detail = Text(zh="无法读取“{found}”（{cause}）。", en='"{found}" cannot be read ({cause}).')
    hint = Text(zh="请检查路径和权限。", en="Check the path and its permissions.")


class PlanUnknown(NotFound):
    code = "shelf.plan_unknown"
    title = Text(zh="没有此规划", en="No such plan")
    detail = Text(zh="没有规划“{found}”。", en='There is no plan "{found}".')
    hint = Text(zh="现有规划：{expected}。", en="Plans: {expected}.")


class IndexUnknown(NotFound):
    code = "shelf.index_unknown"
    title = Text(zh="没有此综合指数", en="No such index")
    detail = Text(zh="没有综合指数“{found}”。", en='There is no composite index "{found}".')
    hint = Text(zh="现有综合指数：{expected}。", en="Indices: {expected}.")


class CodeListUnknown(NotFound):
    code = "shelf.code_list_unknown"
    title = Text(zh="没有此代码表", en="No such code list")
    detail = Text(zh="没有代码表“{found}”。", en='There is no code list "{found}".')
    hint = Text(zh="请安装声明它的领域包。", en="Install the pack that declares it.")


class DivisionUnknown(NotFound):
    code = "shelf.division_unknown"
    title = Text(zh="没有此行政区划", en="No such division")
    detail = Text(zh="没有代码为“{found}”的行政区划。", en='There is no division "{found}".')
    hint = Text(
        zh="请使用六位行政区划代码，例如 330100。", en="Use a six-digit code such as 330100."
    )


class NormUnknown(NotFound):
    code = "shelf.norm_unknown"
    title = Text(zh="没有此规范值", en="No such norm")
    detail = Text(
        zh="没有在 {on} 有效的规范值“{found}”。", en='No norm "{found}" is in force on {on}.'
    )


class BadOverride(Invalid):
    code = "shelf.bad_override"
    title = Text(zh="调整内容有误", en="Override not right")
    detail = Text(zh="“{found}”有误。", en='"{found}" is not right.')
    hint = Text(zh="应为：{expected}。", en="It should be: {expected}.")


class OverrideUnknown(NotFound):
    code = "shelf.override_unknown"
    title = Text(zh="没有此调整", en="No such override")
    detail = Text(zh="没有编号为“{found}”的有效调整。", en='No override "{found}" is in force.')
