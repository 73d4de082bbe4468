"""What a version's note says, in the language of the reader."""

from __future__ import annotations

import pytest

from qiantang.doors.cli import lake, language


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", "文件 a.csv，新增 0，upkeep x"), ("en", "file a.csv, inserted 0, upkeep x")],
)
def test_a_note_is_said_in_words_and_without_what_is_empty(
    monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    monkeypatch.setattr(language, "current", lambda: lang)
    note = {"file": "a.csv", "division": "", "inserted": 0, "upkeep": "x"}
    assert lake._note(note) == said
