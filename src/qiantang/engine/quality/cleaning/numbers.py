"""Numbers as people write them, read exactly: 1,234.5; ￥1.2万; （300）; 12.5%; 1.5E+3.

A bare number is in the field's declared unit. A number with a unit of its own is brought to the
declared one by moving the decimal point in its text, so that no digit is lost on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from typing import Final

import polars as pl

from qiantang.engine.quality.cleaning.cleaned import Cleaned, Finding, by_distinct, put, unread
from qiantang.engine.quality.cleaning.note_marks import without_notes
from qiantang.engine.quality.cleaning.texts import MARKS
from qiantang.packkit.compiled import FieldType

ONE: Final = Decimal(1)
PLACES: Final = 8
INTEGER_DIGITS: Final = 20
DECIMAL: Final = pl.Decimal(INTEGER_DIGITS + PLACES, PLACES)
_TYPES: Final = {
    FieldType.INTEGER: pl.Int64(),
    FieldType.NUMBER: pl.Float64(),
    FieldType.DECIMAL: DECIMAL,
}
_PLAIN: Final = r"^[+-]?\d{1,18}(\.\d{1,8})?$"
_FLOATED: Final = (
    r"^[+-]?(?:\d{1,15}|\d{1,12}\.\d{1,3}|\d{1,9}\.\d{1,6}|\d{1,6}\.\d{1,9}|\d{1,3}\.\d{1,12})$"
)
"""Up to 15 digits, which a float always keeps."""
_SHAPE: Final = (
    r"^(?P<open>\()?(?:¥|人民币|RMB|CNY)?:?(?P<sign>[+-])?(?:¥|RMB|CNY)?"
    r"(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,40})?(?:\.(?P<part>\d{0,40}))?(?:[eE](?P<exp>[+-]?\d{1,2}))?"
    rf"(?P<unit>(?:[^\d,.()+\-{MARKS}][^\d,.()+\-]{{0,11}})?)(?P<close>\))?$"
)
_POWERS: Final = {"万亿": 12, "千亿": 11, "百亿": 10, "十亿": 9, "亿": 8, "千万": 7, "百万": 6,
                  "十万": 5, "万": 4, "千": 3, "百": 2, "十": 1}  # fmt: skip
_SHARES: Final = {"%": -2, "‰": -3, "‱": -4}
_POINTS: Final = {"百分点": -2, "个百分点": -2, "千分点": -3, "个千分点": -3}
_MONEY: Final = frozenset(
    {"元", "圆", "元整", "圆整", "人民币", "元人民币", "人民币元", "RMB", "CNY", "yuan"}
)
_SHOWN_DIGITS: Final = 5
_LONG: Final = 11
"""The exponent from which Excel's general format shows a whole number in scientific notation."""


_SURE: Final = 15
"""Significant digits that a float of 8 bytes keeps whatever they are (IEEE 754; C's DBL_DIG)."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """How values are kept: the type, whether what it cannot hold is rounded, and whether the digits
    were worked out here, so that nobody sent them."""

    kind: FieldType
    rounds: bool
    computed: bool


def read_numbers(
    plain: pl.Series,
    kind: FieldType,
    unit: str | None,
    factor: Decimal = ONE,
    *,
    rounds: bool = False,
    unmarked: bool = False,
) -> Cleaned:
    """Numbers of the field's type. ``plain`` is trimmed and in the compatibility form.

    ``factor`` is for bare numbers; one with a unit of its own says better what it is. ``rounds``: a
    person has settled that what the type cannot hold exactly is rounded to what it can;
    ``unmarked``: that marks of notes behind figures are left out.

    Codes: ``not_a_number``, ``figure_marked``, ``not_whole``, ``too_many_places``,
    ``number_too_large``, ``unit_unfit``, ``digits_lost``, ``digits_not_kept``, and
    ``rounded`` and ``mark_left_out``, which refuse nothing.
    """
    power = _power_of(factor)
    found = Cleaned(_quickly(plain, kind) if power == 0 else _nothing(plain.len(), kind))
    rows = unread(plain, found.values)
    if not rows.len():
        return found
    sent = plain.gather(rows)
    texts, parts, shift = _without_notes(sent, unit, power or 0)
    marked = parts["bad"] & texts.str.contains(rf"\d\s*[{MARKS}]")
    _note(found, "figure_marked", marked, (rows, texts.str.replace_all(rf"[{MARKS}]", "")))
    found.refuse("not_a_number", parts["bad"] & ~marked, rows)
    found.refuse("unit_unfit", ~parts["bad"] & shift.is_null(), rows)
    lost = _digits_lost(parts, kind)
    found.refuse("digits_lost", lost, rows)
    fit = ~parts["bad"] & shift.is_not_null() & ~lost
    noted = fit & (texts != sent)
    _note(found, "mark_left_out" if unmarked else "figure_marked", noted, (rows, texts))
    good = (fit if unmarked else fit & ~noted).arg_true()
    if good.len():
        shift = (shift + parts["exp"]).gather(good)
        digits = _shifted(parts[good], shift)
        if power is None:
            digits = _multiplied(digits, parts["unit"].gather(good) == "", factor)
        _typed(found, digits, rows.gather(good), _Kept(kind, rounds, computed=power is None))
    return found


def _without_notes(
    texts: pl.Series, unit: str | None, bare: int
) -> tuple[pl.Series, pl.DataFrame, pl.Series]:
    """The texts, those that cannot be read without marks of notes behind them; what they say, and
    the power of ten from their units."""
    parts = _parts(texts)
    shift = _powers(parts["unit"], unit, bare)
    odd = parts["bad"] | shift.is_null()
    plain = without_notes(texts) if odd.any() else texts
    plain = plain.zip_with(odd, texts)
    if (plain == texts).all():
        return texts, parts, shift
    parts = _parts(plain)
    return plain, parts, _powers(parts["unit"], unit, bare)


def _quickly(plain: pl.Series, kind: FieldType) -> pl.Series:
    """The values of texts that are plain numbers already."""
    if kind is FieldType.INTEGER:
        return plain.cast(pl.Int64, strict=False)
    simple = plain.str.contains(_FLOATED if kind is FieldType.NUMBER else _PLAIN)
    if simple.all():
        return plain.cast(_TYPES[kind], strict=False)
    return plain.zip_with(simple.fill_null(value=False), pl.Series([None], dtype=pl.String)).cast(
        _TYPES[kind], strict=False
    )


def _nothing(rows: int, kind: FieldType) -> pl.Series:
    return pl.Series([None], dtype=_TYPES[kind]).new_from_index(0, rows)


def _power_of(factor: Decimal) -> int | None:
    """The exponent of a factor that is a power of ten; None for others."""
    exponent = factor.adjusted()
    return exponent if factor == Decimal(1).scaleb(exponent) else None


def _parts(texts: pl.Series) -> pl.DataFrame:
    """Sign, digits before and after the point, exponent and unit; ``bad`` where not a number."""
    spaced = texts.str.contains(r"^\D*\d{1,3}( \d{3})+(\D.*)?$")
    tight = texts.str.replace_all(r"\s+(\D)", "$1").str.replace_all(r"(\D)\s+", "$1")
    tight = texts.str.replace_all(r"\s", "").zip_with(spaced, tight)
    tight = tight.str.replace_all("[−﹣–]", "-").str.replace("^'", "")
    found = tight.str.extract_groups(_SHAPE).struct.unnest()
    return found.select(
        bad=(pl.col("whole").is_null() & (pl.col("part").fill_null("") == ""))
        | (pl.col("open").is_null() != pl.col("close").is_null())
        | (pl.col("open").is_not_null() & pl.col("sign").is_not_null()),
        negative=(pl.col("sign") == "-").fill_null(value=False) | pl.col("open").is_not_null(),
        whole=pl.col("whole").fill_null("").str.replace_all(",", "", literal=True),
        part=pl.col("part").fill_null(""),
        exp=pl.col("exp").str.strip_prefix("+").cast(pl.Int32, strict=False).fill_null(0),
        unit=pl.col("unit").fill_null(""),
    )


def _powers(units: pl.Series, declared: str | None, bare: int) -> pl.Series:
    """For each unit written beside a number: the power of ten that leads to the declared unit."""
    known = units.unique()
    powers = [unit_power(unit, declared or "") if unit else bare for unit in known]
    found = pl.Series(powers, dtype=pl.Int32)
    return units.replace_strict(known, found, default=None, return_dtype=pl.Int32)


@lru_cache(maxsize=4096)
def unit_power(written: str, declared: str) -> int | None:
    """The power of ten from ``written`` to ``declared``; None when they do not go together.

    >>> unit_power("万元", "元"), unit_power("元", "万元"), unit_power("%", "")
    (4, -4, -2)
    """
    if not written or written == declared:
        return 0
    if written in _SHARES:
        if declared in _SHARES:
            return _SHARES[written] - _SHARES[declared]
        return _SHARES[written] if declared in {"", "index"} else None
    if written in _POINTS:
        return _POINTS[written] - _POINTS[declared] if declared in _POINTS else None
    power, base = _split_unit(written)
    own, own_base = _split_unit(declared)
    if base in _MONEY and own_base in {"", *_MONEY}:
        base = own_base
    return power - own if base in {"", own_base} and declared not in _SHARES else None


def _split_unit(unit: str) -> tuple[int, str]:
    for word, power in _POWERS.items():
        if unit.startswith(word):
            return power, unit.removeprefix(word)
    return 0, unit


def _digits_lost(parts: pl.DataFrame, kind: FieldType) -> pl.Series:
    """Scientific notation that Excel rounded when it wrote the file: zeros would be invented."""
    if kind is FieldType.NUMBER:
        return pl.repeat(value=False, n=parts.height, eager=True)
    places = parts["part"].str.len_chars().cast(pl.Int32)
    invented = parts["exp"] > places
    # A float of so many digits does not tell whole numbers apart any more.
    lost = (places >= _SHOWN_DIGITS) & invented | (places >= _SURE) & (parts["exp"] >= _SURE)
    # Excel itself writes whole numbers so from 12 digits on: a count or a number of something.
    return lost | invented & (parts["exp"] >= _LONG) if kind is FieldType.INTEGER else lost


def _shifted(parts: pl.DataFrame, power: pl.Series) -> pl.DataFrame:
    """Digits before and after the point once it has moved ``power`` places to the right."""
    frame = parts.with_columns(power=power, at=pl.int_range(pl.len()))
    moved = [_moved(group, group["power"][0]) for group in frame.partition_by("power")]
    return pl.concat(moved).sort("at")


def _moved(group: pl.DataFrame, power: int) -> pl.DataFrame:
    whole, part = pl.col("whole"), pl.col("part")
    if power > 0:
        padded = part.str.pad_end(power, "0")
        whole, part = whole + padded.str.slice(0, power), padded.str.slice(power)
    elif power < 0:
        padded = whole.str.pad_start(-power + 1, "0")
        head = padded.str.head(padded.str.len_chars().cast(pl.Int64) + power)
        whole, part = head, padded.str.tail(-power) + part
    return group.select(
        "at", "negative", whole=whole.str.strip_chars_start("0"), part=part.str.strip_chars_end("0")
    )


def _multiplied(digits: pl.DataFrame, bare: pl.Series, factor: Decimal) -> pl.DataFrame:
    """Bare numbers times a factor that is no power of ten; exact, each distinct number once."""
    with localcontext(prec=200):
        made = by_distinct(
            (digits["whole"] + "." + digits["part"]).filter(bare),
            lambda text: f"{Decimal('0' + text) * factor:f}",
        )
    at = bare.arg_true()
    parts = made.str.split_exact(".", 1).struct.unnest()
    whole = parts.to_series(0).str.strip_chars_start("0")
    part = parts.to_series(1).fill_null("").str.strip_chars_end("0")
    return digits.with_columns(put(digits["whole"], at, whole), put(digits["part"], at, part))


def _typed(found: Cleaned, digits: pl.DataFrame, rows: pl.Series, how: _Kept) -> None:
    """Put the values; refuse, or round, what the type cannot hold exactly."""
    kind = how.kind
    whole, part = digits["whole"], digits["part"]
    texts = digits.select(
        pl.when("negative").then(pl.lit("-")).otherwise(pl.lit(""))
        + pl.when(pl.col("whole") == "").then(pl.lit("0")).otherwise(pl.col("whole"))
        + pl.when(pl.col("part") == "").then(pl.lit("")).otherwise("." + pl.col("part"))
    ).to_series()
    large = whole.str.len_chars() > (300 if kind is FieldType.NUMBER else INTEGER_DIGITS)
    if kind is FieldType.NUMBER:
        long = (whole + part).str.len_chars() > _SURE
        kept = _floats(texts, long & ~large)
        wrong = (kept != texts).fill_null(value=False) & (not how.computed)
        code = "digits_not_kept"
    else:
        most = PLACES if kind is FieldType.DECIMAL else 0
        wrong = part.str.len_chars() > most
        kept = _rounded(texts, wrong & ~large, most) if how.rounds else texts
        code = "too_many_places" if most else "not_whole"
    if how.rounds:
        texts = texts.zip_with(~wrong, kept)
        _note(found, "rounded", wrong & ~large, (rows, kept))
        wrong = wrong & large
    elif kind is FieldType.NUMBER:
        _note(found, code, wrong, (rows, kept))
    else:
        found.refuse(code, wrong, rows)
    values = texts.zip_with(~(wrong | large), pl.Series([None], dtype=pl.String))
    values = values.cast(_TYPES[kind], strict=False)
    found.refuse("number_too_large", large | (values.is_null() & ~wrong), rows)
    found.values = put(found.values, rows, values)


def _note(found: Cleaned, code: str, wrong: pl.Series, said: tuple[pl.Series, pl.Series]) -> None:
    """A finding that says of each row what would be kept."""
    at = wrong.arg_true()
    if at.len():
        rows, kept = said
        found.findings.append(Finding(code, rows.gather(at), kept.gather(at)))


def _floats(texts: pl.Series, asked: pl.Series) -> pl.Series:
    """Plain numbers as a float keeps them, where ``asked``; written as sent where the float gives
    just these digits back: programs that hold floats print 17, though fewer tell them apart."""

    def kept(text: str) -> str:
        sent, near = Decimal(text), float(text)
        shown = Decimal(repr(near))
        digits = len(sent.as_tuple().digits)
        if sent == shown or sent == Decimal(f"{near:.{digits - 1}e}"):
            return text
        return f"{shown.to_integral() if shown == shown.to_integral() else shown:f}"

    at = asked.arg_true()
    return put(texts.clone(), at, by_distinct(texts.gather(at), kept))


def _rounded(texts: pl.Series, asked: pl.Series, places: int) -> pl.Series:
    """Plain numbers rounded half up, where ``asked``."""
    unit, at = Decimal(1).scaleb(-places), asked.arg_true()
    with localcontext(prec=100):
        made = by_distinct(
            texts.gather(at), lambda text: f"{Decimal(text).quantize(unit, ROUND_HALF_UP):f}"
        )
    return put(texts.clone(), at, made)
