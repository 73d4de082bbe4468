"""Whether decoded text is text: GB18030 gives a character for nearly any bytes.

Text in another encoding comes out of it as rare characters in a row, and as letters of several
scripts mixed. EUC-KR comes out as everyday characters, but all of them from the first half of GB
2312's alphabet, where Korean has its syllables; EUC-JP keeps its kana, of which no Chinese text has
many. Everyday characters are those of GB 2312 and of the frequently used level of Big5 (traditional
forms); the rare ones of names stand alone between everyday ones.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Final

MOST_LOOKED_AT: Final = 20_000
_FEW: Final = 4
"""So many odd pairs are needed before anything is said."""
_ODD_PAIRS: Final = 0.35
"""Of pairs of characters. On the texts of this part's tests, Big5 and Shift-JIS read as GB18030
give 0.5 and more; GB18030 gives 0.16 for nothing but names with rare characters, else 0."""
_SYLLABLES: Final = range(0xB0, 0xC9)
"""First bytes of Hangul in EUC-KR (KS X 1001, rows 16 to 40). In 1,902 stretches of Chinese texts
with 30 different characters each, 0.8 of them at most begin so."""
_OF_SYLLABLES: Final = 0.95
_DIFFERENT: Final = 30
_KANA: Final = 0.2
_FEWEST_KANA: Final = 20
_RARE: Final = "rare"
_RUN: Final = re.compile(r"[^\x00-\x7f]{2,500}")


def odd_share(text: str) -> float:
    """The share of neighbouring pairs beyond ASCII that no text has: two rare characters, or one
    beside a letter of a foreign script, or letters of two scripts. 0 where there are few."""
    pairs = odd = 0
    for run in _RUN.finditer(text):
        kinds = [_kind(char) for char in run[0]]
        pairs += len(kinds) - 1
        odd += sum(
            a == b == _RARE or (a != b and "plain" not in (a, b)) for a, b in pairwise(kinds)
        )
        if pairs >= MOST_LOOKED_AT:
            break
    return odd / pairs if odd >= _FEW else 0.0


def is_odd(text: str) -> bool:
    """Whether this cannot be the encoding that the text was written in."""
    return odd_share(text) >= _ODD_PAIRS


def other_script(text: str) -> str:
    """The encoding of another script of which this may be what GB18030 makes: EUC-KR, EUC-JP, or ""
    where it may not."""
    letters = [c for run in _RUN.findall(text) for c in run if c.isalpha()][:MOST_LOOKED_AT]
    kana = sum("\u3041" <= c <= "\u30fe" for c in letters)
    if kana >= max(_FEWEST_KANA, _KANA * len(letters)):
        return "EUC-JP"
    codes = [c.encode("gb2312", "ignore") for c in set(letters)]
    first = [code[0] for code in codes if code and code[0] >= _SYLLABLES.start]
    own = sum(byte in _SYLLABLES for byte in first)
    return "EUC-KR" if len(first) >= _DIFFERENT and own >= _OF_SYLLABLES * len(first) else ""


def likely_encoding(data: bytes) -> str:
    """The encoding, of those that are confused with GB18030, under which the bytes are plain text;
    "" where there is none."""
    for name in ("big5hkscs", "cp932", "euc_kr"):
        text = data.decode(name, "replace")
        beyond = sum(c > "\x7f" for c in text)
        if beyond and text.count("\ufffd") * 50 <= beyond and not _is_odd_in(text, name):
            return {"big5hkscs": "Big5", "cp932": "Shift-JIS", "euc_kr": "EUC-KR"}[name]
    return ""


def _is_odd_in(text: str, name: str) -> bool:
    """Japanese and Korean have letters of their own between the characters."""
    if name == "big5hkscs":
        return is_odd(text)
    script = ("HANGUL",) if name == "euc_kr" else ("HIRAGANA", "KATAKANA")
    letters = [c for run in _RUN.findall(text) for c in run][:MOST_LOOKED_AT]
    own = sum(unicodedata.name(c, "").startswith(script) for c in letters)
    return own * 10 < len(letters)


@lru_cache(maxsize=70_000)
def _kind(char: str) -> str:
    """``plain`` for everyday characters and signs, ``rare``, or the script of a letter."""
    if "\ue000" <= char <= "\uf8ff":
        return _RARE
    if not unicodedata.category(char).startswith("L"):
        return "box" if "\u2500" <= char <= "\u257f" else "plain"
    name = unicodedata.name(char, "")
    if not name.startswith("CJK"):
        return name.split(" ", 1)[0].replace("KATAKANA", "HIRAGANA").replace("FULLWIDTH", "plain")
    simple, traditional = char.encode("gb2312", "ignore"), char.encode("big5", "ignore")
    everyday = simple or (traditional and 0xA4 <= traditional[0] <= 0xC6)
    return "plain" if everyday or char == "〇" else _RARE
