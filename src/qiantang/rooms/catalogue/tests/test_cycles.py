"""Update cycles read as a person says them."""

from __future__ import annotations

import pytest

from qiantang.rooms.catalogue.cycles import cycle_name


@pytest.mark.parametrize(
    ("cadence", "zh", "en"),
    [
        ("P1D", "每日", "Daily"),
        ("P10Y", "每 10 年", "Every 10 years"),
        ("P15D", "每 15 天", "Every 15 days"),
        ("P2M", "每 2 个月", "Every 2 months"),
        ("P1Y6M", "每 1 年6 个月", "Every 1 year 6 months"),
        ("PT1H", "每小时", "Hourly"),
        ("PT6H", "每 6 小时", "Every 6 hours"),
        ("PT15M", "实时", "Real time"),
        ("irregular", "不定期", "Irregular"),
        ("", "未说明", "Not stated"),
        ("soon", "不定期", "Irregular"),
    ],
)
def test_a_cycle_in_words(cadence: str, zh: str, en: str) -> None:
    assert (cycle_name(cadence).zh, cycle_name(cadence).en) == (zh, en)
