"""Every public page answers in Chinese and in English, with its JSON beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.shelf.services import override_norm

PAGES = [
    ("/", "各项目标", "The targets"),
    ("/targets/", "逐项目标", "Targets, one by one"),
    ("/targets/T01/", "采用的证据", "Evidence used"),
    ("/targets/T02/", "方案原文", "What the plan says"),
    ("/targets/T03/", "没有可以采用的证据", "There is no usable evidence"),
    ("/indicators/", "责任部门", "Indicators"),
    ("/statistics/calendar/", "数据发布日程", "Release calendar"),
    ("/indicators/core_va/", "定义", "Definition"),
    ("/indicators/gdp/?division=330100", "还没有这个指标的数据", "There is no figure"),
    ("/divisions/", "市和县", "Cities and counties"),
    ("/divisions/330000/", "浙江省", "Zhejiang"),
    ("/divisions/330100/", "已知的数据", "What is known"),
    ("/plan/", "发文单位", "Issued by"),
    ("/packs/", "领域包", "Packs"),
    ("/packs/zone-plan-2017/", "规范值", "Norms"),
    ("/method/", "可信等级", "Grades of sources"),
    ("/about/", "关于钱塘", "About Qiantang"),
]


@pytest.mark.parametrize(("address", "zh", "en"), PAGES)
def test_page_speaks_both_languages(
    figures: None, reader: Client, address: str, zh: str, en: str
) -> None:
    chinese = reader.get(address)
    assert chinese.status_code == 200
    page = chinese.content.decode()
    assert '<html lang="zh-Hans">' in page
    assert zh in page
    tail = ("&" if "?" in address else "?") + "lang=en"
    english = reader.get(address + tail)
    page = english.content.decode()
    assert '<html lang="en">' in page
    assert en in page
    assert english.headers["Content-Language"] == "en"


@pytest.mark.parametrize("address", [page[0] for page in PAGES])
def test_every_page_has_its_json(figures: None, reader: Client, address: str) -> None:
    answer = reader.get(address + ("&" if "?" in address else "?") + "format=json")
    assert answer.headers["Content-Type"].startswith("application/json")
    assert isinstance(answer.json(), dict)


def test_the_choice_of_language_is_kept_and_the_page_stays(figures: None, reader: Client) -> None:
    page = reader.get("/targets/?verdict=no_evidence").content.decode()
    assert 'href="/targets/?verdict=no_evidence&amp;lang=en"' in page
    reader.get("/targets/?verdict=no_evidence&lang=en")
    assert '<html lang="en">' in reader.get("/plan/").content.decode()
    reader.get("/plan/?lang=zh")
    assert '<html lang="zh-Hans">' in reader.get("/").content.decode()


def test_an_unknown_language_reads_chinese(figures: None, reader: Client) -> None:
    assert '<html lang="zh-Hans">' in reader.get("/?lang=fr").content.decode()


def test_empty_zone_says_what_to_do(db: None, lake_folder: object, reader: Client) -> None:
    answer = reader.get("/")
    assert answer.status_code == 404
    assert "qiantang demo" in answer.content.decode()
    assert reader.get("/packs/").status_code == 200
    assert reader.get("/method/").status_code == 200


def test_a_figure_of_the_method_that_was_overridden_is_shown_with_its_reason(
    figures: None, reader: Client
) -> None:
    assert "本区调整的数值" not in reader.get("/method/").content.decode()
    override_norm(
        SYSTEM,
        "zone-plan-2017.about-tolerance",
        Decimal("0.15"),
        valid_from=date(2018, 1, 1),
        reason="省里对“左右”的解释",
        document="浙数评〔2021〕3号",
    )
    page = reader.get("/method/").content.decode()
    for said in ("本区调整的数值", "0.15", "省里对“左右”的解释", "浙数评〔2021〕3号"):
        assert said in page
    (shown,) = reader.get("/method/?format=json").json()["overrides"]
    assert shown["norm"] == "zone-plan-2017.about-tolerance"
