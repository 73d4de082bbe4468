"""`qiantang intake shared`: keys that several divisions keep."""

from __future__ import annotations

import json

import pytest

from qiantang.doors.cli import intake
from qiantang.doors.cli.main import cli
from qiantang.rooms.intake.tests.conftest import kept_twice, spool_folder, zone

__all__ = ["kept_twice", "spool_folder", "zone"]
pytestmark = pytest.mark.django_db


def test_they_are_listed_in_words_and_as_json(
    kept_twice: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(intake, "open_zone", lambda folder: None)

    def told(*more: str) -> str:
        with pytest.raises(SystemExit) as left:
            cli.main(["--lang", "en", "intake", "shared", kept_twice, *more])
        assert not left.value.code
        return capsys.readouterr().out

    assert told() == "A  330100, 330200\n1 in all.\n"
    both = {"key": "A", "divisions": ["330100", "330200"]}
    assert json.loads(told("--format", "json")) == {"total": 1, "first": [both]}
