"""Query parameters that several addresses share."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from ninja import Path, Query
from pydantic import Field

from qiantang.doors.api.schemas import FIRST_DAY, LARGEST_ID, LAST_DAY

DEFAULT_SIZE: Final = 50
LARGEST_SIZE: Final = 200

PageNumber = Annotated[int, Query(ge=1, le=1_000_000, description="页码 / page, from 1")]
PageSize = Annotated[int, Query(ge=1, le=LARGEST_SIZE, description="每页条数 / items on a page")]
Code = Annotated[str, Query(max_length=100)]
Day = Annotated[
    date,
    Field(ge=FIRST_DAY, le=LAST_DAY),
    Query(description="以此日已知的数据判断 / judge by what was known on this day"),
]
KnownOn = Annotated[
    date,
    Field(ge=FIRST_DAY, le=LAST_DAY),
    Query(description="此日已知的数据 / figures as known on this day"),
]
Division = Annotated[
    str,
    Query(
        max_length=100, description="行政区划代码 / division code", examples=["330000", "330100"]
    ),
]
Id = Annotated[str, Path(max_length=200)]
Number = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Level = Literal["province", "city", "county"]
