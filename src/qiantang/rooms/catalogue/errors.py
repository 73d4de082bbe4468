"""What the catalogue refuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from qiantang.kernel.errors import Conflict, Invalid, NotFound, Refused
from qiantang.kernel.text import Text


class ResourceUnknown(NotFound):
    """There is no such resource, or the actor may not know of it: both say the same."""

    code = "catalogue.resource_unknown"
    title = Text(zh="没有此信息资源", en="No such information resource")
    detail = Text(zh="没有信息资源“{found}”。", en='There is no information resource "{found}".')


class VersionUnknown(NotFound):
    code = "catalogue.version_unknown"
    title = Text(zh="没有此版本", en="No such version")
    detail = Text(zh="“{id}”没有版本 {found}。", en='"{id}" has no version {found}.')
    hint = Text(zh="请从版本列表中选择。", en="Choose one from its list of versions.")


class NotKeeper(Refused):
    code = "catalogue.not_keeper"
    detail = Text(
        zh="只有“{found}”所属机构的管理员可以进行此操作。",
        en='Only an administrator of the organisation that owns "{found}" may do this.',
    )


class NotAllowed(Refused):
    """The actor lacks the task for this step; ``why`` says whose task it is."""

    code = "catalogue.not_allowed"
    detail = Text(
        zh="不能对“{found}”进行此操作：{why}", en='You may not do this to "{found}": {why}'
    )


class SamePerson(Refused):
    code = "catalogue.same_person"
    title = Text(zh="须由他人审核", en="Somebody else must decide")
    detail = Text(
        zh="“{found}”由您起草或提交，须由他人审核。",
        en='You wrote or submitted "{found}"; somebody else must decide on it.',
    )
    hint = Text(
        zh="请所属机构的另一位审核员或管理员审核。",
        en="Ask another approver or administrator of the organisation.",
    )


class StatusForbids(Conflict):
    code = "catalogue.status_forbids"
    title = Text(zh="当前状态不允许", en="Status does not allow it")
    detail = Text(zh="信息资源“{id}”当前为“{found}”。", en='The resource "{id}" is {found}.')
    hint = Text(zh="此操作要求状态为：{expected}。", en="This needs the status: {expected}.")


class EntryWithdrawn(Conflict):
    """A draft from before a withdrawal would bring the entry back unnoticed."""

    code = "catalogue.entry_withdrawn"
    title = Text(zh="条目已停用", en="The entry has been withdrawn")
    detail = Text(
        zh="“{id}”已停用（理由：{reason}），停用前的草稿不能再提交或发布。",
        en='"{id}" has been withdrawn (reason: {reason}); a draft from before cannot be submitted '
        "or published any more.",
    )
    hint = Text(
        zh="如仍需要，请所属机构的管理员先恢复此条目，再重新修改、提交。",
        en="If it is still needed, an administrator of its organisation restores the entry first; "
        "then change and submit it anew.",
    )


class NoLongerDeclared(Conflict):
    """Restored, the entry would be withdrawn again the next time its pack is registered."""

    code = "catalogue.no_longer_declared"
    title = Text(zh="领域包已不再声明", en="No pack declares it any more")
    detail = Text(
        zh="“{id}”来自领域包“{pack}”，该包现已不再声明它，不能恢复。",
        en='"{id}" came from the pack "{pack}", which no longer declares it: it cannot be '
        "restored.",
    )
    hint = Text(
        zh="请安装仍声明它的版本，或新建条目（内容见版本记录）。",
        en="Install a version of the pack that declares it, or draft an entry anew, from the text "
        "among its versions.",
    )


class StaleEdit(Conflict):
    code = "catalogue.stale_edit"
    title = Text(zh="他人已先行修改", en="Somebody else changed it first")
    detail = Text(
        zh="“{id}”已是第 {expected} 次修改后的内容，您看到的是第 {found} 次。",
        en='"{id}" has been changed {expected} times; you saw it after {found}.',
    )
    hint = Text(
        zh="请刷新页面，对照他人的修改后再保存。",
        en="Reload, compare with the other change, and save again.",
    )


class DraftOutdated(Conflict):
    code = "catalogue.draft_outdated"
    title = Text(zh="草稿所依据的版本已被取代", en="The draft's base has been superseded")
    detail = Text(
        zh="“{id}”的草稿依据第 {found} 版，现行为第 {expected} 版。",
        en='The draft of "{id}" was made from version {found}; version {expected} is in force.',
    )
    hint = Text(
        zh="请修改草稿后重新提交，草稿将以现行版本为依据。",
        en="Edit the draft, which takes the version in force as its base, and submit it again.",
    )


class ReasonMissing(Invalid):
    code = "catalogue.reason_missing"
    title = Text(zh="缺少理由", en="Reason missing")
    detail = Text(zh="此操作须写明理由。", en="This needs a reason.")
    hint = Text(zh="请填写理由。", en="Write the reason.")


class NothingChanged(Invalid):
    code = "catalogue.nothing_changed"
    title = Text(zh="没有变化", en="Nothing changed")
    detail = Text(zh="“{found}”的草稿与现行版本相同。", en='The draft of "{found}" says the same.')
    hint = Text(zh="请修改后再提交，或放弃草稿。", en="Change something, or discard the draft.")


class Wrong(NamedTuple):
    """What is wrong with one attribute."""

    field: str
    said: Text

    @property
    def text(self) -> Text:
        """With the attribute's name before it."""
        return Text(f"{self.field}：{self.said.zh}", f"{self.field}: {self.said.en}")


class ContentInvalid(Invalid):
    """Attributes are wrong; each is listed in ``problems``."""

    code = "catalogue.content_invalid"
    title = Text(zh="编目内容无效", en="The entry's content is not valid")
    detail = Text(
        zh="有 {count} 处无效。第一处：{first}",
        en="Parts that are wrong: {count}. The first: {first}",
    )

    def __init__(self, problems: Sequence[tuple[str, Text]]) -> None:
        self.problems = tuple(Wrong(*problem) for problem in problems)
        super().__init__(count=len(self.problems), first=self.problems[0].text)

    def problem(self, lang: str) -> dict[str, Any]:
        body = super().problem(lang)
        body["problems"] = [
            {"field": field, "text": said.as_dict()} for field, said in self.problems
        ]
        return body


class FacetUnknown(Invalid):
    code = "catalogue.facet_unknown"
    title = Text(zh="没有此筛选项", en="No such facet")
    detail = Text(zh="没有筛选项“{found}”。", en='There is no facet "{found}".')
    hint = Text(zh="可用筛选项：{expected}。", en="The facets are: {expected}.")


class TooManyToRead(Invalid):
    """A condition on descriptions would have more of them read than is done for one question."""

    code = "catalogue.too_many_to_read"
    title = Text(zh="须读取的摘要过多", en="Too many descriptions to read")
    detail = Text(
        zh="须逐一读取 {found} 条目录的摘要，上限为 {expected} 条。",
        en="The descriptions of {found} entries would have to be read; {expected} may be.",
    )
    hint = Text(
        zh="请用更少见的词，或不限于摘要查找。",
        en="Ask for rarer words, or for words anywhere.",
    )


class SortUnknown(Invalid):
    code = "catalogue.sort_unknown"
    title = Text(zh="没有此排序方式", en="No such order")
    detail = Text(zh="没有排序方式“{found}”。", en='There is no order "{found}".')
    hint = Text(zh="可用排序方式：{expected}。", en="The orders are: {expected}.")


class NotPerDivision(Invalid):
    code = "catalogue.not_per_division"
    title = Text(zh="不是各地分别登记的资源", en="Not a resource that each division keeps")
    detail = Text(
        zh="“{found}”未声明由各地分别登记。",
        en='"{found}" is not declared as one that each division keeps for itself.',
    )
    hint = Text(
        zh="请在领域包中设置 per_division = true，或自行起草条目。",
        en="Set per_division = true in the pack, or draft an entry of your own.",
    )


class NotItsDuty(Invalid):
    """An entry is to fulfil a duty that its organisation does not have."""

    code = "catalogue.not_its_duty"
    title = Text(zh="不是该机构的编目责任", en="Not a duty of this organisation")
    detail = Text(
        zh="登记“{found}”不是{organisation}的编目责任。",
        en='Registering "{found}" is no duty of {organisation}.',
    )
    hint = Text(
        zh="请在责任清单中选择，或不注明履行的责任。",
        en="Choose one from its duty list, or draft without naming a duty.",
    )


class AlreadyTaken(Conflict):
    code = "catalogue.already_taken"
    title = Text(zh="已登记", en="Already registered")
    detail = Text(
        zh="“{found}”已登记，条目编号为“{entry}”。",
        en='"{found}" is registered already: its entry is "{entry}".',
    )
    hint = Text(zh="请使用该条目。", en="Use that entry.")


class AlreadyOwner(Conflict):
    code = "catalogue.already_owner"
    title = Text(zh="已归该机构所有", en="It is theirs already")
    detail = Text(
        zh="“{found}”已属于{organisation}，无须移交。",
        en='"{found}" belongs to {organisation} already; there is nothing to hand over.',
    )
    hint = Text(zh="请选择另一个机构。", en="Choose another organisation.")


class NothingOffered(Conflict):
    code = "catalogue.nothing_offered"
    title = Text(zh="没有待接收的移交", en="Nothing to accept")
    detail = Text(zh="“{found}”没有移交给您所在的机构。", en='"{found}" was not offered to you.')
    hint = Text(zh="请由现所属机构先提出移交。", en="Its present owner must offer it first.")


class ConflictUnknown(NotFound):
    code = "catalogue.conflict_unknown"
    title = Text(zh="没有此冲突", en="No such conflict")
    detail = Text(zh="没有编号为 {found} 的条目冲突。", en="There is no conflict {found}.")
    hint = Text(zh="请从冲突列表中选择。", en="Choose one from the list of conflicts.")


class NoConflictChosen(Invalid):
    code = "catalogue.no_conflict_chosen"
    title = Text(zh="没有选择冲突", en="No conflict chosen")
    detail = Text(zh="没有选择要处理的冲突。", en="No conflict to settle was chosen.")
    hint = Text(zh="请至少勾选一处冲突。", en="Tick at least one conflict.")


class DecisionUnknown(Invalid):
    code = "catalogue.decision_unknown"
    title = Text(zh="没有此处理方式", en="No such decision")
    detail = Text(zh="没有处理方式“{found}”。", en='There is no decision "{found}".')
    hint = Text(zh="可选：{expected}。", en="The decisions are: {expected}.")
