"""A wrong date, unit, code, number or text in a figure: named by field, and nothing is stored."""

from __future__ import annotations

import io
from typing import Any

import pytest

from .house import ask, call, figure, observation, problem, refused, token_of, untouched, words

WRONG = [
    ("published", "2019-02-30", "bad_date"),
    ("published", "昨天", "bad_date"),
    ("period", "2019-13", "bad_period"),
    ("period", "2019/2016", "bad_period"),
    ("value", "六千亿", "not_a_number"),
    ("value", "=6228.9", "formula"),
    ("value", "1e99", "value_out_of_range"),
    ("value", "NaN", "not_a_number"),
    ("value", "", "empty"),
    ("unit", "斗", "unknown_unit"),
    ("unit", "%", "wrong_unit"),
    ("indicator", "no_such_thing", "unknown_code"),
    ("indicator", "<b>core_va</b>", "bad_code"),
    ("division", "33", "bad_division"),
    ("division", "110000", "unknown_division"),
    ("kind", "guess", "unknown_kind"),
    ("grade", "E", "unknown_grade"),
    ("source_title", "", "empty"),
    ("quote", "a\x07b", "control_character"),
    ("quote", "长" * 4001, "too_long"),
    ("id", "a b", "bad_code"),
    ("id", "x" * 200, "bad_code"),
]


@pytest.mark.parametrize(("field", "found", "code"), WRONG)
def test_the_form_names_the_field(field: str, found: str, code: str) -> None:
    with untouched():
        asked = ask("officer", "/desk/figures/new/", figure(**{field: found}))
    for answer, said in zip(asked.both, ("内容未保存", "nothing was saved"), strict=True):
        assert answer.status_code == 422
        page = words(answer)
        assert said in page
        assert f"<code>{code}</code>" in page or f"<code>indicators.{code}</code>" in page
        assert 'role="alert"' in page
        assert f'href="#{field}"' in page


@pytest.mark.parametrize(("field", "found", "code"), WRONG)
def test_the_api_names_the_field(field: str, found: str, code: str) -> None:
    token = token_of("officer", "read", "write")
    with untouched():
        asked = call(token, "/api/v1/submissions", observation(**{field: found}))
    if len(found) > 300:
        assert asked.en.status_code == 422
        return
    body = problem(asked, "indicators.rows_invalid", 422)
    told = body["problems"]
    assert [p["code"].split(".")[-1] for p in told] == [code]
    assert told[0]["place"]["column"] == field


def test_a_sheet_names_every_wrong_cell_at_once_and_stores_no_row() -> None:
    short = [w for w in WRONG if len(w[1]) < 100]
    rows = [figure()] + [figure(**{field: found}) for field, found, _ in short]
    with untouched():
        asked = ask("officer", "/desk/sheets/", {"sheet": csv_file(rows)})
    refused(asked, "indicators.rows_invalid", 422)
    for answer in asked.both:
        page = words(answer)
        for number, (field, _, _) in enumerate(short, start=3):
            assert f'class="number">{number}</th><td>{field}</td>' in page, (number, field)


@pytest.mark.parametrize("base", ["²", "-1", "1.5", "9" * 5000, "x"])
def test_a_revision_that_is_no_number(base: str) -> None:
    id = "za-core_va-2019"
    with untouched():
        asked = ask("officer", f"/desk/figures/{id}/", {**figure(), "base_revision": base})
        withdrawn = ask(
            "officer", f"/desk/figures/{id}/withdraw/", {"base_revision": base, "note": "x"}
        )
    assert {a.status_code for a in asked.both} <= {404, 422}
    assert {a.status_code for a in withdrawn.both} <= {404, 409, 422}


def csv_file(rows: list[dict[str, str]]) -> io.BytesIO:
    import csv

    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    file = io.BytesIO(out.getvalue().encode())
    file.name = "figures.csv"
    return file


def test_every_text_at_its_longest_is_kept_or_refused_alike() -> None:
    """The longest texts that the form lets through fit in the database, whichever it is."""
    longest: dict[str, Any] = {"note": "注" * 4000, "document": "文" * 4000, "quote": "引" * 4000}
    asked = ask("officer", "/desk/figures/new/", figure(**longest))
    for answer in asked.both:
        assert answer.status_code in {302, 422}, words(answer)[-500:]
