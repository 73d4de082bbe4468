"""Telephone numbers in one written form that keeps all of their parts.

| sent | kept |
|---|---|
| `(0571)88888888` `+86 571 8888 8888` `057188888888` | `0571-88888888` |
| `0571-88888888转8001` `0571 88888888 ext.8001` `0571-88888888-8001` | `0571-88888888-8001` |
| `400 123 4567` `800-1234567-2` | `400-123-4567` `800-123-4567-2` |
| `+86 138-0013-8000` `013800138000` | `13800138000` |

The country's own prefix (+86, 0086) and the 0 before a mobile number say where one dials from and
are no part of the number. Area codes are those of the numbering plan: 010, 02x of three digits, and
four digits from 03 to 09. A cell holds one number; a landline without its area code is none.
"""

from __future__ import annotations

from typing import Final

import polars as pl

MOBILE: Final = r"^1[3-9]\d{9}$"
PHONE: Final = (
    r"^(?:1[3-9]\d{9}"
    r"|0(?:10|2\d|[3-9]\d{2})-\d{7,8}(?:-\d{1,6})?"
    r"|[48]00-\d{3}-\d{4}(?:-\d{1,6})?)$"
)
_DASHES: Final = "[\u2010-\u2015\u2212~\uff5e]"
_BETWEEN: Final = r"[\s\-]*"
_ABROAD: Final = rf"(?:\(?(?:\+|00)?86\)?{_BETWEEN})"
_EXTENSION: Final = (
    r"(?:\s*\(?(?:-|转|轉|(?i:ext)\.?|(?i:x)|#|分机号?|分機)\s*[:：]?\s*(?P<ext>\d{1,6})\)?)?"
)
_LANDLINE: Final = (
    rf"^(?:{_ABROAD}?\(?0|{_ABROAD}\(?)(?P<area>10|2\d|[3-9]\d{{2}})\)?{_BETWEEN}"
    rf"(?P<local>\d{{3,4}}[\s\-]?\d{{4}}){_EXTENSION}$"
)
_SERVICE: Final = (
    rf"^{_ABROAD}?(?P<first>[48]00){_BETWEEN}(?P<rest>(?:\d[\s\-]?){{6}}\d){_EXTENSION}$"
)


def tidy_mobile(texts: pl.Series) -> pl.Series:
    """Without separators and the prefixes of dialling; what is no number stays wrong."""
    plain = texts.str.replace_all(_DASHES, "-").str.replace_all(r"[\s\-()]", "")
    return plain.str.replace(r"^(?:\+|00)?86(1[3-9])", "$1").str.replace(r"^0(1[3-9])", "$1")


def tidy_phone(texts: pl.Series) -> pl.Series:
    """In the form of the table above; what is no number stays wrong."""
    lines = texts.str.replace_all(_DASHES, "-").str.strip_chars()
    parts = pl.DataFrame({"text": lines, "mobile": tidy_mobile(lines)}).with_columns(
        landline=pl.col("text").str.extract_groups(_LANDLINE),
        service=pl.col("text").str.extract_groups(_SERVICE),
    )
    local = _digits(pl.col("landline").struct.field("local"))
    area = pl.col("landline").struct.field("area")
    rest = _digits(pl.col("service").struct.field("rest"))
    first = pl.col("service").struct.field("first")
    made = parts.select(
        pl.when(pl.col("mobile").str.contains(MOBILE))
        .then("mobile")
        .when(area.is_not_null())
        .then(pl.concat_str(pl.lit("0"), area, pl.lit("-"), local, _extension("landline")))
        .when(first.is_not_null())
        .then(
            pl.concat_str(
                first,
                pl.lit("-"),
                rest.str.head(3),
                pl.lit("-"),
                rest.str.tail(4),
                _extension("service"),
            )
        )
        .otherwise("text")
    )
    return made.to_series().alias(texts.name)


def _digits(part: pl.Expr) -> pl.Expr:
    return part.str.replace_all(r"\D", "")


def _extension(kind: str) -> pl.Expr:
    ext = pl.col(kind).struct.field("ext")
    return pl.when(ext.is_null()).then(pl.lit("")).otherwise(pl.concat_str(pl.lit("-"), ext))
