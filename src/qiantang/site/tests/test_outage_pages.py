"""When the database is busy, the reader gets a page that says so and what to do."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("lang", "word"), [("zh", "数据库忙"), ("en", "Database busy")])
def test_a_busy_database_is_a_page_of_its_own(
    monkeypatch: pytest.MonkeyPatch, lang: str, word: str
) -> None:
    from qiantang.rooms.shelf import contents

    def locked() -> Any:
        raise OperationalError("database is locked")

    monkeypatch.setattr(contents, "_key", locked)
    contents.forget()
    answer = Client(raise_request_exception=False).get("/", {"lang": lang})
    assert answer.status_code == 503
    assert word in answer.content.decode()
