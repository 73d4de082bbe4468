"""The plan of 2017: its own words, its deadlines, and the verdicts on the shipped figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from qiantang.packkit import builtin_packs, load_packs
from qiantang.packkit.compiled import Example, Pack
from qiantang.packkit.plans import Plan, TargetKind
from qiantang.packkit.rows import typed_rows
from qiantang.packkit.runners import find_runner
from qiantang.packkit.running import Given
from qiantang.packs.tests.rows import PACKS, collected, collection_file, shipped

TEXT = (PACKS / "zone-plan-2017" / "PLAN.txt").read_text(encoding="utf-8")

VERDICTS = {
    "T01": "met_near", "T04": "met_near", "T05": "likely_not_met", "T06": "met_near",
    "T07": "no_evidence", "T08": "no_evidence", "T09": "no_evidence", "T10": "met",
    "T03": "no_evidence", "T11": "no_evidence", "T12": "no_evidence", "T13": "no_evidence",
    "T14": "no_evidence", "T15": "no_evidence", "T16": "no_evidence", "T17": "no_evidence",
    "T18": "no_evidence", "T19": "no_evidence", "T20": "no_evidence", "T21": "no_evidence",
    "T22": "milestone_not_shown", "T23": "milestone_not_shown", "T24": "milestone_not_shown",
    "T25": "milestone_reached", "T26": "milestone_not_shown", "T27": "milestone_reached",
}  # fmt: skip


@pytest.fixture(scope="module")
def packs() -> Mapping[str, Pack]:
    return load_packs(builtin_packs()).packs


@pytest.fixture(scope="module")
def plan(packs: Mapping[str, Pack]) -> Plan:
    return packs["zone-plan-2017"].plans["zone-2017"]


def test_the_27_targets_are_those_of_the_plan_in_its_own_words(plan: Plan) -> None:
    assert [t.id for t in plan.targets] == [f"T{n:02d}" for n in range(1, 28)]
    for target in plan.targets:
        assert target.quote in TEXT, target.id


def test_titles_of_sections_are_the_words_of_the_plan(plan: Plan) -> None:
    for _, title in plan.sections:
        assert title.zh in TEXT
    for row in shipped("zone-plan-2017/codes/section.csv"):
        assert row["zh"] in TEXT, row["code"]


def test_a_quote_stands_in_the_section_that_the_target_names(plan: Plan) -> None:
    for target in plan.targets:
        assert target.quote in _section(target.section), target.id


def _section(code: str) -> str:
    """The text of ``二(三)1``: the part, the block within it, the item within that."""
    found = re.fullmatch(r"([一二三四])(\([一二三四五六七八]\))(\d*)", code)
    assert found is not None, code
    part, block, item = found.groups()
    text = re.split(r"(?m)^[一二三四]、", TEXT)["一二三四".index(part) + 1]
    text = text.partition(f"\n{block}")[2]
    text = re.split(r"(?m)^\([一二三四五六七八]\)", text)[0]
    return re.split(r"(?m)^\d+\.", text)[int(item)] if item else text


def test_eight_targets_name_2019_and_two_no_deadline(plan: Plan) -> None:
    due = Counter(t.due.year if t.due else None for t in plan.targets)
    assert due == {2019: 8, 2022: 17, None: 2}
    for target in plan.targets:
        assert (target.due is None) == (target.due_basis is None)
        if target.due and target.due.year == 2022:
            assert target.due_from == date(2020, 12, 31)


def test_an_assumed_deadline_says_that_it_is_assumed(plan: Plan) -> None:
    for row in collected("plan_targets.csv"):
        target = plan.target(row["target_id"])
        assert target is not None
        basis = target.due_basis.en if target.due_basis else ""
        assert ("assumed" in basis) == row["deadline_basis"].startswith("assumed")


def test_figures_deadlines_and_quotes_are_those_of_the_collection(plan: Plan) -> None:
    rows = {r["target_id"]: r for r in collected("plan_targets.csv")}
    assert set(rows) == {t.id for t in plan.targets}
    for target in plan.targets:
        row = rows[target.id]
        assert target.quote == row["quote"]
        assert str(target.kind) == row["target_kind"]
        assert row["plan_section"].startswith(target.section)
        assert (target.due.year if target.due else "") == (
            int(row["target_year_to"]) if row["target_year_to"] else ""
        )
        if target.kind is TargetKind.QUANTITY:
            assert target.comparator == row["comparator"]
            assert (target.low or target.high) == float(row["target_value_min"])


def test_the_shipped_text_is_the_text_of_the_collection() -> None:
    path = collection_file("reference/plan_2017.txt")
    assert path.read_text(encoding="utf-8") == TEXT


def test_the_share_of_2015_is_left_open(plan: Plan) -> None:
    target = plan.target("T02")
    assert target is not None
    assert target.base is not None
    assert (target.base.year, target.base.mode, target.base.value) == (2015, "difference", None)


def test_evidence_that_is_not_the_plans_own_measure_says_why(plan: Plan) -> None:
    for target in plan.targets:
        for rule in target.evidence:
            assert rule.reason is not None, (target.id, rule.indicator)


def test_the_rules_rest_on_norms_that_are_marked_unverified(packs: Mapping[str, Pack]) -> None:
    norms = packs["zone-plan-2017"].norms
    assert {n.id for n in norms} == {
        "about-tolerance", "conflict-tolerance", "approximate-margin", "preliminary-margin",
    }  # fmt: skip
    assert not any(n.verified for n in norms)
    assert all("assumption" in n.source for n in norms)


def test_the_89_systems_stand_in_sections_of_the_outline() -> None:
    sections = {row["code"] for row in shipped("zone-plan-2017/codes/section.csv")}
    systems = shipped("zone-plan-2017/codes/system.csv")
    assert [row["code"] for row in systems] == [f"S{n:02d}" for n in range(1, 90)]
    for row in systems:
        assert row["section"] in sections, row["code"]
        assert set(row["sections"].split("；")) <= sections, row["code"]


def test_the_words_of_a_system_are_pieces_of_the_plan() -> None:
    for row in shipped("zone-plan-2017/codes/system.csv"):
        for piece in re.split(r"[…；,、()]\s*", row["zh"].removesuffix("等")):
            assert piece in TEXT, (row["code"], piece)


def test_a_narrowed_system_says_what_is_built_instead_in_both_languages() -> None:
    narrowed = [r for r in shipped("zone-plan-2017/codes/system.csv") if r["narrowed"] == "yes"]
    assert [row["code"] for row in narrowed] == ["S29", "S51", "S55", "S60"]
    assert all(row["narrowed_zh"] and row["narrowed_en"] for row in narrowed)


def _judge(packs: Mapping[str, Pack], plan: Plan, as_of: date) -> dict[str, str]:
    """Verdicts on everything that the packs ship, by the installed runner of examples."""
    resource = packs["statistics-zhejiang"].resources["observation"]
    assert resource.data is not None
    pack = packs["zone-plan-2017"]
    example: Example = replace(pack.examples[0], as_of=as_of)
    indicators = {key: i for p in packs.values() for key, i in p.indicators.items()}
    given = {
        "statistics_zhejiang__observation": Given(resource, typed_rows(resource, resource.data))
    }
    rows = find_runner().run_plan(plan, given, indicators, example)
    return {str(row["target"]): str(row["verdict"]) for row in rows}


def test_the_shipped_figures_lead_to_the_verdicts_that_the_sources_bear(
    packs: Mapping[str, Pack], plan: Plan
) -> None:
    found = _judge(packs, plan, date(2026, 1, 1))
    assert found.pop("T02") in {"likely_met", "undecided", "no_evidence"}
    assert found == VERDICTS


def test_at_the_end_of_2018_nothing_due_in_2019_is_judged(
    packs: Mapping[str, Pack], plan: Plan
) -> None:
    found = _judge(packs, plan, date(2018, 12, 31))
    due_2019 = {t.id for t in plan.targets if t.due and t.due.year == 2019}
    assert {found[key] for key in due_2019} == {"not_yet_due"}
    assert found["T27"] == "milestone_reached"
