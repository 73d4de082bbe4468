"""Which check a field's ``identifier`` asks for, and the parts of a resident id to compare.

Besides the kinds that packs name, any module of python-stdnum may be asked for by its name:
``iban``, ``isbn``, ``imo``, ``luhn``, ``ean``, ``cn.loc`` ...
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import Any, Final

import polars as pl

from qiantang.engine.quality.cleaning.cleaned import Finding, by_distinct
from qiantang.engine.quality.errors import IdentifierUnknown
from qiantang.engine.quality.identifier_columns import check_credit_codes, check_resident_ids
from qiantang.engine.quality.phone_numbers import MOBILE, PHONE, tidy_mobile, tidy_phone
from qiantang.kernel.identifiers import (
    VIN_VALUES,
    is_organisation_code,
    luhn_holds,
    vehicle_check,
)
from qiantang.kernel.text import Text
from qiantang.packkit import identifier_kinds as kinds

Checked = tuple[pl.Series, list[Finding]]
Check = Callable[[pl.Series, date], Checked]

_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATE_INSIDE: Final = (
    rf"[{_PROVINCES}][A-HJ-NP-Z](?:[DFABCEGHJK][A-HJ-NP-Z0-9]\d{{4}}|\d{{5}}[DFABCEGHJK]|"
    r"[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳试超])"
)
PLATE: Final = f"^(?:{PLATE_INSIDE})$"

NAMES: Final = {
    kinds.RESIDENT_ID: Text("公民身份号码", "resident id"),
    "cn.ric": Text("公民身份号码", "resident id"),
    kinds.USCC: Text("统一社会信用代码", "unified social credit code"),
    kinds.ORGANISATION_CODE: Text("组织机构代码", "organisation code"),
    kinds.VIN: Text("车辆识别代号", "vehicle identification number"),
    kinds.BANK_CARD: Text("银行卡号", "bank card number"),
    kinds.MOBILE: Text("手机号码", "mobile phone number"),
    kinds.PHONE: Text("电话号码", "phone number"),
    kinds.PLATE: Text("车牌号码", "vehicle plate"),
}


_ADVICE: Final = {
    kinds.RESIDENT_ID: Text(
        "请对照身份证核对：18 位，末位可为 X。",
        "Compare with the identity card: 18 characters, the last may be X.",
    ),
    kinds.USCC: Text(
        "请对照营业执照核对：18 位数字和大写字母，不用 I、O、S、V、Z。",
        "Compare with the licence: 18 digits and capitals, none of I, O, S, V, Z.",
    ),
    kinds.MOBILE: Text(
        "请填写 11 位手机号码，一格一个。", "Give a mobile number of 11 digits, one in a cell."
    ),
    kinds.PHONE: Text(
        "固定电话请带区号，如 0571-88888888，分机写作 0571-88888888-8001；手机、400 和 800 "
        "号码也可以。一格一个号码。",
        "Give a landline with its area code, such as 0571-88888888, with an extension "
        "0571-88888888-8001; mobile, 400 and 800 numbers will do, too. One number in a cell.",
    ),
}
_COMPARE: Final = Text(
    "请对照原件核对位数和字符。", "Compare length and characters with the original."
)


def advice_on(kind: str) -> Text:
    """What to do about a number that does not have the form of its kind."""
    return _ADVICE.get(kinds.RESIDENT_ID if kind == "cn.ric" else kind, _COMPARE)


def name_of(kind: str) -> Text:
    """What people call an identifier of this kind."""
    known = NAMES.get(kind) or kinds.IDENTIFIERS.get(kind)
    return known or Text(f"{kind} 号码", f"{kind} number")


def check_of(kind: str) -> Check:
    """The check for a kind of identifier. Raises `IdentifierUnknown`."""
    if kind in {kinds.RESIDENT_ID, "cn.ric"}:
        return check_resident_ids
    if kind == kinds.USCC:
        return lambda texts, _: check_credit_codes(texts)
    if kind in _BY_PATTERN:
        tidy, pattern = _BY_PATTERN[kind]
        return lambda texts, _: _matched(tidy(texts), pattern)
    read = _BY_TEXT.get(kind) or _standard(kind)
    return lambda texts, _: _each(texts, read)


def _joined(texts: pl.Series) -> pl.Series:
    return texts.str.replace_all(r"[\s\-·•.]", "").str.to_uppercase()


_BY_PATTERN: Final[dict[str, tuple[Callable[[pl.Series], pl.Series], str]]] = {
    kinds.MOBILE: (tidy_mobile, MOBILE),
    kinds.PHONE: (tidy_phone, PHONE),
    kinds.PLATE: (_joined, PLATE),
}


def _matched(plain: pl.Series, pattern: str) -> Checked:
    wrong = (~plain.str.contains(pattern)).fill_null(value=False).arg_true()
    if not wrong.len():
        return plain, []
    return plain.scatter(wrong, None), [Finding("id_form", wrong)]


def _each(texts: pl.Series, read: Callable[[str], str | None]) -> Checked:
    """Kinds without a check for whole columns: each distinct value once."""
    plain = by_distinct(texts, read)
    form = texts.is_not_null() & plain.is_null()
    check = (plain == "").fill_null(value=False)
    found = [
        Finding(code, mask.arg_true())
        for code, mask in (("id_form", form), ("id_check_digit", check))
        if mask.any()
    ]
    return plain.set(check, None), found


def _standard(kind: str) -> Callable[[str], str | None]:
    """By python-stdnum: the normal form; "" when only the check digit is wrong, else None."""
    module, invalid_check, invalid = _module(kind)

    def read(text: str) -> str | None:
        try:
            return str(module.validate(text))
        except invalid_check:
            return ""
        except invalid:
            return None

    return read


@lru_cache(maxsize=64)
def _module(kind: str) -> tuple[Any, Any, Any]:
    from stdnum import exceptions

    words = kind.replace("-", "_").split(".")
    if not all(word.isidentifier() and not word.startswith("_") for word in words):
        raise IdentifierUnknown(found=kind)
    try:
        module = import_module("stdnum." + ".".join(words))
    except ImportError:
        raise IdentifierUnknown(found=kind) from None
    if not hasattr(module, "validate"):
        raise IdentifierUnknown(found=kind)
    return module, exceptions.InvalidChecksum, exceptions.ValidationError


def _bank_card(text: str) -> str | None:
    plain = text.replace(" ", "").replace("-", "")
    if not (plain.isdecimal() and plain.isascii() and 13 <= len(plain) <= 19):
        return None
    return plain if luhn_holds(plain) else ""


def _organisation(text: str) -> str | None:
    plain = text.replace("-", "").replace(" ", "").upper()
    if len(plain) != 9 or not plain.isascii() or not plain.isalnum():
        return None
    return plain if is_organisation_code(plain) else ""


def _vehicle(text: str) -> str | None:
    plain = text.replace(" ", "").upper()
    if len(plain) != 17 or any(letter not in VIN_VALUES for letter in plain):
        return None
    return plain if vehicle_check(plain) == plain[8] else ""


_BY_TEXT: Final[dict[str, Callable[[str], str | None]]] = {
    kinds.BANK_CARD: _bank_card,
    kinds.ORGANISATION_CODE: _organisation,
    kinds.VIN: _vehicle,
}
