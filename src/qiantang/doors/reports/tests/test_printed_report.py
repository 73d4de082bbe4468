"""The PDF: a real document in both languages whose texts are data, never markup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qiantang.doors.reports import pdf, pressing
from qiantang.doors.reports.errors import ReportNotMade, ReportTimedOut
from qiantang.doors.reports.printed import content
from qiantang.doors.reports.tests.sample import NAMES, bare, met, view
from qiantang.engine.targets.verdicts import Verdict
from qiantang.kernel.text import Text

TYPST = '#panic("run") #import "@preview/x:1.0.0" *a _b $x^ `c <d> [e ] {f} \\ "g" // h /* i'


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_a_tagged_pdf_with_the_packaged_chinese_font(lang: str) -> None:
    made = pdf(view(), lang, NAMES)
    assert made.startswith(b"%PDF-")
    assert b"NotoSansCJK" in made
    assert b"/MarkInfo" in made
    assert (b"zh-CN" if lang == "zh" else b"en-GB") in made


def test_texts_are_data_and_never_typst_markup() -> None:
    base = met()
    first = base.evidence[0]
    source = replace(first.observation.source, title=TYPST, quote=TYPST, address=TYPST)
    evil = replace(first, observation=replace(first.observation, source=source))
    target = replace(base.target, id="T09", name=Text(TYPST, TYPST), quote=TYPST, section=TYPST)
    row = replace(base, target=target, evidence=(evil,), reason=Text(TYPST, TYPST))
    assert pdf(view(row, headline=Text(TYPST, TYPST)), "zh", NAMES).startswith(b"%PDF-")


def test_long_words_rare_characters_and_missing_glyphs_still_print() -> None:
    odd = "龘" * 60 + "a" * 200 + "😀Ω≈ِ\u0300"
    row = bare("T09", odd, odd, Verdict.MET, quote=odd)
    assert pdf(view(row), "en", NAMES).startswith(b"%PDF-")


def test_the_content_groups_targets_by_the_sections_of_the_plan() -> None:
    said = content(view(), "zh", NAMES)
    assert [s["name"] for s in said["sections"]] == ["一（三）主要目标", "二（一）基础设施"]
    assert [r["id"] for r in said["sections"][1]["rows"]] == ["T07", "T08"]


def test_a_target_says_verdict_figures_pace_conflict_and_evidence() -> None:
    first = content(view(), "en", NAMES)["targets"][0]
    facts = dict(first["facts"])
    assert first["verdict"] == "met"
    assert facts["Aim"] == "above 550 billion yuan"
    assert facts["Gap"] == "+72.89 billion yuan · +13.3%"
    assert facts["Yearly pace needed"] == "+14%"
    assert first["conflicts"] == ["Two sources differ; the grade decides."]
    assert [e["use"] for e in first["evidence"]] == ["decides", "pace", "bounds"]
    assert first["set_aside"][0]["reason"] == "An aim, not a result"
    assert "6228.94" in first["evidence"][0]["quote"]


def test_charts_are_drawn_for_targets_that_have_figures_only() -> None:
    said = content(view(), "zh", NAMES)
    drawn = {t["id"] for t in said["targets"] if t["chart"]}
    assert drawn == {"T01", "T05"}
    assert "<svg" in said["lights"]["svg"]
    assert said["lights"]["alt"].startswith("8 项目标的结论")


def test_a_person_s_overrule_is_printed_beside_the_verdict() -> None:
    third = content(view(), "en", NAMES)["targets"][2]
    assert third["verdict"] == "not met"
    assert third["overrule"] == "met: 工信部文件确认 (Li, 2026-11-20)"


def test_a_failing_press_is_our_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pressing.sys, "executable", "/bin/false")
    with pytest.raises(ReportNotMade):
        pressing.pressed({"computed_at": "2026-01-01T00:00:00"})


def test_a_press_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pressing, "TIMEOUT", 0.01)
    with pytest.raises(ReportTimedOut):
        pressing.pressed({"computed_at": "2026-01-01T00:00:00"})
