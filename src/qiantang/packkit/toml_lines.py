"""Find the line of every key of a TOML text, which ``tomllib`` does not tell.

The checker names ``file:line`` of the offending key. The text has been parsed by ``tomllib``
already, so this scanner may trust that it is well formed and only keeps count of where it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

Path = tuple[str | int, ...]

_BARE_END = frozenset(",]}\n#")
_SPACE = " \t\r"


def key_lines(text: str) -> Mapping[Path, int]:
    """The line, counted from 1, of every table, key and array element of a valid TOML text.

    A path is the way into the parsed value: ``("fields", "hour", "type")``,
    ``("targets", 0, "due")``. The whole document is ``()``, on line 1.
    """
    return _Scanner(text).run()


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of ``path``, else of the nearest thing around it that stands in the text."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.line = 1
        self.lines: dict[Path, int] = {(): 1}
        self.counts: dict[Path, int] = {}

    def run(self) -> dict[Path, int]:
        prefix: Path = ()
        while self.skip_blank():
            if self.peek() == "[":
                prefix = self.header()
            else:
                self.pair(prefix)
        return self.lines

    def header(self) -> Path:
        many = self.text.startswith("[[", self.at)
        self.step(2 if many else 1)
        line, parts = self.line, self.key()
        self.step(2 if many else 1)
        path = self.inside(parts[:-1])
        if many:
            path = (*path, parts[-1])
            self.counts[path] = self.counts.get(path, -1) + 1
            self.lines.setdefault(path, line)
            path = (*path, self.counts[path])
        else:
            path = self.inside(parts)
        self.lines[path] = line
        return path

    def inside(self, parts: tuple[str, ...]) -> Path:
        """``parts`` with the index of the newest element put after each array of tables."""
        path: Path = ()
        for part in parts:
            path = (*path, part)
            self.lines.setdefault(path, self.line)
            if path in self.counts:
                path = (*path, self.counts[path])
        return path

    def pair(self, prefix: Path) -> None:
        line = self.line
        for part in self.key():
            prefix = (*prefix, part)
            self.lines.setdefault(prefix, line)
        self.skip_space()
        self.step(1)
        self.skip_space()
        self.value(prefix)

    def key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while True:
            self.skip_space()
            start = self.at
            if self.peek() in "\"'":
                self.string()
                parts.append(tomllib.loads(f"k = {self.text[start : self.at]}")["k"])
            else:
                while self.peek() not in " \t.=]":
                    self.at += 1
                parts.append(self.text[start : self.at])
            self.skip_space()
            if self.peek() != ".":
                return tuple(parts)
            self.step(1)

    def value(self, path: Path) -> None:
        first = self.peek()
        if first in "\"'":
            self.string()
        elif first == "[":
            self.array(path)
        elif first == "{":
            self.inline_table(path)
        else:
            while self.at < len(self.text) and self.peek() not in _BARE_END:
                self.at += 1

    def array(self, path: Path) -> None:
        self.step(1)
        index = 0
        while self.skip_blank() and self.peek() != "]":
            if self.peek() == ",":
                self.step(1)
                continue
            self.lines[(*path, index)] = self.line
            self.value((*path, index))
            index += 1
        self.step(1)

    def inline_table(self, path: Path) -> None:
        self.step(1)
        while self.skip_blank() and self.peek() != "}":
            if self.peek() == ",":
                self.step(1)
                continue
            self.pair(path)
        self.step(1)

    def string(self) -> None:
        quote = self.peek()
        if self.text.startswith(quote * 3, self.at):
            self.long_string(quote)
            return
        self.step(1)
        while self.peek() != quote:
            self.step(2 if self.peek() == "\\" and quote == '"' else 1)
        self.step(1)

    def long_string(self, quote: str) -> None:
        self.step(3)
        while not self.text.startswith(quote * 3, self.at):
            self.step(2 if self.peek() == "\\" and quote == '"' else 1)
        self.step(3)
        extra = 0  # the text may itself end with one or two quotes before the closing three
        while self.peek() == quote and extra < 2:
            self.step(1)
            extra += 1

    def skip_space(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in _SPACE:
            self.at += 1

    def skip_blank(self) -> bool:
        """Pass blanks, line ends and comments; False at the end of the text."""
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif char in _SPACE or char == "\n":
                self.step(1)
            else:
                return True
        return False

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def step(self, count: int) -> None:
        self.line += self.text.count("\n", self.at, self.at + count)
        self.at += count
