"""Settings that protect: database addresses, headers, checks."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from qiantang.site import checks
from qiantang.site.databases import postgresql
from qiantang.site.errors import BadDatabaseUrl, BadSetting
from qiantang.site.middleware import ContentSecurityMiddleware, DjangoLanguageMiddleware
from qiantang.site.numbers import whole
from qiantang.site.zone import Zone


def test_a_postgresql_address_is_taken_apart() -> None:
    found = postgresql("postgresql://li%40x:p%3Aw@db.example:5433/control?sslmode=require")
    assert found["NAME"] == "control"
    assert (found["USER"], found["PASSWORD"]) == ("li@x", "p:w")
    assert (found["HOST"], found["PORT"]) == ("db.example", "5433")
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["OPTIONS"]["pool"]["max_size"] > 1


def test_a_socket_folder_is_a_host() -> None:
    found = postgresql("postgresql://postgres:@/postgres?host=/run/pg", pooled=False)
    assert (found["HOST"], found["OPTIONS"]) == ("/run/pg", {})


@pytest.mark.parametrize(
    "url",
    ["mysql://u:hunter2@h/n", "postgresql://u:hunter2@h", "postgresql://u:hunter2@h:x/n", "n"],
)
def test_a_wrong_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(BadDatabaseUrl) as refused:
        postgresql(url)
    assert "hunter2" not in refused.value.message("zh") + refused.value.message("en")


@pytest.mark.parametrize(("written", "value"), [("", 7), (" ", 7), ("0", 0), ("12", 12)])
def test_a_number_is_set_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, written: str, value: int
) -> None:
    monkeypatch.setenv("QIANTANG_API_PROXIES", written)
    assert whole("QIANTANG_API_PROXIES", 7) == value


@pytest.mark.parametrize("written", ["-1", "many", "1.5", "٣", "9" * 5000])
def test_a_wrong_number_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("QIANTANG_API_PROXIES", written)
    with pytest.raises(BadSetting, match="QIANTANG_API_PROXIES"):
        whole("QIANTANG_API_PROXIES", 0)


def test_only_our_own_scripts_run_and_none_compiles_code() -> None:
    answer = ContentSecurityMiddleware(lambda _: HttpResponse())(HttpRequest())
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    for forbidden in ("unsafe-eval", "*", "http:", "https:"):
        assert forbidden not in policy


def test_a_page_may_set_a_stricter_policy() -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})

    answer = ContentSecurityMiddleware(page)(HttpRequest())
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"


def test_djangos_own_words_follow_the_reader() -> None:
    said: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        said.append(gettext("This field is required."))
        return HttpResponse()

    for lang in ("zh", "en"):
        request = HttpRequest()
        request.lang = lang  # type: ignore[attr-defined]
        DjangoLanguageMiddleware(page)(request)
    assert said[1] == "This field is required."
    assert said[0] != said[1]


def test_a_sound_zone_passes_its_checks() -> None:
    assert [m for m in run_checks() if m.id.startswith("site.")] == []


def test_each_check_speaks_up(settings: Any, tmp_path: Path, monkeypatch: Any) -> None:
    zone = Zone.create(tmp_path / "zone")
    settings.QIANTANG_ZONE = str(zone.folder)
    (zone.folder / "secret.key").chmod(0o644)
    settings.QIANTANG_LAKE = zone.folder / "gone"
    settings.DEBUG, settings.ALLOWED_HOSTS = True, ["zone.example"]
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _: SimpleNamespace(free=1024))
    found = {m.id: m for m in run_checks() if m.id.startswith("site.")}
    assert set(found) == {"site.W002", "site.E003", "site.W004", "site.W005"}
    assert all(m.hint for m in found.values())
    settings.QIANTANG_ZONE = ""
    assert "site.W001" in {m.id for m in run_checks()}
