"""Fields to clean one column for, and the value or codes that come of one text."""

from __future__ import annotations

import polars as pl

from qiantang.engine.quality.cleaning import clean
from qiantang.engine.quality.tests.streams import field
from qiantang.packkit.compiled import Field, FieldType, Precision

MONEY = field("pay", FieldType.DECIMAL, unit="元")


SHARE = field("share", FieldType.DECIMAL)


PERCENT = field("share", FieldType.DECIMAL, unit="%")


WAN = field("pay", FieldType.DECIMAL, unit="万元")


COUNT = field("n", FieldType.INTEGER, unit="人")


DAY = field("day", FieldType.DATE)


YEAR = field("day", FieldType.DATE, precision=Precision.YEAR)


MOMENT = field("at", FieldType.DATETIME)


PERIOD = field("period", FieldType.PERIOD)


YES = field("open", FieldType.BOOLEAN)


TEXT = field("name")


def read(of: Field, text: str | None, **more: object) -> object:
    """The value, or the code of the refusal as a set."""
    found = clean(pl.Series([text], dtype=pl.String), of, **more)  # type: ignore[arg-type]
    codes = {each.code for each in found.findings}
    return codes or found.values[0]
