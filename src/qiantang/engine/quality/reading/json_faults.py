"""What is wrong with a JSON text or with one record of it, said for people.

A key that stands twice in an object is allowed by the grammar, and readers keep the last value in
silence (RFC 8259, section 4); an unpaired surrogate (``\\ud800``, section 8.2) is no character.
Both spoil their record alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from qiantang.kernel.text import Text

_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_ESCAPED: Final = re.compile(r"\\u[dD][89a-fA-F]")


class KeyTwice(ValueError):
    """A key stands twice in one object."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        shown = _shown(key)
        self.reason = Text(f"键“{shown}”出现两次", f'the key "{shown}" stands twice')


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these keys and values. Raises `KeyTwice`."""
    record = dict(pairs)
    if len(record) != len(pairs):
        seen: set[str] = set()
        raise KeyTwice(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return record


def unspeakable(record: Mapping[str, Any], text: str, start: int, end: int) -> Text | None:
    """Why the record that was written at ``text[start:end]`` cannot be text; None where it can."""
    if not _ESCAPED.search(text, start, end):
        return None
    for key, value in record.items():
        found = _SURROGATE.search(key) or _SURROGATE.search(json.dumps(value, ensure_ascii=False))
        if found:
            name, code = _shown(key), f"\\u{ord(found[0]):04x}"
            return Text(
                f"键“{name}”的内容中有不成对的代理字符 {code}，不是文字",
                f'"{name}" holds the unpaired surrogate {code}, which is no character',
            )
    return None


def fault(error: ValueError | RecursionError, text: str) -> Text:
    """What is wrong with ``text``, for people: the parser's own words are English alone."""
    match error:
        case KeyTwice():
            return error.reason
        case RecursionError():
            return Text("嵌套过深", "it is nested too deeply")
        case json.JSONDecodeError(pos=at) if text[at:].strip():
            near = text[at : at + 20].strip()
            return Text(f"“{near}”处有误", f'wrong at "{near}"')
        case json.JSONDecodeError():
            return Text("内容不完整", "it ends midway")
        case UnicodeDecodeError():
            return Text("含有不能作为文字的字节", "it holds bytes that are no text")
    return Text("NaN 和 Infinity 不是 JSON 的值", "NaN and Infinity are no values of JSON")


def _shown(key: str) -> str:
    return key[:40].encode("utf-8", "backslashreplace").decode()
