"""How much of what an entry should say it says: weights as data, and what is missing by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from qiantang.kernel.text import Text
from qiantang.rooms.catalogue.attributes import ATTRIBUTES, FIELDS_WEIGHT_OF_NAMES, Attribute
from qiantang.rooms.catalogue.selectors.views import Completeness, Missing

SHORTEST_ABSTRACT: Final = 20
_FIELD_NAMES: Final = Missing(
    "fields",
    Text("信息项名称", "Names of items"),
    Text("每个信息项都有两种语言的名称。", "Every item has a name in both languages."),
    FIELDS_WEIGHT_OF_NAMES,
)


def completeness_of(content: Mapping[str, Any]) -> Completeness:
    """The score of a content, 0 to 100. What does not apply counts as said: conditions of what is
    shared without any, conditions of opening of what is not open."""
    missing = [
        Missing(each.id, _lacking(each, content[each.id]), each.why, each.weight)
        for each in ATTRIBUTES
        if each.weight and not _said(each, content)
    ]
    fields = content["fields"]
    if not fields or not all(_both(f.get("name")) for f in fields):
        missing.append(_FIELD_NAMES)
    return Completeness(100 - sum(m.weight for m in missing), tuple(missing))


def _said(attribute: Attribute, content: Mapping[str, Any]) -> bool:
    value = content[attribute.id]
    if attribute.id == "conditions" and content["sharing"] == "unconditional":
        return True
    if attribute.id == "open_conditions" and not content["open"]:
        return True
    if attribute.id == "description":
        return _both(value) and len(value["zh"].strip()) >= SHORTEST_ABSTRACT
    if attribute.kind == "text":
        return _both(value)
    if attribute.kind == "keywords":
        return bool(value["zh"])
    if attribute.kind == "fields":
        return bool(value) and all(f.get("type") for f in value)
    return bool(value)


def _lacking(attribute: Attribute, value: Any) -> Text:
    """What is missing by name: of a text the language that is, or that it is too short."""
    label = attribute.label
    if attribute.kind != "text":
        return label
    zh, en = (_in(value, lang) for lang in ("zh", "en"))
    if zh and en:
        n = SHORTEST_ABSTRACT
        return Text(f"{label.zh}（中文不足 {n} 字）", f"{label.en} ({n} characters in Chinese)")
    if zh:
        return Text(f"{label.zh}（英文）", f"{label.en} (in English)")
    return Text(f"{label.zh}（中文）", f"{label.en} (in Chinese)") if en else label


def _both(value: Any) -> bool:
    return bool(_in(value, "zh") and _in(value, "en"))


def _in(value: Any, lang: str) -> str:
    return str(value.get(lang) or "").strip() if isinstance(value, Mapping) else ""
