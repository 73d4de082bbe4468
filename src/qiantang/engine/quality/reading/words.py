"""Words of headers and of rows under a table, folded so that equal meanings compare equal."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SPACES: Final = re.compile(r"[\s\u200b\ufeff]+")
_MARKS: Final = re.compile(r"[*＊:：_\-—.,，、;；/\\'\"“”‘’#]+")
_BRACKETED: Final = re.compile(r"[(\[{【〔<《][^)\]}】〕>》]*[)\]}】〕>》]")
_BRACKETS: Final = re.compile(r"[()\[\]{}【】〔〕<>《》]")

TOTAL_WORDS: Final = ("合计", "总计", "小计", "共计", "总合计", "本页小计", "本页合计", "累计")
TOTAL: Final = (
    r"^[\s【\[（(]*(?:(?:总\s*合|本页|全部)?\s*(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计)|(?i:grand total|sub-?total|total|sum))"
    r"\s*(?:[（(【\[][^）)】\]]*[）)】\]])?[\s】\]）):：]*$"
)
"""A leading cell that makes the row one of totals (for Rust's and Python's regex alike)."""
FOOTNOTE: Final = (
    r"^\s*(?:注|备注|附注|说明|填表说明|编制说明|资料来源|数据来源|制表人?|填表人|填报人|编制人|审核人?|复核人?|"
    r"经办人|负责人|单位负责人|统计负责人|填报单位|制表单位|编制单位|填表单位|报送单位|联系人|联系电话|"
    r"填表日期|填报日期|制表日期|报出日期|制表时间|打印日期|打印时间|(?i:notes?|source|prepared by))\s*"
    r"\d{0,2}\s*[:：].*"
)


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
