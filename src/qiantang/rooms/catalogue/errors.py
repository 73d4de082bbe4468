"""What the catalogue refuses."""

from __future__ import annotations

from qiantang.kernel.errors import Conflict, Invalid, NotFound, Refused
from qiantang.kernel.text import Text


class ResourceUnknown(NotFound):
    """There is no such resource, or the actor may not know of it: both say the same."""

    code = "catalogue.resource_unknown"
    title = Text(zh="没有此信息资源", en="No such information resource")
    detail = Text(zh="没有信息资源“{found}”。", en='There is no information resource "{found}".')


class NotKeeper(Refused):
    code = "catalogue.not_keeper"
    detail = Text(
        zh="只有“{found}”所属机构的管理员可以进行此操作。",
        en='Only an administrator of the organisation that owns "{found}" may do this.',
    )


class StatusForbids(Conflict):
    code = "catalogue.status_forbids"
    title = Text(zh="当前状态不允许", en="Status does not allow it")
    detail = Text(zh="信息资源“{id}”当前为“{found}”。", en='The resource "{id}" is {found}.')
    hint = Text(zh="此操作要求状态为：{expected}。", en="This needs the status: {expected}.")


class ReasonMissing(Invalid):
    code = "catalogue.reason_missing"
    title = Text(zh="缺少理由", en="Reason missing")
    detail = Text(zh="停用信息资源须写明理由。", en="Retiring a resource needs a reason.")
    hint = Text(zh="请填写理由。", en="Write the reason.")
