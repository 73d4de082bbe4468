"""Texts that match a simple pattern, with the row number in their last run of digits."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from qiantang.engine.samples import texts
from qiantang.engine.samples.chance import Chance, Index

_PIECE: Final = re.compile(
    r"(?P<set>\[[^\]^]+\]|\\d)|(?P<letter>\\.|[^\[\](){}*+?|.^$\\])"
)  # fmt: skip
_TIMES: Final = re.compile(r"\{(\d+)(?:,(\d+)?)?\}")
_DIGITS: Final = frozenset("0123456789")


def texts_like(pattern: str, chance: Chance, label: str, rows: Index) -> pl.Series:
    """Texts for literals, sets and ``{n}``; a pattern with anything else gives bare numbers."""
    pieces = _pieces(pattern)
    if pieces is None:
        return texts.serial(rows + 1, 1)
    numbered = max((n for n, (s, *_) in enumerate(pieces) if set(s) == _DIGITS), default=-1)
    parts: list[pl.Series | str] = []
    for number, (letters, times, most) in enumerate(pieces):
        if number == numbered:
            parts.append(texts.serial((rows + 1) % 10**most, times))
        elif len(letters) == 1:
            parts.append(letters * times)
        else:
            for time in range(times):
                picked = chance.pick(f"{label}/{number}/{time}", rows, len(letters))
                parts.append(texts.words(letters, picked))
    return texts.joined(*parts)


def most_like(pattern: str) -> int | None:
    """How many rows get different texts; None where the pattern is not understood."""
    pieces = _pieces(pattern)
    if pieces is None:
        return None
    return max((10**n for s, _, n in pieces if set(s) == _DIGITS), default=1)


def _pieces(pattern: str) -> list[tuple[str, int, int]] | None:
    """Allowed letters, and how often at least and at most."""
    at = 0
    found: list[tuple[str, int, int]] = []
    while at < len(pattern):
        match = _PIECE.match(pattern, at)
        if match is None:
            return None
        at = match.end()
        times = _TIMES.match(pattern, at)
        if times:
            at = times.end()
        least = int(times[1]) if times else 1
        found.append((_letters(match), least, int(times[2] or least) if times else 1))
    return found


def _letters(match: re.Match[str]) -> str:
    if match["letter"]:
        return match["letter"][-1]
    if match["set"] == r"\d":
        return "0123456789"
    inner, letters, at = match["set"][1:-1], "", 0
    while at < len(inner):
        if inner[at + 1 : at + 2] == "-" and at + 2 < len(inner):
            letters += "".join(chr(c) for c in range(ord(inner[at]), ord(inner[at + 2]) + 1))
            at += 3
        else:
            letters += inner[at]
            at += 1
    return letters
