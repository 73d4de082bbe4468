"""What the request's checker found, said in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from qiantang.doors.api.errors import BadParameters
from qiantang.kernel.text import Text

_SAID: Final[Mapping[str, Callable[[Mapping[str, Any]], Text]]] = {
    "missing": lambda _: Text("缺少此项", "is missing"),
    "extra_forbidden": lambda _: Text("没有此项", "is not known"),
    "int_parsing": lambda _: Text("应为整数", "should be a whole number"),
    "int_type": lambda _: Text("应为整数", "should be a whole number"),
    "string_type": lambda _: Text("应为文字", "should be text"),
    "greater_than_equal": lambda c: Text(f"不得小于 {c['ge']}", f"should be at least {c['ge']}"),
    "less_than_equal": lambda c: Text(f"不得大于 {c['le']}", f"should be at most {c['le']}"),
    "string_too_long": lambda c: Text(
        f"不得超过 {c['max_length']} 个字符", f"should have at most {c['max_length']} characters"
    ),
    "enum": lambda c: Text(f"应为 {c['expected']} 之一", f"should be one of {c['expected']}"),
    "literal_error": lambda c: Text(
        f"应为 {c['expected']} 之一", f"should be one of {c['expected']}"
    ),
}


def bad_parameters(errors: list[dict[str, Any]]) -> BadParameters:
    """The checker's list as our error; the field is named as the sender wrote it."""
    return BadParameters([(_field(e.get("loc", ())), _text(e)) for e in errors])


def _field(loc: tuple[Any, ...]) -> str:
    parts = [str(p) for p in loc if p not in {"query", "path", "body", "payload"}]
    return ".".join(parts) or "body"


def _text(error: Mapping[str, Any]) -> Text:
    kind, context = str(error.get("type", "")), error.get("ctx", {})
    if kind.startswith("date"):
        return Text("应为日期，如 2019-12-31", "should be a date such as 2019-12-31")
    if kind in _SAID:
        return _SAID[kind](context)
    message = str(error.get("msg", "")).removeprefix("Value error, ")
    return Text(f"无效（{message}）", message)
