"""Whether the items that a steward wrote can stand in the catalogue, attribute by attribute."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from qiantang.kernel.text import Text, printable
from qiantang.packkit.compiled import FieldType, Personal, Precision
from qiantang.packkit.identifier_kinds import IDENTIFIERS
from qiantang.packkit.problems import nearest
from qiantang.rooms.catalogue.attributes import FIELD_LABELS
from qiantang.rooms.shelf import selectors as shelf

MOST_ITEMS: Final = 1000
MOST_VALUES: Final = 1000
LONGEST: Final[Mapping[str, int]] = {"name": 200, "description": 2000, "pattern": 500}
_LONGEST_WORD: Final = 200
Problem = tuple[str, Text]
Wrong = Text | None
_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}", re.ASCII)


def read_items(value: Any, problems: list[Problem]) -> list[dict[str, Any]]:
    """The items as they are kept; what is wrong is added to ``problems`` with its place."""
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MOST_ITEMS:
        text = Text("应为列表，至多 {n} 项", "should be a list of at most {n}")
        problems.append(("fields", text.format(n=MOST_ITEMS)))
        return []
    items = [_item(each, problems, f"fields.{n}") for n, each in enumerate(value, 1)]
    ids = [item.get("id") for item in items]
    for id in {id for id in ids if isinstance(id, str) and ids.count(id) > 1}:
        problems.append(("fields", Text(f"信息项“{id}”重复", f'item "{id}" occurs twice')))
    return items


def key_problems(grain: Sequence[str], items: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Parts of the key that name no item."""
    known = {item.get("id") for item in items}
    said = Text("没有信息项“{id}”", 'there is no item "{id}"')
    return [("grain", said.format(id=id)) for id in grain if id not in known]


def _item(value: Any, problems: list[Problem], where: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        problems.append((where, Text("应为一个信息项", "should be one item")))
        return {}
    # Not `in (None, False)`: 0 is a limit.
    item = {
        k: v for k, v in value.items() if v is not None and v is not False and v not in ("", [])
    }
    if unknown := sorted(str(name) for name in set(item) - {"id", *FIELD_LABELS}):
        said = Text("未知属性：{unknown}", "unknown: {unknown}")
        problems.append((where, said.format(unknown=", ".join(unknown))))
    item = {"name": {}, "type": "", **item}
    for name, wrong in (("id", _wrong_id), *_CHECKS.items()):
        if name in (*item, "id") and (text := wrong(item.get(name))):
            problems.append((f"{where}.{name}", text))
    return _kept(item)


def _kept(item: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: _said(value) for name, value in item.items()}
    for name in ("minimum", "maximum"):
        if name in kept:
            kept[name] = str(kept[name])
    if isinstance(kept["name"], Mapping):
        kept["name"] = {"zh": "", "en": "", **kept["name"]}
    return kept


def _said(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value).strip()
    if isinstance(value, Mapping):
        return {name: _said(each) for name, each in value.items()}
    return value


def _wrong_id(value: Any) -> Wrong:
    if isinstance(value, str) and _ID.fullmatch(value):
        return None
    return Text("编号应为字母开头的字母、数字和下划线", "id: a letter, then letters, digits, _")


def _texts(longest: int) -> Callable[[Any], Wrong]:
    def wrong(value: Any) -> Wrong:
        texts: list[Any] = list(value.values()) if isinstance(value, Mapping) else [None]
        if not all(isinstance(t, str) for t in texts) or not set(value) <= {"zh", "en"}:
            return Text(
                "应为 zh 和 en 两种语言的文字", "should be text in two languages, zh and en"
            )
        if any(len(t) > longest for t in texts):
            return _TOO_LONG.format(n=longest)
        return None

    return wrong


_TOO_LONG: Final = Text("不得超过 {n} 个字符", "should have at most {n} characters")


def _word(value: Any, longest: int = _LONGEST_WORD) -> Wrong:
    if not isinstance(value, str):
        return Text("应为文字", "should be text")
    return _TOO_LONG.format(n=longest) if len(value) > longest else None


def _one_of(choices: Sequence[str]) -> Callable[[Any], Wrong]:
    def wrong(value: Any) -> Wrong:
        if value in choices:
            return None
        known = ", ".join(choices)
        return Text(f"应为 {known} 之一", f"should be one of {known}")

    return wrong


def _yes(value: Any) -> Wrong:
    return None if value is True else Text("应为是或否", "should be true or false")


def _length(value: Any) -> Wrong:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 1_000_000:
        return None
    return Text("应为正整数", "should be a whole number above 0")


def _pattern(value: Any) -> Wrong:
    if problem := _word(value, LONGEST["pattern"]):
        return problem
    try:
        re.compile(value)
    except re.error as error:
        cause = f"{error.msg}, {error.pos}"
        return Text(f"不是有效的正则表达式（{cause}）", f"is no regular expression ({cause})")
    return None


def _values(value: Any) -> Wrong:
    listed = isinstance(value, Sequence) and not isinstance(value, str)
    if listed and len(value) <= MOST_VALUES and all(_word(each) is None for each in value):
        return None
    text = Text("应为文字的列表，至多 {n} 项", "should be a list of texts, at most {n}")
    return text.format(n=MOST_VALUES)


def _limit(value: Any) -> Wrong:
    said = str(value) if isinstance(value, str | int | float) and value is not True else ""
    try:
        if Decimal(said).is_finite():
            return None
    except InvalidOperation:
        pass
    try:
        date.fromisoformat(said)
    except ValueError:
        return Text(
            "应为数或日期，如 0、2017-04-01", "should be a number or a day, 0 or 2017-04-01"
        )
    return None


def _code_list(value: Any) -> Wrong:
    said = Text("没有代码表“{id}”", 'there is no code list "{id}"')
    return _known(value, shelf.code_lists(), said)


def _element(value: Any) -> Wrong:
    said = Text("没有数据元“{id}”", 'there is no data element "{id}"')
    return _known(value, shelf.elements(), said)


def _known(value: Any, known: Mapping[str, Any], said: Text) -> Wrong:
    if not isinstance(value, str) or value in known:
        return _word(value)
    near = nearest(value, known)
    meant = Text("，是否指“{near}”", ', is "{near}" meant') if near else Text("", "")
    found, meant = said.format(id=value[:_LONGEST_WORD]), meant.format(near=near)
    return Text(found.zh + meant.zh, found.en + meant.en)


_CHECKS: Final[Mapping[str, Callable[[Any], Wrong]]] = {
    "name": _texts(LONGEST["name"]),
    "description": _texts(LONGEST["description"]),
    "type": _one_of([kind.value for kind in FieldType]),
    "length": _length,
    "unit": _word,
    "codes": _code_list,
    "required": _yes,
    "unique": _yes,
    "open_end": _yes,
    "personal": _one_of([kind.value for kind in Personal]),
    "identifier": _one_of(list(IDENTIFIERS)),
    "element": _element,
    "reference": _word,
    "pattern": _pattern,
    "values": _values,
    "minimum": _limit,
    "maximum": _limit,
    "precision": _one_of([kind.value for kind in Precision]),
}
