"""Markup in anything that people type stays text: on pages, in errors, in the printed report."""

from __future__ import annotations

import re

import pytest

from qiantang.kernel.actors import SYSTEM
from qiantang.kernel.text import Text
from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.journal.services import deliver_pending
from qiantang.rooms.people import services as people
from qiantang.rooms.people.selectors import actor_of_account

from .house import ask, call, client, figure

MARK = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'{{ 7*7 }}{% load x %}${7*7}"
TYPST = '#eval("1+1") #read("/etc/passwd") $x$ *b* _i_ `c` @ref <label> \\ ] ['
LINK = "javascript:alert(document.cookie)"
RAW = ("<script>alert", "<img src=x", 'onerror=alert(2)>"', 'href="javascript')
TEXTS = ("source_title", "source_kind", "quote", "scope_note", "quality_flag")


def newest() -> dict[str, str]:
    """The figure that decides T01, to be corrected."""
    found = [o for o in selectors.series("core_va", "330000").points if str(o.period) == "2020"]
    o = max(found, key=lambda one: one.id)
    row = figure(id=o.id, period="2020", value=str(o.value + 1))
    return {**row, "base_revision": str(o.revision)}


@pytest.fixture
def marked() -> int:
    """Markup in an account's name, a figure's texts, a note, an overrule; the submission's id."""
    name = Text(MARK[:60], MARK[:60])
    people.create_account(
        SYSTEM, "marker", "correct-horse-battery", name=name, organisation="330000-stats"
    )
    for role in ("officer", "approver"):
        people.grant_role(SYSTEM, "marker", role, "330000")
    row = newest() | dict.fromkeys(TEXTS, MARK) | {"source_address": LINK}
    marker = actor_of_account("marker")
    sent = services.submit_observation(marker, {**row, "note": MARK, "document": MARK})
    services.approve(actor_of_account("approver"), sent.id, sent.version)
    services.overrule(
        marker,
        "zone-2017",
        "T01",
        "not_met",
        reason=MARK,
        document={"title": MARK, "address": LINK},
    )
    waiting = services.submit_observation(
        marker, figure(period="1995", quote=MARK) | {"note": MARK, "document": MARK}
    )
    services.reject(actor_of_account("approver"), waiting.id, MARK)
    deliver_pending()
    return sent.id


PAGES = (
    "/",
    "/targets/",
    "/targets/T01/",
    "/indicators/core_va/",
    "/divisions/330000/",
    "/plan/",
    "/desk/",
    "/desk/journal/",
    "/desk/targets/T01/overrule/",
    "/desk/tokens/",
    "/desk/figures/{figure}/",
    "/desk/submissions/{sent}/",
    "/desk/submissions/{rejected}/",
)


def test_no_page_carries_it_out(marked: int) -> None:
    places = {"sent": marked, "rejected": marked + 1, "figure": newest()["id"]}
    seen = 0
    for page in PAGES:
        for answer in ask("approver", page.format(**places)).both:
            assert answer.status_code == 200, page
            clean(answer.content.decode(), page)
            seen += b"&lt;script&gt;alert(1)" in answer.content
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert seen >= 8, "the texts should be shown, as text"


def clean(page: str, where: str) -> None:
    for raw in RAW:
        assert raw not in page, (where, raw)
    assert ">49<" not in page
    for script in re.findall(r"<script[^>]*>", page):
        assert "src=" in script or "application/json" in script, (where, script)


def test_the_json_forms_are_never_taken_for_pages(marked: int) -> None:
    for path in ("/targets/T01/?format=json", "/api/v1/targets/T01", "/targets/T01/chart.json"):
        answer = client().get(path)
        assert answer.status_code == 200
        assert "json" in answer.headers["Content-Type"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


QUERIES = ("q", "as_of", "plan", "division", "map", "verdict", "section", "lang", "indicator")


@pytest.mark.parametrize("path", ["/", "/targets/", "/indicators/", "/divisions/", "/plan/"])
def test_nothing_of_the_address_is_carried_out(path: str) -> None:
    for name in QUERIES:
        for answer in ask("", path, query_params={name: MARK}).both:
            assert answer.status_code < 500
            clean(answer.content.decode(), f"{path}?{name}")


@pytest.mark.parametrize(
    "path",
    ["/{}/", "/targets/{}/", "/indicators/{}/", "/divisions/{}/", "/packs/{}/", "/plan/report.{}"],
)
def test_error_pages_quote_it_as_text(path: str) -> None:
    from urllib.parse import quote

    address = path.format(quote("<script>alert(1)<|script>\"'"))
    for answer in ask("", address).both:
        assert answer.status_code == 404
        clean(answer.content.decode(), path)
    for answer in call("", "/api/v1" + address).both:
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_forms_give_back_what_was_typed_as_text() -> None:
    for answer in ask("officer", "/desk/figures/new/", dict.fromkeys(figure(), MARK)).both:
        assert answer.status_code == 422
        clean(answer.content.decode(), "form")
    for answer in ask("", "/desk/sign-in/", {"username": MARK, "password": MARK}).both:
        clean(answer.content.decode(), "sign-in")
    form = {"verdict": MARK, "reason": MARK, "title": MARK, "address": LINK}
    for answer in ask("approver", "/desk/targets/T01/overrule/", form).both:
        assert answer.status_code == 422
        clean(answer.content.decode(), "overrule")


def test_the_printed_report_prints_it(marked: int) -> None:
    """Neither HTML nor the typesetter's own markup is obeyed."""
    sent = services.submit_observation(
        actor_of_account("officer"), newest() | dict.fromkeys(TEXTS, TYPST)
    )
    services.approve(actor_of_account("approver"), sent.id, sent.version)
    answer = client("", "en").get("/plan/report.pdf")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert b"javascript:" not in answer.content


def test_errors_with_braces_in_what_was_found() -> None:
    """What people typed is put into the templates of messages, never read as one."""
    for found in ("{0}", "{found}", "{", "}", "{x.__class__}", "%s"):
        asked = ask("officer", "/desk/figures/new/", figure(value=found, unit=found))
        assert {a.status_code for a in asked.both} == {422}
        for answer in ask("", f"/targets/{found}/".replace("%", "%25")).both:
            assert answer.status_code == 404
