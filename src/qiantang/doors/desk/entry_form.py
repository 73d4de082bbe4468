"""The form of a catalogue entry: its attributes as inputs, and what was typed as its content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from qiantang.doors.desk.intake_words import PERSONAL
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Code, Resource
from qiantang.rooms.catalogue import cycles
from qiantang.rooms.catalogue.attributes import (
    ATTRIBUTES,
    FIELD_TYPES,
    FORMATS,
    SHARE_MODES,
    SHARING,
    STRUCTURE,
    Attribute,
)
from qiantang.rooms.catalogue.indexing import CLASSES
from qiantang.rooms.catalogue.services.registering import content_declared
from qiantang.rooms.catalogue.services.writing import split_words
from qiantang.rooms.shelf import selectors as shelf

BLANK_ITEMS: Final = 3
MOST_ITEMS: Final = 1000
LONG: Final = frozenset({"description", "conditions", "open_conditions"})
NEEDED: Final = frozenset({"name", "description", "classes", "cadence"})
HINTS: Final[Mapping[str, Text]] = {
    "classes": Text(
        "分类代码，用顿号分开，第一个为主。", "Class codes apart by commas, the main one first."
    ),
    "keywords": Text(
        "别人可能用来查找的词，用顿号分开。", "Words others may look for, apart by commas."
    ),
    "grain": Text(
        "一行由哪些字段唯一确定，用顿号分开。", "The fields that tell rows apart, by commas."
    ),
    "cadence": Text(
        "必选；没有固定周期的选“不定期”。",
        'Required; "Irregular" for what has no fixed cycle.',
    ),
    "retention": Text("如 P10Y；留空为长期。", "Such as P10Y; empty keeps it for ever."),
    "related": Text("关联资源的编号，用顿号分开。", "Ids of related resources, apart by commas."),
    "division": Text(
        "六位行政区划代码；起草时留空即为本单位的区划。",
        "Division code of six digits; a draft left empty takes its owner's.",
    ),
    "description": Text(
        "必填，中英文都要：内容、范围和用途。中文满 20 字才计入完整度，不足也可发布。",
        "Required in both languages: what it holds, and for what. Fewer than 20 Chinese characters "
        "may be published, but do not count as complete.",
    ),
}
_CHOICES: Final[Mapping[str, Mapping[str, Text]]] = {
    "format": FORMATS,
    "sharing": SHARING,
    "share_mode": SHARE_MODES,
}
_CHOOSE: Final = Text("请选择", "Choose one")
Problems = Sequence[tuple[str, Text]]


@dataclass(frozen=True, slots=True)
class Input:
    """One attribute as the form shows it. ``values``: (name of the input, language, value)."""

    id: str
    label: Text
    kind: str
    values: tuple[tuple[str, str, Any], ...]
    hint: Text | None
    choices: tuple[tuple[str, Text], ...]
    needed: bool
    fixed: bool
    errors: tuple[Text, ...]


def known_codes() -> dict[str, list[tuple[str, Text]]]:
    """What may be typed into the form's inputs for classes, code lists and elements, with what it
    is called; a code list has no name of its own and is told by its first codes."""
    lists, today = shelf.code_lists(), date.today()
    classes = lists.get(CLASSES)
    return {
        "classes": [(c.code, c.name) for c in classes.on(today)] if classes else [],
        "codes": [(id, _told_by(each.on(today))) for id, each in sorted(lists.items())],
        "elements": [(id, each.name) for id, each in sorted(shelf.elements().items())],
    }


def _told_by(codes: Sequence[Code]) -> Text:
    shown, more = [c.name for c in codes[:3]], "…" if len(codes) > 3 else ""
    zh, en = "、".join(t.zh for t in shown), ", ".join(t.en for t in shown)
    return Text(f"{zh}{more}", f"{en}{more}")


def attribute_label(where: str) -> Text:
    """What the form calls the place of a problem: ``classes``, or ``fields.3.unit`` of an item."""
    id, _, rest = where.partition(".")
    label = next((each.label for each in ATTRIBUTES if each.id == id), Text(where, where))
    nth = rest.partition(".")[0]
    if id == "fields" and nth.isdigit():
        return Text(f"信息项第 {nth} 项", f"Item {nth}")
    return label


def declared_content(resource: Resource) -> dict[str, Any]:
    """A draft's content from what a pack declares."""
    return {k: v for k, v in content_declared(resource).items() if k not in ("themes", "division")}


def inputs(content: Mapping[str, Any], *, declared: bool, problems: Problems = ()) -> list[Input]:
    """The inputs in the guide's order; the table of items apart."""
    return [
        _input(each, content.get(each.id), declared, problems)
        for each in ATTRIBUTES
        if each.id not in ("fields", "themes")
    ]


def items(content: Mapping[str, Any], problems: Problems = ()) -> list[dict[str, Any]]:
    """The lines of the table of items, and a few blank ones."""
    lines = [*content.get("fields", ()), *[{} for _ in range(BLANK_ITEMS)]]
    return [
        {
            "n": n,
            "item": item,
            "name": item.get("name") or {"zh": "", "en": ""},
            "type": FIELD_TYPES.get(str(item.get("type")), _CHOOSE),
            "personal": PERSONAL.get(str(item.get("personal") or "none"), _CHOOSE),
            "errors": [text for where, text in problems if where.startswith(f"fields.{n + 1}")],
        }
        for n, item in enumerate(lines)
    ]


def content_of(
    given: Mapping[str, Any], before: Mapping[str, Any], *, declared: bool
) -> dict[str, Any]:
    """What was typed, as content; what the form does not show stays as ``before`` has it."""
    made: dict[str, Any] = {}
    for each in ATTRIBUTES:
        if each.id in ("fields", "themes") or (declared and each.id in STRUCTURE):
            continue
        made[each.id] = _typed(each, given)
    if not declared:
        made["fields"] = _typed_items(given, before.get("fields", ()))
    return made


def _input(each: Attribute, value: Any, declared: bool, problems: Problems) -> Input:
    kind = "long" if each.id in LONG else each.kind
    if each.id in _CHOICES or each.id == "cadence":
        kind = "choice"
    wrong = [t for where, t in problems if where == each.id or where.startswith(f"{each.id}.")]
    return Input(
        id=each.id,
        label=each.label,
        kind=kind,
        values=_values(each, value),
        hint=HINTS.get(each.id),
        choices=_choices(each, str(value or "")),
        needed=each.id in NEEDED,
        fixed=declared and each.id in STRUCTURE,
        errors=tuple(wrong),
    )


def _choices(each: Attribute, value: str) -> tuple[tuple[str, Text], ...]:
    """What can be chosen. A cycle of another length stays as it is written."""
    if each.id != "cadence":
        return tuple(_CHOICES.get(each.id, {}).items())
    known = [(cycle, cycles.cycle_name(cycle)) for cycle in cycles.CHOICES]
    if value and value not in cycles.CHOICES:
        known.append((value, Text(value, value)))
    return (("", _CHOOSE), *known)


def _values(each: Attribute, value: Any) -> tuple[tuple[str, str, Any], ...]:
    if each.kind in ("text", "keywords"):
        both = value or {"zh": "", "en": ""}
        said = {
            lang: "、".join(v) if isinstance(v := both.get(lang) or "", list) else v
            for lang in ("zh", "en")
        }
        return tuple((f"{each.id}-{lang}", lang, said[lang]) for lang in ("zh", "en"))
    if each.kind == "words":
        return ((each.id, "", "、".join(value or ())),)
    return ((each.id, "", value or ""),)


def _typed(each: Attribute, given: Mapping[str, Any]) -> Any:
    def said(name: str) -> str:
        return str(given.get(name, ""))

    if each.kind == "text":
        return {lang: said(f"{each.id}-{lang}") for lang in ("zh", "en")}
    if each.kind == "keywords":
        return {lang: split_words(said(f"{each.id}-{lang}")) for lang in ("zh", "en")}
    if each.kind == "words":
        return split_words(said(each.id))
    if each.kind == "yes":
        return each.id in given
    return said(each.id).strip()


def _typed_items(
    given: Mapping[str, Any], before: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The items in the form's order; a line without an id is left out."""
    told = str(given.get("items", "0"))
    count = min(int(told), MOST_ITEMS) if told.isascii() and told.isdigit() else 0
    known = {str(item.get("id")): item for item in before}
    made = []
    for n in range(count):
        id = str(given.get(f"item-{n}-id", "")).strip()
        if not id or f"item-{n}-drop" in given:
            continue
        typed = {
            "id": id,
            "name": {lang: str(given.get(f"item-{n}-{lang}", "")) for lang in ("zh", "en")},
            "type": str(given.get(f"item-{n}-type", "")),
            "unit": str(given.get(f"item-{n}-unit", "")).strip(),
            "codes": str(given.get(f"item-{n}-codes", "")).strip(),
            "element": str(given.get(f"item-{n}-element", "")).strip(),
            "personal": str(given.get(f"item-{n}-personal", "none")),
            "required": f"item-{n}-required" in given,
        }
        merged = {**known.get(id, {}), **typed}
        made.append({k: v for k, v in merged.items() if v not in (None, "", False)})
    return made
