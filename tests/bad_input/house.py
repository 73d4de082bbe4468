"""A furnished zone seen from its doors: who signs in, what tokens, what stays untouched."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client

from qiantang.kernel.errors import QiantangError, catalogue
from qiantang.rooms.indicators.models import Overrule, Submission, VerdictRecord
from qiantang.rooms.journal import selectors as journal
from qiantang.rooms.journal.services import verify
from qiantang.rooms.people import services as people
from qiantang.rooms.people.models import Account, Token
from qiantang.rooms.people.selectors import actor_of_account
from qiantang.rooms.shelf import selectors as shelf

LANGUAGES = ("zh", "en")
JSON = "application/json"


@dataclass(frozen=True)
class Asked:
    """One answer in both languages."""

    zh: HttpResponse
    en: HttpResponse

    @property
    def both(self) -> tuple[HttpResponse, HttpResponse]:
        return self.zh, self.en


def client(username: str = "", lang: str = "zh") -> Client:
    """A browser of somebody who is signed in, or of the public."""
    made = Client(headers={"accept-language": lang}, raise_request_exception=False)
    made.cookies["lang"] = lang
    if username:
        made.force_login(get_user_model().objects.get(username=username))
    return made


def ask(username: str, path: str, data: Any = None, **more: Any) -> Asked:
    """Ask for a page twice, in Chinese and in English; with ``data`` it is a form sent in."""
    answers = []
    for lang in LANGUAGES:
        browser = client(username, lang)
        rewound = {k: _rewound(v) for k, v in data.items()} if isinstance(data, dict) else data
        answers.append(
            browser.get(path, **more) if data is None else browser.post(path, rewound, **more)
        )
    return Asked(*answers)


def _rewound(value: Any) -> Any:
    if hasattr(value, "seek"):
        value.seek(0)
    return value


def call(token: str, path: str, body: Any = None, **more: Any) -> Asked:
    """Ask the API twice; ``body`` is sent as JSON (bytes as they are)."""
    answers = []
    for lang in LANGUAGES:
        headers = {"Accept-Language": lang, **more.get("headers", {})}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        reader = Client(raise_request_exception=False)
        if body is None:
            answers.append(reader.get(path, headers=headers))
            continue
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        answers.append(reader.post(path, sent, content_type=JSON, headers=headers))
    return Asked(*answers)


def token_of(username: str, *scopes: str, days: int = 30) -> str:
    """A fresh token of an account."""
    return people.issue_token(actor_of_account(username), "test", scopes, days)


def expire(raw: str) -> None:
    """Let a token's time be over."""
    row = Token.objects.get(prefix=raw.split("_")[1])
    Token.objects.filter(pk=row.pk).update(expires_at=row.created_at)


def revoke(username: str, raw: str) -> None:
    row = Token.objects.get(prefix=raw.split("_")[1])
    people.revoke_token(actor_of_account(username), row.pk)


def error_of(code: str) -> type[QiantangError]:
    """The class that carries a code; every code that a reader sees is in the catalogue."""
    found = [kind for kind in catalogue() if kind.code == code]
    assert found, f"no error has the code {code}"
    return found[0]


def refused(asked: Asked, code: str, status: int) -> None:
    """Both answers carry the code and the status, title and next step in their own language."""
    kind = error_of(code)
    for lang, response in zip(LANGUAGES, asked.both, strict=True):
        said = words(response)
        assert response.status_code == status, (response.status_code, said[:400])
        assert f"<code>{code}</code>" in said or f'"code":"{code}"' in said.replace(
            '"code": "', '"code":"'
        ), said[-900:]
        assert kind.title.in_(lang) in said
        for part in _fixed(kind.hint.in_(lang)):
            assert part in said, (part, said[-900:])
        assert "Traceback" not in said


def problem(asked: Asked, code: str, status: int) -> dict[str, Any]:
    """The English problem document, after both were checked (RFC 9457, two languages)."""
    refused(asked, code, status)
    for response in asked.both:
        assert response.headers["Content-Type"].startswith("application/problem+json")
        body = response.json()
        assert body["status"] == status
        assert body["messages"]["zh"] != body["messages"]["en"]
        assert body["title"]
        assert body["hint"]
    return dict(asked.en.json())


def words(response: HttpResponse) -> str:
    """What a person reads: entities resolved, for a page or a JSON document."""
    text = response.content.decode("utf-8")
    if "json" in response.headers.get("Content-Type", ""):
        return json.dumps(json.loads(text), ensure_ascii=False)
    return html.unescape(text)


def _fixed(template: str) -> list[str]:
    """The parts of a template between its fields that are long enough to recognise."""
    import re

    return [part for part in re.split(r"\{[^}]*\}", template) if len(part) > 3]


def state() -> dict[str, Any]:
    """Everything that a refused request must leave as it was."""
    lake = shelf.lake()
    tables = {name: [s.id for s in lake.snapshots(name)] for name in sorted(lake.tables())}
    return {
        "lake": tables,
        "journal": journal.head(),
        "submissions": list(Submission.objects.order_by("pk").values_list("pk", "version")),
        "overrules": list(Overrule.objects.order_by("pk").values_list("pk", "withdrawn_at")),
        "verdicts": VerdictRecord.objects.count(),
        "accounts": Account.objects.count(),
        "tokens": Token.objects.count(),
        "packs": sorted(shelf.packs()),
    }


@contextmanager
def untouched() -> Iterator[None]:
    """Nothing is written inside, in the database, the journal or the lake."""
    before = state()
    yield
    assert state() == before
    assert verify() == []


def figure(**changed: str) -> dict[str, str]:
    """A right figure as the officer types it, with some fields changed."""
    right = {
        "id": "",
        "indicator": "core_va",
        "division": "330000",
        "period": "2021",
        "value": "8348.27",
        "unit": "亿元",
        "kind": "actual",
        "grade": "A",
        "source_title": "2022年浙江统计年鉴",
        "source_address": "",
        "published": "2022-09-01",
        "quote": "数字经济核心产业增加值8348.27亿元",
    }
    return {**right, **changed}


def observation(**changed: str) -> Mapping[str, Any]:
    """The same for the API."""
    return {"observation": figure(**changed)}
