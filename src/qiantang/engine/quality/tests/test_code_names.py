"""A name sent where its code is asked for: what the finding says."""

from __future__ import annotations

import polars as pl
import pytest

from qiantang.engine.quality.codes_in_force import CodesInForce
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Code, CodeList

DRUM = Text("鼓楼区", "Gulou")
SEXES = CodesInForce(
    CodeList(
        "sex",
        "x",
        (
            Code("1", Text("男", "Male")),
            Code("2", Text("女", "Female")),
            *(Code(code, Text("新城区", "Xincheng")) for code in ("610102", "150102")),
            *(Code(code, DRUM) for code in ("320106", "350102", "410204", "320302")),
        ),
    )
)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("男", "：“男”的代码是 1", ': the code of "男" is 1'),
        ("female", "：“female”的代码是 2", ': the code of "female" is 2'),
        (
            "新城区",
            "：“新城区”的代码是 610102、150102",
            ': the code of "新城区" is 610102 or 150102',
        ),
        ("鼓楼区", "", ""),
        ("01", "", ""),
    ],
)
def test_the_code_that_a_name_stands_for_is_said(value: str, zh: str, en: str) -> None:
    said = SEXES.nearest(pl.Series([value]))
    assert [words.to_list() for words in said] == [[zh], [en]]
