"""How text becomes searchable words: one rule for what is stored and for what is asked.

A Chinese character is a word of its own, so that nothing depends on where a dictionary cuts, and
the same whether simplified or traditional (`han`); Latin letters and digits stay together.
`qiantang.rooms.catalogue` feeds these to FTS5 and to tsvector and asks for them as phrases.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from qiantang.kernel.han import folded

_HAN: Final = "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN: Final = re.compile(f"[{_HAN}]|[^\\W_{_HAN}]+")
_BREAK: Final = re.compile(f"[^\\w{_HAN}]+|_+")
_ONE_HAN: Final = re.compile(f"[{_HAN}]")


def normalised(text: str) -> str:
    """Full-width forms as half-width ones (NFKC), in lower case, in simplified characters."""
    return folded(unicodedata.normalize("NFKC", text).lower())


def tokens(text: str) -> list[str]:
    """``"2017年 GDP数据"`` -> ``["2017", "年", "gdp", "数", "据"]``; punctuation is dropped."""
    return _TOKEN.findall(normalised(text))


def phrases(query: str) -> tuple[tuple[str, ...], ...]:
    """The words of a query as they must stand next to each other, each once, in their order.

    Spaces and punctuation part words: ``"环境 空气质量"`` are two phrases.
    """
    parts = (tuple(_TOKEN.findall(part)) for part in _BREAK.split(normalised(query)))
    return tuple(dict.fromkeys(part for part in parts if part))


def has_han(text: str) -> bool:
    """Whether any of it is Chinese."""
    return any(is_han(letter) for letter in text)


def is_han(token: str) -> bool:
    """Whether a token is a Chinese character."""
    return _ONE_HAN.fullmatch(token) is not None


def joined(parts: Iterable[str]) -> str:
    """Tokens as a reader writes them: nothing between characters, a space between Latin words."""
    text = ""
    for part in parts:
        gap = text and not is_han(text[-1]) and not is_han(part)
        text += f" {part}" if gap else part
    return text
