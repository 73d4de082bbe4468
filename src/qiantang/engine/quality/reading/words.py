"""Words of headers and of rows under a table, folded so that equal meanings compare equal."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SPACES: Final = re.compile(r"[\s\u200b\ufeff]+")
_MARKS: Final = re.compile(r"[*＊:：_\-—.,，、;；/\\'\"“”‘’#]+")
_BRACKETED: Final = re.compile(r"[(\[{【〔<《][^)\]}】〕>》]*[)\]}】〕>》]")
_BRACKETS: Final = re.compile(r"[()\[\]{}【】〔〕<>《》]")

_SUM: Final = r"(?:总\s*合|本页|全部)?\s*(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计)"
_SUM_EN: Final = r"(?i:grand total|sub-?total|total|sum)"
_ASIDE: Final = r"(?:[（(【\[][^）)】\]]*[）)】\]])?"
TOTAL: Final = rf"^[\s【\[（(]*(?:{_SUM}|{_SUM_EN})\s*{_ASIDE}[\s】\]）):：]*$"
"""A leading cell that makes the row one of totals (for Rust's and Python's regex alike)."""
TOTAL_ALONE: Final = rf"^[\s【\[（(]*{_SUM}\s*{_ASIDE}[\s】\]）):：]*$"
"""The Chinese among them, which are the name of nothing else."""
_CALLED: Final = r"(?:小\s*计|合\s*计|总\s*计|共\s*计)"
_CALLED_EN: Final = r"(?i:grand\s+total|sub-?total)"
NAMED_TOTAL: Final = (
    rf"^\s*(?:\S.{{0,60}}?{_CALLED}|{_CALLED_EN}\s+\S.{{0,60}}|(?i:total\s+(?:of|for))\s+\S.{{0,60}}"
    rf"|\S.{{0,60}}\s{_CALLED_EN})\s*{_ASIDE}[\s】\]）):：]*$"
)
"""A total with the name of what it adds up: 甲局小计, 全市总计, Subtotal of goods."""
SUBTOTAL: Final = rf"^[\s【\[（(]*(?:\S.{{0,60}}?)?小\s*计\s*{_ASIDE}[\s】\]）):：]*$"
"""What is no category in any column of words, as 合计 may be."""
MAYBE_TOTAL: Final = r"^\s*\S.{0,60}(?:\s(?i:total)|汇\s*总)\s*$"
"""What Excel calls the totals that it puts between groups (甲局 汇总, Goods Total); a firm or a
paper may be called so too."""
ORDINALS: Final = frozenset({"序号", "行号", "no", "no."})
"""Columns that number the rows: nobody misses them."""
ASIDES: Final = ORDINALS | {"备注", "附注", "操作", "remark", "remarks", "note", "notes"}
"""Columns that are no figure or fact of the rows: they stand for no field that is missing."""
_NOTES: Final = "注|备注|附注|说明|填表说明|编制说明|资料来源|数据来源"
_PEOPLE: Final = "制表人?|填表人|填报人|编制人|审核人?|复核人?|经办人|负责人|单位负责人|统计负责人"
_REPORTERS: Final = "制表人?|填表人|填报人|编制人|审核人?|复核人|经办人|单位负责人|统计负责人"
_CALLS: Final = "联系人|联系电话"
_UNITS: Final = "单位|计量单位|金额单位|货币单位|数量单位"
_REPORTING: Final = "填报单位|制表单位|编制单位|填表单位|报送单位"
_OFFICES: Final = f"{_UNITS}|{_REPORTING}"
_DATES: Final = "填表日期|填报日期|制表日期|报出日期|制表时间|打印日期|打印时间"
_ENGLISH: Final = "(?i:notes?|source|prepared by)"
FOOTNOTE: Final = (
    rf"^\s*(?:{_NOTES}|{_PEOPLE}|{_CALLS}|{_OFFICES}|{_DATES}|{_ENGLISH})\s*\d{{0,2}}\s*[:：].*"
)
"""A leading cell that makes the row a note under the table."""
LABEL: Final = rf"^\s*(?:{_REPORTERS}|{_REPORTING}|{_DATES})\s*$"
"""A cell that says of the next one who reported, or when."""
FOOT: Final = re.compile(f"{TOTAL}|{FOOTNOTE}")
MAY_BE_FOOT: Final = r"计|汇|[:：]|(?i:total|sum)|(?:制表|审核|人|单位|日期|时间)\s*$"
"""What every text has that one of these forms fits: one look at most cells is enough."""


def folded(text: str) -> str:
    """Width, case, spaces and punctuation removed; the words in brackets stay."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _BRACKETS.sub("", _MARKS.sub("", _SPACES.sub("", plain)))


def bare(text: str) -> str:
    """As `folded`, without what stands in brackets (a unit, an explanation)."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _MARKS.sub("", _BRACKETED.sub("", _SPACES.sub("", plain)))


def cleaned(text: str) -> str:
    """A header cell as it is shown: lines joined, spaces at the ends removed."""
    return " ".join(text.split())
