"""The catalogue's closed lists in the reader's words, each with the tone of its badge.

A badge always carries its word; the tone only helps the eye.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from qiantang.kernel.text import Text
from qiantang.rooms.catalogue.attributes import FIELD_TYPES

Said = Mapping[str, tuple[Text, str]]

GRADES: Final[Said] = {
    "excellent": (Text("质量优", "Quality: excellent"), "good"),
    "good": (Text("质量良", "Quality: good"), "good"),
    "fair": (Text("质量中", "Quality: fair"), "warn"),
    "poor": (Text("质量差", "Quality: poor"), "bad"),
    "none": (Text("质量未评价", "Quality not judged"), ""),
}
FRESHNESS: Final[Said] = {
    "fresh": (Text("更新及时", "Up to date"), "good"),
    "overdue": (Text("更新逾期", "Overdue"), "bad"),
    "never": (Text("尚无数据", "No data yet"), ""),
    "no-cycle": (Text("不定期更新", "No fixed cycle"), ""),
}
SHARING: Final[Said] = {
    "unconditional": (Text("无条件共享", "Shared"), "good"),
    "conditional": (Text("有条件共享", "Shared on conditions"), "warn"),
    "withheld": (Text("不予共享", "Not shared"), "bad"),
}
OPEN: Final[Said] = {
    "open": (Text("向社会开放", "Open data"), "good"),
    "closed": (Text("不向社会开放", "Not open"), ""),
}
STATUS: Final[Said] = {
    "published": (Text("已发布", "Published"), "good"),
    "draft": (Text("草稿", "Draft"), ""),
    "review": (Text("审核中", "In review"), "warn"),
    "retired": (Text("已停用", "Withdrawn"), "bad"),
    "missing": (Text("尚未登记", "Not registered"), "bad"),
}
VERSIONS: Final[Said] = {
    "published": (Text("现行", "In force"), "good"),
    "superseded": (Text("已被取代", "Superseded"), ""),
    "draft": (Text("草稿", "Draft"), "warn"),
    "review": (Text("审核中", "In review"), "warn"),
    "discarded": (Text("已放弃", "Discarded"), ""),
}
DUTIES: Final[Said] = {
    "done": (Text("已登记", "Registered"), "good"),
    "late": (Text("已登记，数据逾期", "Registered, data overdue"), "warn"),
    "drafted": (Text("起草中", "Being drafted"), "warn"),
    "missing": (Text("尚未登记", "Not registered"), "bad"),
}
PERSONAL: Final[Said] = {
    "none": (Text("非个人信息", "Not personal"), ""),
    "personal": (Text("个人信息", "Personal"), "warn"),
    "sensitive": (Text("敏感个人信息", "Sensitive personal"), "bad"),
}
WAIVERS: Final[Said] = {
    "in-force": (Text("生效中", "In force"), "good"),
    "coming": (Text("未开始", "Not yet in force"), ""),
    "expired": (Text("已到期", "Ended"), "warn"),
    "withdrawn": (Text("已撤销", "Withdrawn"), ""),
}
RUNS: Final[Said] = {
    "published": (Text("已入库", "Published"), "good"),
    "held": (Text("待人工确认", "Held"), "warn"),
    "refused": (Text("整批拒收", "Refused"), "bad"),
}
HARVESTS: Final[Said] = {
    "running": (Text("进行中", "Running"), ""),
    "done": (Text("已完成", "Done"), "good"),
    "failed": (Text("失败", "Failed"), "bad"),
    "stopped": (Text("已停止", "Stopped"), "warn"),
}
CHANGES: Final[Said] = {
    "added": (Text("新增", "Added"), "good"),
    "removed": (Text("删除", "Removed"), "bad"),
    "changed": (Text("修改", "Changed"), "warn"),
}
DIMENSIONS: Final[Mapping[str, Text]] = {
    "normativity": Text("规范性", "Normativity"),
    "completeness": Text("完整性", "Completeness"),
    "accuracy": Text("准确性", "Accuracy"),
    "consistency": Text("一致性", "Consistency"),
    "timeliness": Text("时效性", "Timeliness"),
    "accessibility": Text("可访问性", "Accessibility"),
}
LEVELS: Final[Mapping[str, Text]] = {
    "province": Text("省级", "Province"),
    "city": Text("市级", "City"),
    "county": Text("县级", "County"),
}
RELATIONS: Final[Mapping[str, Text]] = {
    "declared": Text("登记为关联资源", "declared as related"),
    "elements": Text("引用相同数据元", "shares data elements"),
    "fields": Text("有相同信息项", "shares fields"),
    "class": Text("同类", "same class"),
}
SORTS: Final[Mapping[str, Text]] = {
    "relevance": Text("相关度", "Relevance"),
    "newest": Text("最近更新", "Newest"),
    "name": Text("名称", "Name"),
    "completeness": Text("完整度", "Completeness"),
}
SHARING_SAID: Final[Mapping[str, Text]] = {
    "unconditional": Text(
        "任何政务部门都可以直接使用，不需要审批。",
        "Every public body may use it without asking.",
    ),
    "conditional": Text(
        "政务部门说明用途、满足条件并经提供部门同意后可以使用。",
        "Public bodies may use it for a stated purpose, on conditions, once the provider agrees.",
    ),
    "withheld": Text("依据规定不予共享。", "By rule it is not shared."),
}
BADGES: Final[Mapping[str, Said]] = {
    "grade": GRADES,
    "freshness": FRESHNESS,
    "sharing": SHARING,
    "open": OPEN,
    "status": STATUS,
    "version": VERSIONS,
    "duty": DUTIES,
    "personal": PERSONAL,
    "waiver": WAIVERS,
    "run": RUNS,
    "harvest": HARVESTS,
    "change": CHANGES,
}
NAMES: Final[Mapping[str, Mapping[str, Text]]] = {
    "dimension": DIMENSIONS,
    "type": FIELD_TYPES,
    "level": LEVELS,
    "relation": RELATIONS,
    "sort": SORTS,
    "sharing_said": SHARING_SAID,
}


def badge_of(group: str, value: str) -> tuple[Text, str]:
    """Word and tone; the value itself where the list does not have it."""
    return BADGES[group].get(value) or (Text(value, value), "")


def word_of(group: str, value: str) -> Text:
    if group in BADGES:
        return badge_of(group, value)[0]
    return NAMES[group].get(value) or Text(value, value)
