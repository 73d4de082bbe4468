"""Identifiers with a fixed form: administrative divisions, resident ids, credit codes, cards.

Each function takes text as people write it, gives the normal form, and raises an error that says
which part is wrong. Whole columns are checked by `engine.quality`, with the same tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from qiantang.kernel.errors import Invalid
from qiantang.kernel.periods import CHINA_TIME
from qiantang.kernel.text import Text

_DIVISION = re.compile(r"[1-9]\d{5}", re.ASCII)
_RESIDENT = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
_OLD_RESIDENT = re.compile(r"[1-9]\d{14}", re.ASCII)
_ORGANISATION = re.compile(r"[0-9A-Z]{8}[\dX]", re.ASCII)

RESIDENT_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECKS: Final = "10X98765432"
CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
VIN_VALUES: Final = dict(
    zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
        (*range(10), *range(1, 9), 1, 2, 3, 4, 5, 7, 9, *range(2, 10)), strict=True)
)  # fmt: skip
VIN_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VIN_CHECKS: Final = "0123456789X"
OLDEST: Final = 130
"""Years; the oldest person whose age was verified lived for 122."""
FOREIGN_RESIDENT: Final = "9"
"""First digit of a foreigner's permanent residence id; the next five are no division."""


class BadDivisionCode(Invalid):
    code = "kernel.bad_division_code"
    title = Text(zh="行政区划代码错误", en="Malformed division code")
    detail = Text(zh="“{found}”不是行政区划代码。", en='"{found}" is not a division code.')
    hint = Text(
        zh="请填写 6 位数字代码，如 330100（杭州市）。",
        en="Give the six-digit code, such as 330100 (Hangzhou).",
    )


class BadResidentId(Invalid):
    code = "kernel.bad_resident_id"
    title = Text(zh="公民身份号码错误", en="Wrong resident id")
    detail = Text(zh="公民身份号码有误：{found}。", en="The resident id is wrong: {found}.")
    hint = Text(
        zh="请对照证件核对 18 位号码。", en="Compare all 18 characters with the identity card."
    )


class BadCreditCode(Invalid):
    code = "kernel.bad_credit_code"
    title = Text(zh="统一社会信用代码错误", en="Wrong unified social credit code")
    detail = Text(zh="统一社会信用代码有误：{found}。", en="The credit code is wrong: {found}.")
    hint = Text(
        zh="请对照营业执照核对 18 位代码；代码中没有字母 I、O、S、V、Z。",
        en="Compare all 18 characters with the licence; I, O, S, V and Z do not occur.",
    )


_LENGTH: Final = Text("应为 18 位", "18 characters are needed")
_CHARACTERS: Final = Text("含有不允许的字符", "a character is not allowed")
_CHECK: Final = Text("校验码不符", "the check character does not fit")
_BIRTH: Final = Text(
    "出生日期不存在、晚于今天或早于 130 年前",
    "the date of birth does not exist, is to come, or is over 130 years ago",
)


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A resident id of GB 11643 in its 18 characters, with what it says of the person."""

    text: str

    @property
    def division(self) -> str:
        """The division where the id was first given, which may have been abolished since."""
        return self.text[:6]

    @property
    def birth(self) -> date:
        return date(int(self.text[6:10]), int(self.text[10:12]), int(self.text[12:14]))

    @property
    def sex(self) -> str:
        """GB/T 2261.1: ``1`` male, ``2`` female."""
        return "1" if int(self.text[16]) % 2 else "2"


def division_code(text: str) -> str:
    """The six digits of GB/T 2260. Raises `BadDivisionCode`."""
    code = text.strip()
    if not _DIVISION.fullmatch(code):
        raise BadDivisionCode(found=text)
    return code


def division_level(code: str) -> str:
    """``province`` (330000), ``city`` (330100) or ``county`` (330102), from the code's zeros."""
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def division_stem(code: str) -> str:
    """What the codes of a division and of everything below it begin with: 330100 -> 3301
    (GB/T 2260: a city's code begins as its province's, a county's as its city's)."""
    return code.removesuffix("00").removesuffix("00") if len(code) == 6 else code


def resident_id(text: str, on: date | None = None) -> ResidentId:
    """Read a resident id of 18 or, from before 1999, 15 characters, of a person who may live on the
    day (today). Raises `BadResidentId`.

    The old form has two digits of the year, always of the twentieth century, and no check
    character; it is given back in the new form.
    """
    plain = text.strip().upper()
    if _OLD_RESIDENT.fullmatch(plain):
        body = f"{plain[:6]}19{plain[6:]}"
        plain = body + resident_check(body)
    if len(plain) != 18:
        raise BadResidentId(found=_LENGTH)
    if not _RESIDENT.fullmatch(plain):
        raise BadResidentId(found=_CHARACTERS)
    if plain[17] != resident_check(plain[:17]):
        raise BadResidentId(found=_CHECK)
    found = ResidentId(plain)
    today = on or datetime.now(CHINA_TIME).date()
    try:
        if found.birth > today or found.birth.year < today.year - OLDEST:
            raise BadResidentId(found=_BIRTH)
    except ValueError:
        raise BadResidentId(found=_BIRTH) from None
    return found


def resident_check(body: str) -> str:
    """The check character for the first 17 digits (ISO 7064, MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, RESIDENT_WEIGHTS, strict=True))
    return RESIDENT_CHECKS[total % 11]


def credit_code(text: str) -> str:
    """A unified social credit code of GB 32100-2015, upper case. Raises `BadCreditCode`."""
    plain = text.strip().upper()
    if len(plain) != 18:
        raise BadCreditCode(found=_LENGTH)
    letters = any(letter not in CREDIT_ALPHABET for letter in plain)
    if letters or not (plain[2:8].isdecimal() and plain[2:8].isascii()):
        raise BadCreditCode(found=_CHARACTERS)
    if plain[17] != credit_check(plain[:17]):
        raise BadCreditCode(found=_CHECK)
    return plain


def credit_check(body: str) -> str:
    """The check character for the first 17 characters of a credit code."""
    places = (CREDIT_ALPHABET.index(letter) for letter in body)
    total = sum(place * weight for place, weight in zip(places, CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[-total % 31]


def organisation_check(body: str) -> str:
    """The check character for the eight characters of an organisation code (GB 11714)."""
    total = sum(
        int(letter, 36) * weight for letter, weight in zip(body, ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X"[-total % 11]


def is_organisation_code(text: str) -> bool:
    """Whether ``text``, upper case without hyphen, is a sound organisation code."""
    return bool(_ORGANISATION.fullmatch(text)) and organisation_check(text[:8]) == text[8]


def vehicle_check(text: str) -> str:
    """The check character of a vehicle's 17 characters (GB 16735), which belongs ninth; what stands
    there weighs nothing. Upper case without I, O and Q."""
    total = sum(
        VIN_VALUES[letter] * weight for letter, weight in zip(text, VIN_WEIGHTS, strict=True)
    )
    return VIN_CHECKS[total % 11]


def luhn_holds(digits: str) -> bool:
    """Whether the last digit checks the others (ISO/IEC 7812-1)."""
    if not (digits.isascii() and digits.isdecimal()):
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 * (doubled > 9)
    return total % 10 == 0
