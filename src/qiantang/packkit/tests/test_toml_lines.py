"""Lines of keys in TOML: whatever the layout, the line named is where the key is written."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiantang.packkit.toml_lines import key_lines, line_of

ODD = '''\
# a comment with [brackets] and "quotes"
a = "x # not a comment"   # one
"quoted key" = 'C:\\\\path'
long = """
one [table]
two = 2 \\
  end"""""
raw = \'\'\'
'it' = """x"""
\'\'\'
b.c.d = 1979-05-27 07:32:00
list = [ # first
  1,
  { x = 1, y = [2,
    3] }, # last
]
[t . "u v"]
k = true
[[rows]]
id = 1
[[rows.parts]]
p = 1
[[rows.parts]]
p = 2
[[rows]]
id = 2
[rows.extra]
z = {}
'''

LINES = {
    ("a",): 2, ("quoted key",): 3, ("long",): 4, ("raw",): 8, ("b", "c", "d"): 11,
    ("list", 0): 13, ("list", 1, "x"): 14, ("list", 1, "y", 1): 15,
    ("t", "u v"): 17, ("t", "u v", "k"): 18, ("rows", 0): 19, ("rows", 0, "id"): 20,
    ("rows", 0, "parts", 0, "p"): 22, ("rows", 0, "parts", 1, "p"): 24,
    ("rows", 1, "id"): 26, ("rows", 1, "extra"): 27, ("rows", 1, "extra", "z"): 28,
}  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_odd_layouts_keep_their_lines(end: str) -> None:
    text = ODD.replace("\n", end)
    found = key_lines(text)
    assert {path: found[path] for path in LINES} == LINES
    assert _paths(tomllib.loads(text)) <= set(found)


def test_an_absent_key_stands_where_its_table_stands() -> None:
    found = key_lines(ODD)
    assert line_of(found, ("rows", 1, "missing")) == 25
    assert line_of(found, ("nothing",)) == 1


KEYS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=6)
STRINGS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
SCALARS = st.one_of(STRINGS, st.integers(-9, 9), st.booleans(), st.dates())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
BLANKS = st.lists(st.sampled_from(["", "   ", "# [x] = '''", '\t# "']), max_size=3)
DOCUMENTS = st.lists(
    st.tuples(st.sampled_from(["key", "table", "array"]), KEYS, VALUES, BLANKS),
    max_size=8,
    unique_by=lambda entry: entry[1],
)


@given(DOCUMENTS, st.booleans())
def test_every_key_is_found_on_the_line_on_which_it_was_written(
    document: list[tuple[str, str, Any, list[str]]], windows: bool
) -> None:
    lines: list[str] = []
    wanted: dict[tuple[str | int, ...], int] = {}
    for kind, key, value, blanks in sorted(document, key=lambda entry: entry[0] != "key"):
        lines += blanks
        if kind == "key":
            wanted[(key,)] = len(lines) + 1
            lines += f"{_quoted(key)} = {_toml(value)}".split("\n")
            continue
        for index in range(2 if kind == "array" else 1):
            head = (key, index) if kind == "array" else (key,)
            wanted[head] = len(lines) + 1
            lines.append(f"[[{_quoted(key)}]]" if kind == "array" else f"[ {_quoted(key)} ]")
            wanted[(*head, "inner")] = len(lines) + 1
            lines += f"inner = {_toml(value)}".split("\n")
    text = ("\r\n" if windows else "\n").join(lines)
    parsed = tomllib.loads(text)
    found = key_lines(text)
    assert {path: found[path] for path in wanted} == wanted
    assert _paths(parsed) <= set(found)


def _toml(value: Any) -> str:
    """TOML with as many line breaks as it allows."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _long(value) if "\n" in value else _quoted(value)
    if isinstance(value, list):
        return "[\n" + "".join(f"  {_toml(item)}, # ]\n" for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_quoted(k)} = {_toml(v)}" for k, v in value.items()) + " }"
    return str(value)


def _quoted(text: str) -> str:
    escaped = "".join(c if c.isprintable() and c not in '"\\' else _escape(c) for c in text)
    return f'"{escaped}"'


def _long(text: str) -> str:
    body = "".join(
        c if c == "\n" or (c.isprintable() and c not in '"\\') else _escape(c) for c in text
    )
    return f'"""\n{body}"""'


def _escape(char: str) -> str:
    return f"\\U{ord(char):08x}"


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    found = {path}
    if isinstance(value, dict):
        for key, item in value.items():
            found |= _paths(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found |= _paths(item, (*path, index))
    return found
