"""The method of a workbook as the recipe of a pack: words, numbers and lists as TOML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from qiantang.engine.index.books.layout import VALUE
from qiantang.engine.index.books.reading import Book
from qiantang.engine.index.recipe import STEPS

BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def recipe_lines(book: Book) -> list[tuple[str, str]]:
    """The recipe as lines of TOML, each with the row of the method that it came from: the steps as
    dotted keys, one a line, then the uncertain choices."""
    lines = [("[recipe]", "")]
    for key, line in book.method.items():
        value = line.cells[VALUE]
        if key.partition(".")[0] in STEPS and value:
            path = ".".join(part if BARE.fullmatch(part) else quoted(part)
                            for part in key.split("."))  # fmt: skip
            lines.append((f"{path} = {toml_value(value)}", key))
    for key, told in _uncertain(book):
        lines.append(("[[recipe.uncertain]]", key))
        lines += [(f"{name} = {_toml(value)}", key) for name, value in told.items()]
    return lines


def _uncertain(book: Book) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """The uncertain choices: a share for weights, lists of methods, or JSON as it stands."""
    if share := book.said("uncertain.weights"):
        yield "uncertain.weights", {
            "name": "权重 · weights", "noise": _bare(share), "sets": 100,
        }  # fmt: skip
    names = {"normalise": "标准化 · normalisation", "aggregate": "合成 · aggregation"}
    for step, name in names.items():
        if said := book.said(f"uncertain.{step}"):
            words = [word.strip() for word in re.split("[,，、]", said) if word.strip()]
            yield f"uncertain.{step}", {"name": name, "set": f"{step}.method", "to": words}
    try:
        told = json.loads(book.said("uncertain") or "[]")
    except ValueError:
        told = [book.said("uncertain")]
    for each in told if isinstance(told, list) else [told]:
        yield "uncertain", each if isinstance(each, dict) else {"name": str(each)}


def quoted(text: str) -> str:
    """A TOML string."""
    return json.dumps(text, ensure_ascii=False)


def toml_value(text: str) -> str:
    """What a cell of the method says: a number, true or false, a list with commas, or a word."""
    parts = [part.strip() for part in re.split("[,，]", text.strip("[] "))]
    if len(parts) > 1:
        return f"[{', '.join(_toml(_bare(part)) for part in parts)}]"
    return _toml(_bare(text))


def _bare(text: str) -> Any:
    if text in {"true", "false"}:
        return text == "true"
    if _NUMBER.fullmatch(text):
        return int(text) if re.fullmatch("[+-]?[0-9]+", text) else float(text)
    return text


def _toml(value: Any) -> str:
    """A value as TOML on one line."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{k if BARE.fullmatch(k) else quoted(k)} = {_toml(v)}"
                          for k, v in value.items())  # fmt: skip
        return f"{{ {inner} }}"
    if isinstance(value, list):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return quoted(value) if isinstance(value, str) else repr(value)
