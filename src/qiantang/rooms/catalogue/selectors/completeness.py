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
        Missing(each.id, each.label, each.why, each.weight)
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


def _both(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    return bool(str(value.get("zh") or "").strip() and str(value.get("en") or "").strip())
