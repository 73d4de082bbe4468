"""Identifiers in columns: known numbers, faults in every place, and python-stdnum as a judge."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from qiantang.engine.quality.errors import IdentifierUnknown
from qiantang.engine.quality.identifier_columns import known_divisions
from qiantang.engine.quality.identifier_kinds import check_of, name_of
from qiantang.kernel.identifiers import CREDIT_ALPHABET, credit_check, resident_check
from qiantang.packkit.identifier_kinds import IDENTIFIERS

ON = date(2021, 6, 1)


def judge(kind: str, text: str) -> str | set[str]:
    """The normal form, or the codes of what is wrong."""
    values, found = check_of(kind)(pl.Series([text, None], dtype=pl.String), ON)
    return {each.code for each in found} or str(values[0])


@pytest.mark.parametrize(
    ("kind", "text", "normal"),
    [
        ("cn.resident-id", "360426199101010071", "360426199101010071"),
        ("cn.resident-id", "11010519491231002X", "11010519491231002X"),
        ("cn.resident-id", "11010519491231002x", "11010519491231002X"),
        ("cn.resident-id", "110105491231002", "11010519491231002X"),
        ("cn.uscc", "91350100M000100Y43", "91350100M000100Y43"),
        ("cn.uscc", "91110000600037341l", "91110000600037341L"),
        ("cn.organisation-code", "60003734-1", "600037341"),
        ("cn.mobile", "+86 138-0013-8000", "13800138000"),
        ("cn.phone", "0571-87052345", "0571-87052345"),
        ("cn.phone", "057187052345", "0571-87052345"),
        ("cn.phone", "(0571)8705 2345", "0571-87052345"),
        ("cn.phone", "+86 571 8705-2345", "0571-87052345"),
        ("cn.phone", "0086(0571)87052345", "0571-87052345"),
        ("cn.phone", "86-10-62345678", "010-62345678"),
        ("cn.phone", "0571—88888888—8001", "0571-88888888-8001"),
        ("cn.phone", "0571-88888888转8001", "0571-88888888-8001"),
        ("cn.phone", "0571 88888888 ext. 8001", "0571-88888888-8001"),
        ("cn.phone", "0571-88888888(分机:8001)", "0571-88888888-8001"),
        ("cn.phone", "0571-88888888-8001", "0571-88888888-8001"),
        ("cn.phone", "0580-2061234", "0580-2061234"),
        ("cn.phone", "400 123 4567", "400-123-4567"),
        ("cn.phone", "4001234567", "400-123-4567"),
        ("cn.phone", "400-8888-888转2", "400-888-8888-2"),
        ("cn.phone", "800-820-1234", "800-820-1234"),
        ("cn.phone", "+86 138 0013 8000", "13800138000"),
        ("cn.phone", "013800138000", "13800138000"),
        ("cn.plate", "浙A·12345", "浙A12345"),
        ("cn.plate", "浙AD12345", "浙AD12345"),
        ("cn.vin", "1M8GDM9AXKP042788", "1M8GDM9AXKP042788"),
        ("cn.bank-card", "4111 1111 1111 1111", "4111111111111111"),
        ("iban", "GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432"),
        ("isbn", "978-7-301-04815-3", "9787301048153"),
        ("imo", "IMO 9319466", "9319466"),
        ("ean", "6901234567892", "6901234567892"),
    ],
)
def test_known_numbers(kind: str, text: str, normal: str) -> None:
    assert judge(kind, text) == normal


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("cn.resident-id", "360426199101010072", "id_check_digit"),
        ("cn.resident-id", "36042619910101007", "id_form"),
        ("cn.resident-id", "X60426199101010071", "id_form"),
        ("cn.resident-id", "330102199001010000", "digits_lost"),
        ("cn.uscc", "91350100M000100Y44", "id_check_digit"),
        ("cn.organisation-code", "600037342", "id_check_digit"),
        ("cn.uscc", "91350100I000100Y43", "id_form"),
        ("cn.mobile", "12800138000", "id_form"),
        ("cn.phone", "88888888", "id_form"),
        ("cn.phone", "0571-88888888、88888889", "id_form"),
        ("cn.phone", "0571-88888888-88888889", "id_form"),
        ("cn.phone", "0111-88888888", "id_form"),
        ("cn.phone", "400-12-34567890", "id_form"),
        ("cn.plate", "浙I12345", "id_form"),
        ("cn.vin", "1M8GDM9A0KP042788", "id_check_digit"),
        ("cn.bank-card", "4111111111111112", "id_check_digit"),
        ("iban", "GB82WEST12345698765433", "id_check_digit"),
    ],
)
def test_faults_are_named(kind: str, text: str, code: str) -> None:
    assert judge(kind, text) == {code}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("36042619910229001", "id_birth_date"),
        ("36042620210602001", "id_birth_date"),
        ("36042618500101001", "id_birth_date"),
        ("36042618901231001", "id_birth_date"),
        ("36042618910101001", None),
        ("36042619911301001", "id_birth_date"),
        ("99999919910101001", None),
        ("36999919910101001", "id_division"),
        ("33010419600101001", None),
    ],
)
def test_birth_and_division_must_be_real(body: str, code: str | None) -> None:
    """Jianggan (330104) was abolished in 2021: its people keep their numbers."""
    number = body + resident_check(body)
    assert judge("cn.resident-id", number) == ({code} if code else number)


def test_abolished_divisions_are_known() -> None:
    assert known_divisions()[[330104, 110103, 510202]].all()
    assert not known_divisions()[[999999, 330199]].any()


def test_an_unknown_kind_is_refused() -> None:
    for kind in ("cn.nothing", "os", "util", "_x", "numdb"):
        with pytest.raises(IdentifierUnknown):
            check_of(kind)


digits = st.text("0123456789", min_size=18, max_size=18)


@settings(deadline=None)
@given(st.lists(digits, max_size=20), st.sampled_from(["360426", "110105"]), st.booleans())
def test_resident_ids_agree_with_stdnum(numbers: list[str], place: str, mended: bool) -> None:
    numbers = [place + "1991" + n[10:] for n in numbers]
    if mended:
        numbers = [n[:17] + resident_check(n[:17]) for n in numbers]
    values, _ = check_of("cn.resident-id")(pl.Series(numbers, dtype=pl.String), ON)
    for number, value in zip(numbers, values, strict=True):
        right = ric.calc_check_digit(number) == number[17]
        assert right or value is None
        if ric.is_valid(number):
            assert value == number


@settings(deadline=None)
@given(st.lists(st.text(CREDIT_ALPHABET, min_size=17, max_size=17), max_size=20))
def test_credit_codes_agree_with_stdnum(bodies: list[str]) -> None:
    codes = [b[:2] + "330102" + b[8:] for b in bodies]
    codes = [b + credit_check(b) for b in codes] + [b + "0" for b in codes]
    values, _ = check_of("cn.uscc")(pl.Series(codes, dtype=pl.String), ON)
    for code, value in zip(codes, values, strict=True):
        if code[:8].isdigit():
            assert (value is not None) == uscc.is_valid(code)


def test_one_wrong_character_is_always_seen() -> None:
    good = "91350100M000100Y43"
    wrong = [
        good[:place] + letter + good[place + 1 :]
        for place in range(18)
        for letter in CREDIT_ALPHABET
        if letter != good[place]
    ]
    values, _ = check_of("cn.uscc")(pl.Series(wrong), ON)
    assert values.null_count() == len(wrong)


@pytest.mark.parametrize("kind", IDENTIFIERS)
def test_every_kind_that_packs_may_name_is_checked_and_has_a_name(kind: str) -> None:
    plain, found = check_of(kind)(pl.Series(["?"]), ON)
    assert plain.to_list() == [None]
    assert {each.code for each in found} == {"id_form"}
    assert kind not in name_of(kind).zh
