"""What an entry says: its attributes as data, with their names, weights and the reason for each.

After the guide to government resource catalogues of 2017 (core metadata) and DCAT-AP 3. A version
keeps them as one mapping, the *content*; `apply` writes it to an entry's columns and `content_of`
reads it back, so that nothing is said twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from qiantang.kernel.text import Text
from qiantang.rooms.catalogue.models import InformationResource

NOTHING: Final = Text("", "")


class Told(Protocol):
    """What tells a tombstone; a row of the catalogue and its view both do."""

    @property
    def origin(self) -> object: ...
    @property
    def status(self) -> str: ...
    @property
    def sharing(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Attribute:
    """``kind``: text (both languages), word, words (a list), yes (true or false), keywords or
    fields. ``weight`` in the completeness score (the weights add up to 100) and ``why`` it counts.
    """

    id: str
    kind: str
    label: Text
    weight: int = 0
    why: Text = NOTHING
    longest: int = 2000


ATTRIBUTES: Final[tuple[Attribute, ...]] = (
    Attribute(
        "name",
        "text",
        Text("信息资源名称", "Name"),
        10,
        Text("两种语言的名称，便于查找。", "A name in both languages, so that it is found."),
        200,
    ),
    Attribute(
        "description",
        "text",
        Text("信息资源摘要", "Abstract"),
        15,
        Text(
            "说明内容、范围和用途；中文满 20 字才计分。",
            "What it holds, for whom and for what; scored from 20 Chinese characters on.",
        ),
    ),
    Attribute(
        "classes",
        "words",
        Text("信息资源分类", "Classes"),
        8,
        Text("类、项、目、细目决定代码和主题。", "They decide the code and the theme."),
        40,
    ),
    Attribute(
        "keywords",
        "keywords",
        Text("关键字", "Keywords"),
        7,
        Text("别人可能用来查找的词。", "Words that others may look for."),
        60,
    ),
    Attribute("format", "word", Text("信息资源格式", "Format"), longest=20),
    Attribute(
        "fields",
        "fields",
        Text("信息项", "Items"),
        15,
        Text("每个信息项的名称和类型。", "Name and type of every item."),
    ),
    Attribute("grain", "words", Text("主键", "Key")),
    Attribute("sharing", "word", Text("共享类型", "Share type"), longest=16),
    Attribute(
        "conditions",
        "text",
        Text("共享条件", "Share conditions"),
        8,
        Text(
            "有条件共享或不予共享须写明条件或依据。",
            "Sharing on conditions, or none, needs its conditions or ground.",
        ),
    ),
    Attribute(
        "share_mode",
        "word",
        Text("共享方式", "Share mode"),
        3,
        Text("申请人据此准备。", "Those who ask prepare for it."),
        16,
    ),
    Attribute("open", "yes", Text("是否向社会开放", "Open to the public")),
    Attribute(
        "open_conditions",
        "text",
        Text("开放条件", "Conditions of opening"),
        4,
        Text("向社会开放的须写明条件。", "What is open says on which conditions."),
    ),
    Attribute(
        "cadence",
        "word",
        Text("更新周期", "Update cycle"),
        8,
        Text(
            "据此判断数据是否逾期；没有周期的选不定期。",
            "Data is judged overdue by it; what has none is irregular.",
        ),
        20,
    ),
    Attribute(
        "licence",
        "text",
        Text("许可", "Licence"),
        6,
        Text("使用者据此知道可以做什么。", "It tells readers what they may do."),
        300,
    ),
    Attribute(
        "system",
        "text",
        Text("所属信息系统", "Source system"),
        4,
        Text("说明数据来自哪个业务系统。", "Where the data comes from."),
        200,
    ),
    Attribute(
        "contact",
        "text",
        Text("联系方式", "Contact"),
        6,
        Text("有问题时找哪个处室。", "Which office answers questions."),
        200,
    ),
    Attribute("related", "words", Text("关联资源", "Related resources")),
    Attribute("retention", "word", Text("保存期限", "Retention"), longest=20),
    Attribute("division", "word", Text("空间范围", "Area"), longest=6),
    Attribute("themes", "words", Text("上游主题", "Themes upstream")),
)
BY_ID: Final[Mapping[str, Attribute]] = {each.id: each for each in ATTRIBUTES}
FIELDS_WEIGHT_OF_NAMES: Final = 6
"""Part of the score for items whose names are in both languages (the rest of 100)."""

STRUCTURE: Final = ("fields", "grain", "division")
"""What only the pack, and the division that keeps it, decide for an entry that follows a pack's
declaration: which rows are its own, and who may see their fields, hang on it."""

FIELD_LABELS: Final[Mapping[str, Text]] = {
    "name": Text("名称", "name"),
    "description": Text("说明", "description"),
    "type": Text("类型", "type"),
    "length": Text("长度", "length"),
    "unit": Text("单位", "unit"),
    "codes": Text("代码表", "code list"),
    "required": Text("必填", "required"),
    "unique": Text("唯一", "unique"),
    "personal": Text("个人信息", "personal data"),
    "identifier": Text("标识符", "identifier"),
    "element": Text("数据元", "data element"),
    "reference": Text("引用", "reference"),
    "pattern": Text("格式", "pattern"),
    "values": Text("取值", "values"),
    "minimum": Text("最小值", "minimum"),
    "maximum": Text("最大值", "maximum"),
    "precision": Text("日期精度", "precision of dates"),
    "open_end": Text("可长期有效", "may be open-ended"),
}
FIELD_TYPES: Final[Mapping[str, Text]] = {
    "text": Text("文本", "text"),
    "integer": Text("整数", "whole number"),
    "number": Text("数值", "number"),
    "decimal": Text("定点数", "decimal"),
    "boolean": Text("是否", "yes or no"),
    "date": Text("日期", "date"),
    "datetime": Text("日期时间", "date and time"),
    "period": Text("时期", "period"),
    "code": Text("代码", "code"),
}
FORMATS: Final[Mapping[str, Text]] = {
    "table": Text("数据库表", "Database table"),
    "spreadsheet": Text("电子表格", "Spreadsheet"),
    "document": Text("电子文档", "Document"),
    "image": Text("图像", "Image"),
    "map": Text("地理信息", "Map data"),
    "stream": Text("实时数据", "Stream"),
    "service": Text("接口服务", "Service"),
    "other": Text("其他", "Other"),
}
SHARE_MODES: Final[Mapping[str, Text]] = {
    "api": Text("接口", "API"),
    "query": Text("在线查询", "Query"),
    "file": Text("文件", "File"),
    "exchange": Text("数据交换", "Exchange"),
}
SHARING: Final[Mapping[str, Text]] = {
    "unconditional": Text("无条件共享", "Unconditional"),
    "conditional": Text("有条件共享", "Conditional"),
    "withheld": Text("不予共享", "Withheld"),
}


def empty_content() -> dict[str, Any]:
    """The content of an entry that says nothing yet."""
    blank: dict[str, Any] = {"text": {"zh": "", "en": ""}, "word": "", "yes": False}
    made: dict[str, Any] = {}
    for each in ATTRIBUTES:
        if each.kind == "keywords":
            made[each.id] = {"zh": [], "en": []}
        elif each.kind in ("words", "fields"):
            made[each.id] = []
        else:
            made[each.id] = dict(blank["text"]) if each.kind == "text" else blank[each.kind]
    return {**made, "format": "table", "sharing": "conditional", "share_mode": "file"}


def tombstone() -> dict[str, Any]:
    """The content of an entry that its upstream withdrew: it has not even a share type."""
    return {**empty_content(), "format": "", "sharing": "", "share_mode": ""}


def is_tombstone(row: Told) -> bool:
    """Whether nothing but the name is left of a harvested entry; of a row or of its view."""
    return bool(row.origin) and row.status == "retired" and not row.sharing


def content_of(row: InformationResource) -> dict[str, Any]:
    """What an entry says now, as one mapping."""
    made: dict[str, Any] = {}
    for each in ATTRIBUTES:
        if each.kind in ("text", "keywords"):
            zh, en = getattr(row, f"{each.id}_zh"), getattr(row, f"{each.id}_en")
            made[each.id] = {"zh": zh, "en": en}
        else:
            made[each.id] = getattr(row, each.id)
    return made


def apply(row: InformationResource, content: Mapping[str, Any]) -> None:
    """Write a content to the entry's columns; the row is not saved."""
    for each in ATTRIBUTES:
        value = content[each.id]
        if each.kind in ("text", "keywords"):
            setattr(row, f"{each.id}_zh", value["zh"])
            setattr(row, f"{each.id}_en", value["en"])
        else:
            setattr(row, each.id, value)
