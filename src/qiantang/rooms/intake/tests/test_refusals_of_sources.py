"""What other people's databases and web servers refuse, in words."""

from __future__ import annotations

import pytest

from qiantang.rooms.intake.fetching import refusals


class Told(Exception):
    """As psycopg gives the SQLSTATE."""

    def __init__(self, said: str, sqlstate: str | None) -> None:
        super().__init__(said)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "said", "zh", "en"),
    [
        (
            Told("关系不存在", "42P01"),
            "关系不存在",
            "没有这个表或视图（关系不存在）",
            "no such table",
        ),
        (Exception("no such table: a"), "no such table: a", "没有这个表或视图（", "no such table"),
        (Exception(1045, "Access denied"), "(1045, 'Access')", "账号或口令不对（", "are wrong ("),
        (Told("x", None), "password authentication failed", "账号或口令不对（", "are wrong ("),
        (Told("disk I/O error", None), "disk I/O error", "disk I/O error", "disk I/O error"),
    ],
)
def test_a_driver_is_told_in_words(error: Exception, said: str, zh: str, en: str) -> None:
    found = refusals.of_driver(error, said)
    assert found.zh.startswith(zh)
    assert en in found.en


@pytest.mark.parametrize(
    ("status", "zh"),
    [(404, "该网址没有文件（HTTP 404）"), (503, "对方服务器出错（HTTP 503）"), (418, "HTTP 418")],
)
def test_a_status_is_told_in_words(status: int, zh: str) -> None:
    assert refusals.of_status(status).zh == zh
