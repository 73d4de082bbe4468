"""Places are written as a person looks for them."""

from __future__ import annotations

import pytest

from qiantang.kernel.places import Place


@pytest.mark.parametrize(
    ("place", "en"),
    [
        (Place(), ""),
        (Place(file="a.toml"), "a.toml"),
        (Place(file="a.toml", line=12), "a.toml:12"),
        (Place(line=12), "12"),
        (Place(sheet="数据", row=3, column="value"), 'sheet "数据", row 3, column "value"'),
        (Place(field="due"), "field due"),
        (Place(file="a.csv", row=1), "a.csv, row 1"),
    ],
)
def test_a_place_reads_as_editors_and_excel_say_it(place: Place, en: str) -> None:
    assert place.as_text().en == en
    assert bool(place.as_text().zh) == bool(en)


def test_the_machine_form_holds_only_what_is_known() -> None:
    assert Place(file="a.csv", row=0).as_dict() == {"file": "a.csv", "row": 0}
    assert Place().as_dict() == {}
