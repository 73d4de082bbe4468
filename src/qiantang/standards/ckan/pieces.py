"""What a query in Solr's language is made of: words, phrases, fields, marks, joints, brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from qiantang.kernel.text import Text
from qiantang.standards.errors import QueryNotUnderstood


class Kind(Enum):
    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    MUST = "+"
    FIELD = "field:"
    EVERYTHING = "*:*"
    RANGE = "[a TO b]"
    PHRASE = '"words"'
    WORD = "word"
    END = ""


class Wild(Enum):
    MANY = "*"
    ONE = "?"


@dataclass(frozen=True, slots=True)
class Piece:
    """``text`` as it is written. ``parts`` of a word and a phrase are what they say, with wildcards
    between; of a field its name; of a range its two ends."""

    kind: Kind
    text: str
    parts: tuple[str | Wild, ...] = ()


END: Final = Piece(Kind.END, "")
BOOST: Final = Text("加权", "a boost")
FUZZY: Final = Text("模糊匹配", "a fuzzy match")
LOCAL: Final = Text("局部参数", "local parameters")
PATTERN: Final = Text("正则表达式", "a regular expression")
RANGE: Final = Text("此处的范围", "such a range")
UNFINISHED: Final = Text("括号、引号或连接词不完整", "an unfinished bracket, quote or joint")
_JOINTS: Final = {"AND": Kind.AND, "&&": Kind.AND, "OR": Kind.OR, "||": Kind.OR, "NOT": Kind.NOT}
_MARKS: Final = {"+": Kind.MUST, "-": Kind.NOT, "!": Kind.NOT}
_WILD: Final = {"*": Wild.MANY, "?": Wild.ONE}
_PIECE: Final = re.compile(
    r"(?P<joint>AND|OR|NOT|&&|\|\|)(?=[\s()]|$)"
    r"|(?P<bracket>[()])"
    r"|(?P<mark>[+\-!])(?=[^\s)])"
    r"|(?P<everything>\*:\*)(?=[\s)]|$)"
    r"|(?P<field>[^\W\d][\w.]*):(?=[^\s)])"
    r"|(?P<range>[\[{]\s*(?P<low>\S+)\s+TO\s+(?P<high>[^\s\]}]+)\s*[\]}])"
    r'|"(?P<phrase>(?:\\.|[^"\\])*)"'
    r'|(?P<word>(?:\\.|[^\s()\[\]{}"\\])+)',
    re.DOTALL,
)
_AFTER: Final = {"^": BOOST, "~": FUZZY}


def pieces(parameter: str, text: str) -> Iterator[Piece]:
    """The pieces of a parameter's text. Raises `QueryNotUnderstood`."""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found = _PIECE.match(text, at)
        if found is None:
            rest = text[at : at + 40]
            raise refused(parameter, rest, LOCAL if rest.startswith("{!") else _broken(rest))
        at = found.end()
        if found["word"] is None and (reason := _AFTER.get(text[at : at + 1])):
            raise refused(parameter, text[found.start() : at + 10], reason)
        yield _piece(parameter, found)


def _broken(rest: str) -> Text:
    return RANGE if rest[0] in "[{" else UNFINISHED


def _piece(parameter: str, found: re.Match[str]) -> Piece:
    text = found[0]
    match found.lastgroup:
        case "joint":
            return Piece(_JOINTS[text], text)
        case "bracket":
            return Piece(Kind(text), text)
        case "mark":
            return Piece(_MARKS[text], text)
        case "everything":
            return Piece(Kind.EVERYTHING, text)
        case "field":
            return Piece(Kind.FIELD, text, (found["field"],))
        case "phrase":
            return Piece(Kind.PHRASE, text, (re.sub(r"\\(.)", r"\1", found["phrase"]),))
    if found["range"] is not None:
        return Piece(Kind.RANGE, text, (found["low"], found["high"]))
    return Piece(Kind.WORD, text, tuple(_word(parameter, text)))


def _word(parameter: str, text: str) -> Iterator[str | Wild]:
    """A word's letters, a backslash before a letter that stands for itself, and its wildcards."""
    if text in _MARKS:
        raise refused(parameter, text, UNFINISHED)
    if text.startswith("/"):
        raise refused(parameter, text, PATTERN)
    said = ""
    letters = iter(re.findall(r"\\.|&&|\|\||.", text, re.DOTALL))
    for letter in letters:
        if letter in _AFTER or letter in {"&&", "||"}:
            raise refused(parameter, text, _AFTER.get(letter, UNFINISHED))
        if letter not in _WILD:
            said += letter[-1]
            continue
        if said:
            yield said
        said = ""
        yield _WILD[letter]
    if said:
        yield said


def refused(parameter: str, found: str, reason: Text | None = None) -> QueryNotUnderstood:
    """The refusal of a piece, with what about it is not spoken here."""
    said = found.strip()[:80]
    why = Text(f"{said}（{reason.zh}）", f"{said} ({reason.en})") if reason else said
    return QueryNotUnderstood(parameter=parameter, found=why, expected=EXPECTED)


EXPECTED: Final = Text(
    '词、"词组"、前缀*、字段:值、字段:(a OR b)、-字段:值、括号；字段：{fields}',
    'word, "phrase", begin*, field:value, field:(a OR b), -field:value, brackets; fields: {fields}',
).format(
    fields="title, notes, name, id, tags, organization, owner_org, groups, license_id, "
    "res_format, sharing, division, metadata_modified"
)
