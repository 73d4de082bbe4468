"""One array of objects inside a JSON text, read element by element in bounded memory."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from functools import cache
from typing import Any, Final

from qiantang.engine.quality.reading.errors import JsonBroken, LineTooLong
from qiantang.engine.quality.reading.files import SentFile
from qiantang.engine.quality.reading.json_faults import KeyTwice, fault, once, unspeakable
from qiantang.engine.quality.reading.shapes import BrokenLine
from qiantang.kernel.text import Text

_BLANK: Final = re.compile(r"[ \t\r\n]*")
_DEPTH: Final = 4
_MOST_BESIDE: Final = 100
BEGINNING: Final = 500
"""So much of a broken record is kept to show it."""
_CLOSED: Final = frozenset(",]} \t\r\n")


@cache
def decoder() -> json.JSONDecoder:
    """Figures stay the text that they were written as, so that no digit changes. Raises `KeyTwice`
    for an object with a key twice."""
    return json.JSONDecoder(
        parse_int=Figure, parse_float=Figure, parse_constant=_refuse, object_pairs_hook=once
    )


@cache
def _lenient() -> json.JSONDecoder:
    """Finds where a value ends that `decoder` refuses."""
    return json.JSONDecoder(parse_int=Figure, parse_float=Figure)


class Figure(str):
    """A figure as the text that it was written as; `plain_json` writes it without quotes."""

    __slots__ = ()


def plain_json(value: Any) -> str:
    """A nested value as JSON, its figures exactly as they were written."""
    if isinstance(value, Figure):
        return str(value)
    if isinstance(value, dict):
        items = (f"{json.dumps(k, ensure_ascii=False)}: {plain_json(v)}" for k, v in value.items())
        return "{" + ", ".join(items) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(plain_json(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _refuse(word: str) -> str:
    raise ValueError(f"{word} is not JSON")


class ArrayReader:
    """Finds the array (at ``path``, or the first one whose elements are objects) and gives its
    elements. Afterwards ``path`` is where it stood, ``others`` further arrays of objects,
    ``beside`` the texts that stand around it, with their keys."""

    def __init__(self, chunks: Iterator[str], sent: SentFile, path: str | None) -> None:
        self.chunks, self.sent = chunks, sent
        self.wanted, self.path = path, None if path is None else path
        self.others: list[str] = []
        self.beside: list[str] = []
        self.text, self.at, self.ended = "", 0, False

    def elements(self) -> Iterator[Any]:
        """An object that cannot be kept is a `BrokenLine`. Raises `JsonBroken`, `LineTooLong`."""
        mark = self._peek()
        if mark == "[":
            yield from self._elements()
        elif mark == "{":
            found = yield from self._search("", 0)
            if not found:
                text = Text("其中没有对象数组", "it holds no array of objects")
                raise JsonBroken(found=text, place=self.sent.place)
        else:
            raise self._broken(Text("[", "["))
        if self._peek():
            raise self._broken(Text("文件结尾", "the end of the file"))

    def _search(self, path: str, depth: int) -> Generator[Any, None, bool]:
        """Through the members of an object; gives the wanted array's elements."""
        found = False
        self._take("{")
        while self._peek() != "}":
            key = self._value()
            self._take(":")
            here = f"{path}.{key}" if path else str(key)
            mark = self._peek()
            if mark == "[" and self._objects_follow() and not found and self._wanted(here):
                self.path, found = here, True
                yield from self._elements()
            elif mark == "{" and depth < _DEPTH and not found and self._leads(here):
                found = yield from self._search(here, depth + 1)
            elif mark == "[" and self._objects_follow():
                self.others.append(here)
                for _ in self._elements():
                    pass
            else:
                self._note(key, self._value(), depth)
            if self._peek() == ",":
                self._take(",")
            elif self._peek() != "}":
                raise self._broken(Text(", 或 }", ", or }"))
        self._take("}")
        return found

    def _note(self, key: Any, value: Any, depth: int) -> None:
        """Keep a text beside the array, as people would write it: 单位：万元."""
        if isinstance(value, dict) and depth < _DEPTH:
            for name, inner in value.items():
                self._note(name, inner, depth + 1)
        elif type(value) is str and len(self.beside) < _MOST_BESIDE:
            self.beside.append(f"{key}：{value[:BEGINNING]}")

    def _wanted(self, here: str) -> bool:
        return self.wanted is None or self.wanted == here

    def _leads(self, here: str) -> bool:
        return self.wanted is None or self.wanted.startswith(f"{here}.")

    def _objects_follow(self) -> bool:
        self._more_until(64)
        return re.match(r"\[\s*\{", self.text[self.at : self.at + 64]) is not None

    def _elements(self) -> Iterator[Any]:
        self._take("[")
        if self._peek() == "]":
            self._take("]")
            return
        while True:
            yield self._value()
            mark = self._peek()
            if mark not in (",", "]"):
                raise self._broken(Text(", 或 ]", ", or ]"))
            self._take(mark)
            if mark == "]":
                return

    def _value(self) -> Any:
        """The next whole value; reads on until it is complete."""
        self._peek()
        while True:
            try:
                value, end = self._decoded()
            except RecursionError as error:
                raise self._as_broken(error) from error
            except ValueError as error:
                if not self._more():
                    raise self._as_broken(error) from error
                continue
            # A figure at the end of the buffer may go on in the next piece.
            if end < len(self.text) or not self._more():
                self.at = end
                return value

    def _decoded(self) -> tuple[Any, int]:
        """The value that stands next, and where it ends."""
        start = self.at
        try:
            value, end = decoder().raw_decode(self.text, start)
        except KeyTwice as error:
            _, end = _lenient().raw_decode(self.text, start)
            return BrokenLine(self.text[start:end][:BEGINNING], error.reason), end
        reason = unspeakable(value, self.text, start, end) if isinstance(value, dict) else None
        return (BrokenLine(self.text[start:end][:BEGINNING], reason) if reason else value), end

    def _peek(self) -> str:
        """The next character that is no blank; "" at the end."""
        while True:
            blank = _BLANK.match(self.text, self.at)
            self.at = blank.end() if blank else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                return ""

    def _take(self, mark: str) -> None:
        if self._peek() != mark:
            raise self._broken(Text(mark, mark))
        self.at += 1

    def _more_until(self, size: int) -> None:
        while len(self.text) - self.at < size and self._more():
            pass

    def _more(self) -> bool:
        """Read on; what was used is let go. Raises `LineTooLong` when one value grows too large."""
        if self.ended:
            return False
        if len(self.text) - self.at > self.sent.limits.record:
            size = f"{self.sent.limits.record // 2**20} MB"
            raise LineTooLong(found=size, expected=size, place=self.sent.place)
        chunk = next(self.chunks, "")
        self.ended = not chunk
        if chunk:
            self.text, self.at = self.text[self.at :] + chunk, 0
        return bool(chunk)

    def _as_broken(self, error: ValueError | RecursionError) -> JsonBroken:
        return JsonBroken(found=fault(error, self.text), place=self.sent.place)

    def _broken(self, expected: Text) -> JsonBroken:
        near = self.text[self.at : self.at + 20]
        found = Text("在结尾处应有{expected}", "{expected} is expected at the end")
        if near:
            found = Text("“{near}”处应为{expected}", '{expected} is expected at "{near}"')
        said = found.format(near=near, expected=expected)
        return JsonBroken(found=said, place=self.sent.place)
