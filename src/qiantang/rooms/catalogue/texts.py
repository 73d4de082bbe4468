"""The words of entries in the database's own full-text index: FTS5 (SQLite), tsvector (PostgreSQL).

Both are fed the same tokens (`qiantang.kernel.words`) and asked for the same phrases; neither cuts
text by rules of its own. The table ``catalogue_text`` is written in the transaction that changes
the entry. Sections, the weightiest first: name, keywords, description, items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from qiantang.kernel.words import is_han

Keys = NDArray[np.int64]
Phrase = tuple[str, ...]
SECTIONS: Final = ("name", "keywords", "body", "items")
WEIGHTS: Final = (10.0, 6.0, 2.0, 1.0)
SHORTEST_PREFIX: Final = 3
"""A Latin word of this length or more also finds the words that begin with it."""
LONGEST_TOKEN: Final = 100
ONWARDS: Final = "*"
"""Behind the last word of a phrase that is asked for strictly: those that begin with it, too."""
GAP: Final = "\ue000"
"""A word that nobody can ask for: it stands between two texts of a section, so that no phrase runs
from one into the other. (Characters for private use are words to FTS5, to `kernel.words` not.)"""
_LETTERS: Final = ("A", "B", "C", "D")
_LAST_POSITION: Final = 16383
_MOST_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as the index takes it: groups must occur, by any of their alternatives; an
    alternative is phrases that must all occur. ``least``: so many of the groups are enough, 0 for
    every one. ``strict``: a word finds no longer ones, unless it ends with `ONWARDS`."""

    groups: tuple[tuple[tuple[Phrase, ...], ...], ...]
    least: int = 0
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of one entry, a list per section."""

    key: int
    sections: tuple[Sequence[str], ...]


def put(entries: Iterable[Words]) -> None:
    """Write or replace the words of entries."""
    rows = list(entries)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _MOST_AT_ONCE):
            part = rows[start : start + _MOST_AT_ONCE]
            if connection.vendor == "postgresql":
                cursor.executemany(_PUT_POSTGRESQL, [(w.key, _vector(w.sections)) for w in part])
            else:
                cursor.executemany(_PUT_SQLITE, [(w.key, *_columns(w.sections)) for w in part])


def found(asked: Asked, section: str = "", *, among: Keys | None = None) -> Keys:
    """The keys of every entry that matches, in the name alone when ``section`` is ``name``; those
    ``among`` a few alone."""
    sql, parameter = _matching(asked, section)
    if among is not None:
        column = "key" if connection.vendor == "postgresql" else "rowid"
        sql += f" AND {column} IN ({', '.join(str(int(key)) for key in among)})"
    with connection.cursor() as cursor:
        cursor.execute(sql, [parameter])
        row = cursor.fetchone()
    said = row[0] if row else None
    return np.fromstring(said, dtype=np.int64, sep=",") if said else np.empty(0, np.int64)


def scored(asked: Asked, limit: int) -> tuple[Keys, NDArray[np.float64]]:
    """Matching keys with a score, the best first, ``limit`` at most."""
    parameters: tuple[Any, ...]
    if connection.vendor == "postgresql":
        sql = _SCORED_POSTGRESQL
        parameters = (_groups(asked), _tsquery(asked, ""), limit)
    else:
        sql, parameters = _SCORED_SQLITE, (_match(asked, ""), limit)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    keys = np.array([row[0] for row in rows], np.int64)
    return keys, np.array([row[1] for row in rows], np.float64)


_PUT_SQLITE: Final = (
    "INSERT OR REPLACE INTO catalogue_text(rowid, name, keywords, body, items)"
    " VALUES (%s, %s, %s, %s, %s)"
)
_PUT_POSTGRESQL: Final = (
    "INSERT INTO catalogue_text(key, words) VALUES (%s, %s::tsvector)"
    " ON CONFLICT (key) DO UPDATE SET words = excluded.words"
)
_FOUND_SQLITE: Final = (
    "SELECT group_concat(rowid) FROM catalogue_text WHERE catalogue_text MATCH %s"
)
_FOUND_POSTGRESQL: Final = (
    "SELECT string_agg(key::text, ',') FROM catalogue_text WHERE words @@ %s::tsquery"
)
_SCORED_SQLITE: Final = (
    f"SELECT rowid, -bm25(catalogue_text, {', '.join(map(str, WEIGHTS))}) AS score"  # noqa: S608
    " FROM catalogue_text WHERE catalogue_text MATCH %s ORDER BY score DESC, rowid LIMIT %s"
)
_SCORED_POSTGRESQL: Final = (
    "SELECT key, (SELECT count(*) FROM unnest(%s::tsquery[]) AS one WHERE words @@ one)"
    " + ts_rank('{0.05, 0.1, 0.3, 1.0}', words, query, 1) AS score"
    " FROM catalogue_text, (SELECT %s::tsquery AS query) AS asked WHERE words @@ query"
    " ORDER BY score DESC, key LIMIT %s"
)
"""bm25 weighs how rare a word is, ts_rank does not: four times a frequent word would stand before
two of the words that were asked for, so it first counts these."""


def _matching(asked: Asked, section: str) -> tuple[str, str]:
    if connection.vendor == "postgresql":
        return _FOUND_POSTGRESQL, _tsquery(asked, section)
    return _FOUND_SQLITE, _match(asked, section)


def _match(asked: Asked, section: str) -> str:
    """FTS5's language: ``{name} : (("环 境") AND ("空 气" OR "大 气"))``."""

    def quoted(phrase: Phrase) -> str:
        words, onwards = _words(phrase, asked)
        text = '"' + " ".join(words) + '"'
        return f"{text} *" if onwards else text

    groups = [
        "(" + " OR ".join(_all(p, quoted, " AND ") for p in group) + ")" for group in asked.groups
    ]
    said = _enough(groups, asked.least, " AND ", " OR ")
    return f"{{{section}}} : ({said})" if section else said


def _tsquery(asked: Asked, section: str) -> str:
    """PostgreSQL's: ``('环':A <-> '境':A) & (('空':A <-> '气':A) | ('大':A <-> '气':A))``."""
    letter = _LETTERS[SECTIONS.index(section)] if section else ""

    def followed(phrase: Phrase) -> str:
        words, onwards = _words(phrase, asked)
        marks = [*[""] * (len(words) - 1), "*" if onwards else ""]
        return " <-> ".join(
            f"'{word}'" + (f":{mark}{letter}" if mark or letter else "")
            for word, mark in zip(words, marks, strict=True)
        )

    groups = [
        "(" + " | ".join(_all(p, followed, " & ") for p in group) + ")" for group in asked.groups
    ]
    return _enough(groups, asked.least, " & ", " | ")


def _groups(asked: Asked) -> list[str]:
    """What may be lacked, a query each; nothing where everything must occur."""
    return [
        _tsquery(Asked((group,), strict=asked.strict), "") for group in asked.groups if asked.least
    ]


def _enough(groups: Sequence[str], least: int, both: str, either: str) -> str:
    """All groups, or every choice of ``least`` of them."""
    choices = combinations(groups, least or len(groups))
    return either.join(f"({both.join(chosen)})" for chosen in choices)


def _all(phrases: tuple[Phrase, ...], said: Callable[[Phrase], str], between: str) -> str:
    return "(" + between.join(f"({said(phrase)})" for phrase in phrases) + ")"


def _words(phrase: Phrase, asked: Asked) -> tuple[list[str], bool]:
    """The words as the index keeps them, and whether those that begin with the last will do."""
    last = phrase[-1]
    onwards = last.endswith(ONWARDS) if asked.strict else _is_prefix(last)
    return [_code(token) for token in (*phrase[:-1], last.removesuffix(ONWARDS))], onwards


def _is_prefix(token: str) -> bool:
    return len(token) >= SHORTEST_PREFIX and not is_han(token) and token.isalpha()


def _code(token: str) -> str:
    """A token as both indexes keep it whole. FTS5 knows the characters of Unicode 6.1 only, so a
    rarer one is spelled by its number."""
    return "".join(c if ord(c) < 0x10000 else f"u{ord(c):x}" for c in token)[:LONGEST_TOKEN]


def _columns(sections: tuple[Sequence[str], ...]) -> Iterator[str]:
    return (" ".join(_code(token) for token in section) for section in sections)


def _vector(sections: tuple[Sequence[str], ...]) -> str:
    """A tsvector, written out: a gap between sections keeps phrases inside them."""
    places: dict[str, list[str]] = {}
    at = 0
    for section, letter in zip(sections, _LETTERS, strict=True):
        for token in section:
            at += 1
            if at <= _LAST_POSITION:
                places.setdefault(_code(token), []).append(f"{at}{letter}")
        at += 2
    return " ".join(f"'{token}':{','.join(where[:255])}" for token, where in places.items())
