"""Whoever asks for reports without end does not take the whole server."""

from __future__ import annotations

import pytest

from qiantang.doors.reports import pressing
from qiantang.doors.reports.errors import ReportNotMade, ReportsBusy


def test_a_report_waits_for_its_turn_and_is_told_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pressing, "PATIENCE", 0.01)
    asked = []

    def while_one_is_set(data: object, template: str) -> bytes:
        with pytest.raises(ReportsBusy):
            pressing.pressed({"computed_at": ""})
        asked.append(template)
        return b"%PDF"

    monkeypatch.setattr(pressing, "_set", while_one_is_set)
    assert pressing.pressed({"computed_at": ""}, "report") == b"%PDF"
    assert pressing.pressed({"computed_at": ""}, "index") == b"%PDF"
    assert asked == ["report", "index"]


def test_a_report_that_fails_gives_its_turn_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pressing, "PATIENCE", 0.01)
    for _ in range(2):
        with pytest.raises(ReportNotMade):
            pressing.pressed({}, "no-such-template")
