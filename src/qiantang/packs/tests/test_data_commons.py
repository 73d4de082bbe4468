"""The common pack: classes, data elements, duties and resources that hold together."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest

from qiantang.packkit import builtin_packs, load_packs
from qiantang.packkit.compiled import Pack, Personal

ON = date(2026, 1, 1)
NATURAL = ("resident-id", "person-name", "mobile", "birth-date", "bank-account")


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    return load_packs(builtin_packs()).packs


@pytest.fixture(scope="module")
def commons(packs: dict[str, Pack]) -> Pack:
    return packs["data-commons"]


def test_classes_are_three_deep_and_each_code_begins_with_its_parents(commons: Pack) -> None:
    codes = {c.code: c for c in commons.codes["resource-class"].codes}
    assert {c for c in codes if len(c) == 1} == {"1", "2", "3"}
    assert {len(c) for c in codes} == {1, 3, 6}
    assert [c.code for c in codes.values() if not c.code.startswith(c.parent)] == []
    base = [c.name.zh for c in codes.values() if c.parent == "1"]
    assert base == ["人口信息", "法人单位信息", "自然资源和空间地理信息", "社会信用信息",
                    "电子证照信息", "宏观经济信息"]  # fmt: skip


def test_every_department_has_a_class(packs: dict[str, Pack], commons: Pack) -> None:
    departments = [c.name for c in packs["geography"].codes["department"].codes]
    classes = [c.name for c in commons.codes["resource-class"].codes if c.parent == "3"]
    assert classes == departments


def test_every_resource_has_a_main_class_and_that_of_its_department(
    packs: dict[str, Pack], commons: Pack
) -> None:
    names = {c.code: c.name.zh for c in commons.codes["resource-class"].codes}
    departments = {c.code: c.name.zh for c in packs["geography"].codes["department"].codes}
    for resource in commons.resources.values():
        assert resource.classes[0][0] in "12", resource.id
        assert departments[resource.owner] in {names[c] for c in resource.classes}, resource.id


def test_eight_departments_and_more_have_resources_and_each_is_on_the_duty_list(
    commons: Pack,
) -> None:
    assert len({r.owner for r in commons.resources.values()}) >= 8
    listed = {duty.resource for duty in commons.duties}
    assert {f"data-commons.{key}" for key in commons.resources} <= listed
    for duty in commons.duties:
        pack, _, local = duty.resource.partition(".")
        if pack == "data-commons":
            assert commons.resources[local].owner == duty.department, duty.id


def test_fields_take_identifiers_ranges_and_classes_from_their_elements(commons: Pack) -> None:
    people = commons.resources["population"]
    number = people.field("resident_id")
    assert number is not None
    assert (number.identifier, number.personal) == ("cn.resident-id", Personal.SENSITIVE)
    assert dict(number.agrees) == {"birth": "birth_date", "sex": "sex"}
    capital = commons.resources["legal-entity"].field("capital")
    assert capital is not None
    assert (capital.unit, str(capital.minimum)) == ("万元", "0")


@pytest.mark.parametrize("element", NATURAL)
def test_what_tells_of_a_person_is_classified(element: str, commons: Pack) -> None:
    assert commons.elements[element].personal is not Personal.NONE


def test_code_lists_have_their_well_known_lengths(commons: Pack) -> None:
    lengths = {key: len(listed.on(ON)) for key, listed in commons.codes.items()}
    assert lengths["ethnic-group"] == 56
    assert lengths["industry"] == 20
    assert lengths["quality-dimension"] == 6
    assert {c.code for c in commons.codes["sex"].codes} == {"0", "1", "2", "9"}


def test_every_code_list_says_where_it_comes_from(commons: Pack) -> None:
    for listed in commons.codes.values():
        for code in listed.codes:
            assert code.extra["source"].strip(), (listed.id, code.code)
            assert code.extra["status"] in {"verified", "unverified"}, (listed.id, code.code)


def test_no_word_stands_in_two_groups_of_synonyms(commons: Pack) -> None:
    for one, other in combinations(commons.synonyms, 2):
        assert not set(one) & set(other)


def test_the_ages_of_the_check_are_those_of_the_norms(commons: Pack) -> None:
    ages = {n.id: n.value for n in commons.norms}
    held = {c.id: c.holds for c in commons.resources["marriage"].checks}
    assert f"interval {ages['marriage_age_man']} year" in held["man-of-age"]
    assert f"interval {ages['marriage_age_woman']} year" in held["woman-of-age"]
