"""How the index keeps what search counts by whole words: keywords, and values beside their names.

The parts of such a text are joined by `BETWEEN`. `indexing` writes them, as did the migration that
brought them here; search reads them.
"""

from __future__ import annotations

from typing import Final, Protocol

from qiantang.kernel.text import Text

BETWEEN: Final = "\x1f"
"""The separator of units, which nobody types."""


class Says(Protocol):
    """What is read of an entry."""

    provider_code: str
    provider_zh: str
    provider_en: str
    licence_zh: str
    licence_en: str
    keywords_zh: list[str]
    keywords_en: list[str]


def provider_kept(entry: Says) -> str:
    """The provider's code and its names; empty without a code."""
    return _named(entry.provider_code, entry.provider_zh, entry.provider_en)


def licence_kept(entry: Says) -> str:
    """The licence's names, before them the Chinese one (or the only one) as its value: no register
    here numbers licences. Empty without one."""
    return _named(entry.licence_zh or entry.licence_en, entry.licence_zh, entry.licence_en)


def keywords_kept(entry: Says) -> str:
    """The keywords in both languages, each once."""
    words = (_plain(word) for word in (*entry.keywords_zh, *entry.keywords_en) if word)
    return BETWEEN.join(dict.fromkeys(words))


def parts(kept: str) -> list[str]:
    """What was joined, such as the keywords of an entry."""
    return kept.split(BETWEEN) if kept else []


def value_of(kept: str) -> str:
    """The value that stands before its names."""
    return kept.partition(BETWEEN)[0]


def name_of(kept: str) -> Text:
    """The names behind a value; one language stands in for the other, the value for both."""
    value, zh, en = parts(kept)
    return Text(zh or en or value, en or zh or value)


def _named(value: str, *names: str) -> str:
    return BETWEEN.join(map(_plain, (value, *names))) if value else ""


def _plain(text: str) -> str:
    return text.replace(BETWEEN, " ")
