"""A light look at a measure's SQL: its header, that it is one select, and the tables it names.

The real parser lives in the engine and is handed to the checker from above; this tokenizer knows
just enough of strings, quoted names and comments not to be fooled by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_TOKEN: Final = re.compile(
    r"""
    (?P<blank>\s+)
  | (?P<comment>--[^\n]*|/\*.*?\*/)
  | (?P<open_comment>/\*)
  | (?P<string>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*")
  | (?P<open_quote>['"])
  | (?P<word>[^\W\d]\w*)
  | (?P<number>\d[\w.]*)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_HEADER: Final = re.compile(r"--\s*([A-Za-z][\w.]*)\s*:\s*(.*)")
_CLAUSES: Final = frozenset(
    (
        *("where", "group", "having", "order", "limit", "on", "using", "union", "intersect"),
        *("except", "select", "qualify", "window"),
    )
)
_NOT_TABLES: Final = frozenset({"lateral", "unnest", "values", "select", "(", "only"})


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    line: int

    @property
    def name(self) -> str:
        """A name as SQL compares it: lower case unless quoted."""
        if self.kind == "quoted":
            return self.text[1:-1].replace('""', '"')
        return self.text.lower()


@dataclass(slots=True)
class SqlText:
    """What the light look found. ``unclosed`` is a token that never ends."""

    headers: dict[str, str] = field(default_factory=dict)
    header_lines: dict[str, int] = field(default_factory=dict)
    statements: list[list[Token]] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)
    unclosed: Token | None = None


def look_at(text: str) -> SqlText:
    """Read headers, statements and table names of a measure's text."""
    found = SqlText()
    statement: list[Token] = []
    begun = False
    for token in _tokens(text):
        if token.kind == "comment" and not begun:
            _header(found, token)
        elif token.kind.startswith("open_"):
            found.unclosed = token
            break
        elif token.kind == "mark" and token.text == ";":
            found.statements.append(statement)
            statement = []
        elif token.kind not in {"blank", "comment"}:
            begun = True
            statement.append(token)
    found.statements.append(statement)
    found.statements = [s for s in found.statements if s]
    for tokens in found.statements[:1]:
        found.tables = _tables(tokens)
    return found


def _tokens(text: str) -> Iterator[Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        yield Token(match.lastgroup or "mark", match[0], line)
        line += match[0].count("\n")


def _header(found: SqlText, token: Token) -> None:
    if match := _HEADER.fullmatch(token.text.rstrip()):
        found.headers.setdefault(match[1], match[2].strip())
        found.header_lines.setdefault(match[1], token.line)


def _tables(tokens: list[Token]) -> dict[str, int]:
    """Names that stand after ``from``, ``join`` or a comma of a from-list, less the CTEs."""
    named = _given_names(tokens)
    found: dict[str, int] = {}
    depth = 0
    listing: set[int] = set()
    functions: list[bool] = []
    for at, token in enumerate(tokens):
        word = token.text.lower()
        if word == "(":
            depth += 1
            functions.append(at > 0 and _calls(tokens[at - 1]))
        elif word == ")":
            listing.discard(depth)
            depth -= 1
            functions[-1:] = []
        elif word == "from" and at and tokens[at - 1].text.lower() == "distinct":
            continue  # a is distinct from b
        elif word == "from" and functions[-1:] == [True] and not _has_select(tokens, at):
            continue  # extract(year from x), substring(x from 1), trim(both from x)
        elif token.kind == "word" and word in {"from", "join"}:
            listing.add(depth)
            _take(tokens, at + 1, named, found)
        elif word == "," and depth in listing:
            _take(tokens, at + 1, named, found)
        elif token.kind == "word" and word in _CLAUSES:
            listing.discard(depth)
    return found


def _given_names(tokens: list[Token]) -> set[str]:
    """The names that ``with`` gives: ``name [(columns)] as [[not] materialized] (``."""
    found = set()
    for at, token in enumerate(tokens):
        if token.kind not in {"word", "quoted"}:
            continue
        after = at + 1
        if after < len(tokens) and tokens[after].text == "(":
            closing = (n for n in range(after, len(tokens)) if tokens[n].text == ")")
            after = next(closing, len(tokens)) + 1
        words = [t.text.lower() for t in tokens[after : after + 4]]
        words = [w for w in words if w not in {"not", "materialized"}]
        if words[:2] == ["as", "("]:
            found.add(token.name)
    return found


def _take(tokens: list[Token], at: int, named: set[str], found: dict[str, int]) -> None:
    if at >= len(tokens) or tokens[at].kind not in {"word", "quoted"}:
        return
    token = tokens[at]
    if token.name in named or (token.kind == "word" and token.name in _NOT_TABLES):
        return
    follows = tokens[at + 1].text if at + 1 < len(tokens) else ""
    name = token.name
    if follows == "." and at + 2 < len(tokens):
        name = f"{name}.{tokens[at + 2].name}"
    if follows != "(":
        found.setdefault(name, token.line)


def _calls(token: Token) -> bool:
    return token.kind == "word" and token.text.lower() in {
        "extract", "substring", "trim", "overlay", "position",
    }  # fmt: skip


def _has_select(tokens: list[Token], at: int) -> bool:
    """Whether a ``select`` stands before ``from`` inside the same parenthesis."""
    depth = 0
    for token in reversed(tokens[:at]):
        depth += {")": 1, "(": -1}.get(token.text, 0)
        if depth < 0:
            return False
        if depth == 0 and token.text.lower() == "select":
            return True
    return False
