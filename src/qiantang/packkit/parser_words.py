"""What Python's TOML and CSV readers say, in the author's words.

Their messages are English and change between versions of Python; each is recognised by a part of
it, and one that is not recognised still comes with a sentence of its own.
"""

from __future__ import annotations

from typing import Final

from qiantang.kernel.text import Text

_UNCLOSED: Final = Text("引号没有成对", "a quote is not closed")
_REPEATED: Final = Text("同一个键或表写了两次", "a key or a table is written twice")
_NO_VALUE: Final = Text("值的写法不对（文字要加引号）", "this is no value (texts stand in quotes)")
_NO_KEY: Final = Text(
    "键的写法不对（只用英文字母、数字、“-”“_”）",
    "this is no key (letters a-z, digits, - and _ only)",
)
_OPEN_LIST: Final = Text("列表或表的括号没有成对", "the bracket of a list or table is not closed")

_TOML: Final = (
    ("unterminated string", _UNCLOSED),
    ("illegal character '\\n'", _UNCLOSED),
    ("illegal character '\\r'", _UNCLOSED),
    ("twice", _REPEATED),
    ("overwrite", _REPEATED),
    ("duplicate", _REPEATED),
    ("redefine", _REPEATED),
    ("mutate", _REPEATED),
    ("expected '='", Text("键后面应为“=”", "a key is followed by =")),
    ("unclosed", _OPEN_LIST),
    ("expected ']", _OPEN_LIST),
    ("invalid value", _NO_VALUE),
    ("invalid date", Text("没有这一天或这一时刻", "there is no such date or time")),
    ("unescaped", Text("文字中的反斜杠要写两个", "a backslash in a text is written twice")),
    (
        "expected newline",
        Text("一行只能写一个键和值", "a line holds one key with its value"),
    ),
    ("invalid initial character", _NO_KEY),
    ("invalid statement", _NO_KEY),
    ("nested too deeply", Text("括号嵌套过深", "brackets are nested too deeply")),
    ("digits", Text("数字过长", "a number is too long")),
)
_CSV: Final = (
    ("unexpected end", _UNCLOSED),
    ("expected after", Text("引号后应为逗号或换行", "a closing quote is followed by a comma")),
    ("field limit", Text("一格过长", "a cell is too long")),
    ("nul", Text("含有空字符", "it holds a NUL character")),
)
_NO_TOML: Final = Text("这里不符合 TOML 的写法", "this is not written as TOML")
_NO_CSV: Final = Text("这里不符合 CSV 的写法", "this is not written as CSV")


def toml_cause(said: str) -> Text:
    """Why the TOML reader stopped."""
    return _first(_TOML, said, _NO_TOML)


def csv_cause(said: str) -> Text:
    """Why the CSV reader stopped."""
    return _first(_CSV, said, _NO_CSV)


def _first(known: tuple[tuple[str, Text], ...], said: str, otherwise: Text) -> Text:
    lower = said.lower()
    return next((text for part, text in known if part in lower), otherwise)
