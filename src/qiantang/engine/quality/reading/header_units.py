"""Units as headers of columns write them, and the factor from them to the declared unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from qiantang.kernel.units import UNITS

_IN_BRACKETS: Final = re.compile(r"[(\[【〔〖]([^()\[\]【】〔〕〖〗]+)[)\]】〕〗]")
_LABEL: Final = re.compile(r"^\s*(?:(?:计量|金额|货币)?单位\s*:?)?\s*")
_BEHIND: Final = re.compile(r"[/_:,、;|\s](?:单位)?:?([^/_:,、;|\s()]+)$")
_RATE_BEHIND: Final = re.compile(r"(?:^|[_:,、;|\s])([^_:,、;|\s()]+/[^_:,、;|\s()]+)$")
_SHARE_BEHIND: Final = re.compile(r"[^\s(]([%‰‱])$")
_SCALE_BEHIND: Final = re.compile(
    r"[^\s(每/]((?:[十百千]?[万亿](?:元|美元|欧元|人|户|家|个|件|台|次|吨|平方米|公顷|千瓦时))|[百千]元)$"
)
"""A multiple right behind a name: 营业收入万元; 每万人 is none."""
_APART: Final = re.compile(r"[,、;\s]+")
_SCALES: Final = {
    "十": 1,
    "百": 2,
    "千": 3,
    "万": 4,
    "十万": 5,
    "百万": 6,
    "千万": 7,
    "亿": 8,
    "十亿": 9,
    "百亿": 10,
    "千亿": 11,
    "万亿": 12,
}
SIGNS: Final = {
    **dict.fromkeys(("¥", "cny", "rmb", "cn¥"), "元"),
    **dict.fromkeys(("$", "us$", "usd"), "美元"),
    **dict.fromkeys(("€", "eur"), "欧元"),
    **dict.fromkeys(("£", "gbp"), "英镑"),
    **dict.fromkeys(("円", "jpy", "jp¥"), "日元"),
    **dict.fromkeys(("hk$", "hkd"), "港元"),
    **dict.fromkeys(("mop$", "mop"), "澳门元"),
    **dict.fromkeys(("nt$", "twd"), "新台币"),
    **dict.fromkeys(("₩", "krw"), "韩元"),
    **dict.fromkeys(("s$", "sgd"), "新加坡元"),
    **dict.fromkeys(("a$", "aud"), "澳元"),
    **dict.fromkeys(("c$", "cad"), "加元"),
    **dict.fromkeys(("₽", "rub"), "卢布"),
    **dict.fromkeys(("₹", "inr"), "卢比"),
    **dict.fromkeys(("chf", "fr."), "瑞士法郎"),
}
"""Signs of currencies (ISO 4217 and those in use): they name the currency and no multiple of it."""
_ENGLISH: Final = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_ROUND: Final = re.compile(r"(1[0,]*0)\s*([^\d,].*)")
_ALIASES: Final = {
    **SIGNS,
    "圆": "元",
    "yuan": "元",
    "人民币": "元",
    "美金": "美元",
    "us dollars": "美元",
    "euros": "欧元",
    "percent": "%",
    "百分比": "%",
    "百分之": "%",
    "个百分点": "百分点",
    "m2": "平方米",
    "平米": "平方米",
    "km": "公里",
    "名": "人",
    "persons": "人",
    "people": "人",
    "households": "户",
    "enterprises": "家",
    "items": "个",
}
_SHARES: Final = {
    **dict.fromkeys(("‰", "千分比", "千分之", "千分之一"), ("‰", "share", "1e-3")),
    **dict.fromkeys(("‱", "万分之", "万分之一", "1/万", "/万"), ("‱", "share", "1e-4")),
    **dict.fromkeys(
        ("1/10万", "/10万", "1/十万", "/十万", "十万分之一", "10万分之一", "十万分之", "10万分之"),
        ("1/10万", "share", "1e-5"),
    ),
    **dict.fromkeys(("千分点", "个千分点"), ("千分点", "share difference", "1e-3")),
}
_OTHERS: Final = frozenset(
    (
        *(
            "吨",
            "千克",
            "公斤",
            "克",
            "毫克",
            "kg",
            "t",
            "公顷",
            "亩",
            "平方公里",
            "平方千米",
            "km2",
        ),
        *(
            "hm2",
            "立方米",
            "m3",
            "升",
            "毫升",
            "米",
            "厘米",
            "毫米",
            "海里",
            "千瓦",
            "千瓦时",
            "度",
        ),
        *("瓦", "焦耳", "吉焦", "吨标准煤", "标准煤", "标准箱", "TEU", "吨公里", "人公里", "人次"),
        *("人天", "倍", "小时", "天", "年", "月", "港元", "日元", "英镑", "港币", "°C", "摄氏度"),
        *("分贝", "dB", *(name for name in SIGNS.values() if name not in UNITS)),
    )
)
"""Units that no field declares, known so that they are not passed over."""
_COUNTED: Final = frozenset("辆套项篇所座栋幢床张条只头株羽艘架部门起例宗份册支片批单笔")
"""Words that count things, as 个 does."""
_LONGEST_UNIT: Final = 30
_LONGEST_NAME: Final = 500
"""A longer cell is no name of a column, and its end no unit."""
_TIMES: Final = frozenset(("年", "月", "日", "天", "小时", "季", "次"))


@dataclass(frozen=True, slots=True)
class Scaled:
    """A unit as read: ``factor`` of the base unit of ``dimension`` ("" for a bare 万)."""

    text: str
    dimension: str
    factor: Decimal

    def same_as(self, other: Scaled) -> bool:
        """Whether both mean the same, however they are written."""
        return (self.dimension, self.factor) == (other.dimension, other.factor)


def names_time(unit: Scaled) -> bool:
    """Whether it is a stretch of time or a multiple: 年, 天, 倍."""
    return unit.text in _TIMES or unit.text == "倍"


def read_unit(text: str) -> Scaled | None:
    """万元, 亿元, 千人, 万, %, ‰, 1/10万, 百万元人民币, 元/人 ...; None when it is no unit."""
    return _read(text) if len(text) <= _LONGEST_UNIT else None


@lru_cache(maxsize=4096)
def _read(text: str) -> Scaled | None:
    word = _plain(text)
    if word in _SHARES:
        symbol, dimension, factor = _SHARES[word]
        return Scaled(symbol, dimension, Decimal(factor))
    return _named(word) or _multiple(word) or _rate(word)


def _plain(text: str) -> str:
    word = unicodedata.normalize("NFKC", text).strip()
    word = re.sub(r"^(?:人民币|RMB|CNY)\s*:?(?=.)|(?<=.)\s*(?:人民币|RMB|CNY)$", "", word).strip()
    word = re.sub(r"^[以按](.+?)(?:计|计算|为单位)$", r"\1", word)
    return re.sub(r"^[+\-±、,/]*(?=%$)", "", word)


def _named(word: str) -> Scaled | None:
    known = UNITS.get(_ALIASES.get(word, word)) or UNITS.get(_ALIASES.get(word.lower(), word))
    if known:
        return Scaled(known.symbol, known.dimension, known.factor)
    if word in _COUNTED:
        return Scaled(word, "count", Decimal(1))
    word = SIGNS.get(word.lower(), word)
    return Scaled(word, word, Decimal(1)) if word in _OTHERS else None


def _multiple(word: str) -> Scaled | None:
    """A unit behind a scale: 千人, 万, 10万元, 10,000 yuan, million yuan."""
    found = _ROUND.fullmatch(word)
    base = read_unit(found[2]) if found else None
    if found and base and base.dimension != "share" and base.text not in _OTHERS:
        times = Decimal(found[1].replace(",", ""))
        return Scaled(word, base.dimension, times * base.factor)
    for length in (2, 1):
        scale, rest = word[:length], word[length:]
        if scale not in _SCALES:
            continue
        factor = Decimal(10) ** _SCALES[scale]
        if not rest:
            return Scaled(word, "", factor)
        if base := _named(rest):
            return Scaled(word, base.dimension, factor * base.factor)
    first, _, rest = word.partition(" ")
    if first.lower() in _ENGLISH and (base := _named(rest)):
        factor = Decimal(10) ** _ENGLISH[first.lower()]
        return Scaled(word, base.dimension, factor * base.factor)
    return None


def _rate(word: str) -> Scaled | None:
    """元/人 measures money for whoever declares money; 人/万人 is a kind of its own."""
    above, stroke, below = word.partition("/")
    if not stroke or "/" in below:
        return None
    one, per = _named(above) or _multiple(above), _named(below) or _multiple(below)
    if below in _TIMES:
        return Scaled(word, one.dimension, one.factor) if one else None
    if one is None or per is None or not one.dimension or "share" in (one.dimension, per.dimension):
        return None
    if per.factor == 1:
        return Scaled(word, one.dimension, one.factor)
    return Scaled(word, f"{one.dimension} per {below}", one.factor)


def unit_of_header(name: str) -> Scaled | None:
    """The unit that a header cell states: in brackets, behind a stroke or blank, or as % at its
    end."""
    plain = unicodedata.normalize("NFKC", name[:_LONGEST_NAME]).strip()
    return next((unit for words in _places(plain) if (unit := _only(words))), None)


def _places(plain: str) -> Iterator[list[str]]:
    for inside in reversed(_IN_BRACKETS.findall(plain)):
        word = _LABEL.sub("", inside)
        yield [word]
        yield _APART.split(word)
    for pattern in (_RATE_BEHIND, _BEHIND, _SHARE_BEHIND, _SCALE_BEHIND):
        if found := pattern.search(plain):
            yield [found[0].strip()] if found[0].startswith("/") else []
            yield [found[1]]


def _only(words: list[str]) -> Scaled | None:
    """The one unit among words, of which others say something else (万元、含税). Several of them
    (元、%) are a unit of their own kind, which converts to none."""
    units = [unit for unit in map(read_unit, words) if unit]
    if not units or all(unit.same_as(units[0]) for unit in units):
        return units[0] if units else None
    said = "、".join(unit.text for unit in units)
    return Scaled(said, said, Decimal(1))


def without_label(text: str) -> str:
    """What follows 单位： or its like, where a unit may stand."""
    return _LABEL.sub("", unicodedata.normalize("NFKC", text))


def without_unit(name: str) -> str:
    """The header without a unit that stands behind its name: 金额 万元 and 金额万元 are 金额."""
    plain = unicodedata.normalize("NFKC", name).strip()
    found = _RATE_BEHIND.search(plain) or _BEHIND.search(plain)
    if found and read_unit(found[1]):
        before = plain[: found.start()]
        # 单位：万元 is a statement, not a column called 单位.
        return before if without_label(before) else name
    joined = _SHARE_BEHIND.search(plain) or _SCALE_BEHIND.search(plain)
    return plain[: joined.start(1)] if joined else name


def factor_between(found: Scaled, declared: str | None) -> Decimal | None:
    """What a figure in ``found`` is multiplied by to be in ``declared``; None: not comparable."""
    target = read_unit(declared) if declared else None
    if target is None:
        return found.factor if found.dimension == "" or not declared else None
    if found.dimension == "":
        return found.factor / _own_scale(target.text)
    return found.factor / target.factor if found.dimension == target.dimension else None


def _own_scale(word: str) -> Decimal:
    """The scale that a unit begins with: what a bare 万 says already, where 万元 is declared."""
    for length in (2, 1):
        if word[:length] in _SCALES and word[length:] in UNITS:
            return Decimal(10) ** _SCALES[word[:length]]
    return Decimal(1)
