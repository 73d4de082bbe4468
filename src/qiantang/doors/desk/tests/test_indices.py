"""Editions at the desk: planned by one, looked at and published by another, gaps to fill."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import openpyxl
import pytest
from django.utils import timezone

from qiantang.doors.desk.fields import Reach
from qiantang.doors.desk.index_gaps import missing_rows
from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.doors.portal.tests.indexed import KEY, publish_index
from qiantang.engine.index.bundle import Gap
from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.indices.shapes import Made
from qiantang.rooms.indices.tests.yearly import FIRST, SMALL, declare, publish_year, small
from qiantang.rooms.journal.services import deliver_pending
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf.services import override_norm

__all__ = ["declare", "publish_year"]
EVALUATION = "information-economy-evaluation.evaluation"
PLAN = {"title_zh": "年度更新", "title_en": "Yearly update"}


@pytest.fixture
def index(zone: None, tmp_path: Path, settings: Any, officer: Actor, approver: Actor) -> str:
    """The worked example with its first edition."""
    settings.QIANTANG_EDITIONS = tmp_path / "editions"
    settings.QIANTANG_CREDENTIALS = tmp_path / "credentials"
    catalogue.register_resources(SYSTEM, "asem-connectivity")
    publish_index(officer, approver, KEY)
    return KEY


def test_an_edition_needs_two_people(
    index: str, officer: Actor, approver: Actor, signed_in: SignedIn
) -> None:
    own, other = signed_in(officer), signed_in(approver)
    sent = own.post(f"/desk/indices/{index}/plan/", PLAN)
    edition = sent.headers["Location"]
    assert edition == f"/desk/indices/{index}/editions/2/"
    assert "没有差别" in own.get(edition).content.decode()
    assert f'href="/desk/indices/{index}/"' in own.get("/desk/indices/").content.decode()
    assert own.post(f"{edition}publish/").status_code == 403
    assert "年度更新" in other.get("/desk/").content.decode()
    assert f'action="{edition}publish/"' in other.get(edition).content.decode()
    assert other.post(f"{edition}publish/").status_code == 302
    public = other.get(f"/indices/{index}/editions/").content.decode()
    assert "年度更新" in public
    again = other.post(f"{edition}publish/")
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ("1 个权重", "专家会议", "会议纪要 3 号")), ("en", ("1 weights", "专家会议", "2.0"))],
)
def test_an_overridden_norm_is_seen_at_the_edition_with_its_reason(
    publish_year: Any, declare: Any, officer: Actor, signed_in: SignedIn, lang: str,
    words: tuple[str, ...],
) -> None:  # fmt: skip
    first, *others = small().elements
    declare(
        elements=(replace(first, weight_norm="statistics-zhejiang.disclosure-largest"), *others)
    )
    publish_year(2018, FIRST)
    own = signed_in(officer)
    pages = (
        f"/indices/{SMALL}/", f"/desk/indices/{SMALL}/", f"/desk/indices/{SMALL}/editions/1/",
        "/desk/indices/",
    )  # fmt: skip
    for page in pages:
        assert words[0] not in own.get(f"{page}?lang={lang}").content.decode(), page
    override_norm(
        SYSTEM, "statistics-zhejiang.disclosure-largest", Decimal(2),
        valid_from=timezone.localdate(), reason="专家会议", document="会议纪要 3 号",
    )  # fmt: skip
    deliver_pending()
    for page in pages:
        text = own.get(f"{page}?lang={lang}").content.decode()
        assert words[0] in text, page
        if page != "/desk/indices/":
            assert words[1] in text, page


def test_a_planned_edition_may_be_given_up_and_is_not_public(
    index: str, officer: Actor, signed_in: SignedIn
) -> None:
    own = signed_in(officer)
    own.post(f"/desk/indices/{index}/plan/", PLAN)
    assert own.get(f"/indices/{index}/?edition=2&lang=zh").status_code == 200
    own.post(f"/desk/indices/{index}/editions/2/discard/", {"reason": "数据有误"})
    assert "数据有误" in own.get(f"/desk/indices/{index}/editions/2/").content.decode()
    assert "年度更新" not in own.get(f"/indices/{index}/editions/").content.decode()


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"title_zh": "", "title_en": ""}, 422, "标题"),
        ({**PLAN, "as_of": "yesterday"}, 400, "日期"),
        ({**PLAN, "corrects": "1"}, 422, "更正"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_and_the_words_stay(
    index: str,
    officer: Actor,
    signed_in: SignedIn,
    form: dict[str, str],
    status: int,
    said: str,
) -> None:
    answer = signed_in(officer).post(f"/desk/indices/{index}/plan/", form)
    text = answer.content.decode()
    assert answer.status_code == status
    assert 'class="problem"' in text
    assert said in text
    assert f'value="{form["title_en"]}"' in text


def test_people_of_elsewhere_see_no_present_figures(
    index: str, citizen: Actor, signed_in: SignedIn
) -> None:
    client = signed_in(citizen)
    listed = client.get("/desk/indices/").content.decode()
    assert "亚欧可持续联通指数" in listed
    assert f'href="/desk/indices/{index}/"' not in listed
    assert client.get(f"/desk/indices/{index}/").status_code == 403
    assert client.post(f"/desk/indices/{index}/plan/", PLAN).status_code == 403
    assert client.get(f"/desk/indices/{index}/missing.xlsx").status_code == 403


def test_an_index_without_figures_says_what_is_missing(
    index: str, officer: Actor, signed_in: SignedIn
) -> None:
    text = signed_in(officer).get(f"/desk/indices/{EVALUATION}/").content.decode()
    assert "还算不出来" in text


def test_the_sheet_to_fill_holds_the_gaps_that_are_the_officer_s(zone: None) -> None:
    declared = shelf.composite_index(EVALUATION)
    gaps = tuple(
        Gap(unit, column, 2023, Text("", ""))
        for unit in ("330100", "330200")
        for column in ("core_share", "bb_speed")
    )
    made = cast(Made, SimpleNamespace(declared=declared, gaps=gaps))
    known = shelf.indicators()
    places = tuple(d for d in shelf.divisions() if d.code == "330100")
    (row,) = missing_rows(made, Reach((known["core_share"],), places))
    assert (row["indicator"], row["division"], row["period"]) == ("core_share", "330100", "2023")
    assert row["unit"] == known["core_share"].unit
    assert "value" not in row


def test_an_index_of_a_resource_has_no_sheet_to_fill(
    index: str, officer: Actor, signed_in: SignedIn
) -> None:
    answer = signed_in(officer).get(f"/desk/indices/{index}/missing.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.worksheets[0].max_row == 2
