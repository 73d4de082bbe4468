"""Samples are right where they say so, wrong where they say so, and the same for the same seed."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from stdnum import luhn
from stdnum.cn import uscc as stdnum_uscc

from qiantang.engine.samples import KINDS, Planted, generate, sample
from qiantang.engine.samples.chance import Chance
from qiantang.engine.samples.errors import SampleTooLarge, SampleUnknown
from qiantang.engine.samples.patterns import most_like, texts_like
from qiantang.engine.samples.world import ON, find_resource, world
from qiantang.kernel.identifiers import resident_id
from qiantang.packkit import Pack, builtin_packs, load_packs
from qiantang.packkit.compiled import Resource

PACKS = load_packs(builtin_packs()).packs
COMMONS = PACKS["data-commons"].resources
ROWS = 900


def _resource(name: str) -> Resource:
    return COMMONS[name]


def _frame(name: str, rows: int = ROWS, **how: int) -> pl.DataFrame:
    return sample(_resource(name), rows, packs=PACKS, **{"seed": 3, **how})


def test_the_same_seed_gives_the_same_rows_in_batches_of_any_size() -> None:
    whole = _frame("population")
    parts = generate(_resource("population"), ROWS, packs=PACKS, seed=3, batch_rows=77)
    assert pl.concat([pl.DataFrame(b) for b in parts]).equals(whole)
    assert not _frame("population", seed=4).equals(whole)


def test_more_rows_begin_with_the_same_people_when_nothing_is_referred_to() -> None:
    assert _frame("population", 2000).head(ROWS).equals(_frame("population"))


def test_resident_ids_are_right_and_agree_with_birth_and_sex() -> None:
    people = _frame("population")
    divisions = {c.code for c in PACKS["geography"].codes["division"].on(ON)}
    for number, birth, sex in people.select("resident_id", "birth_date", "sex").iter_rows():
        found = resident_id(number)
        assert (found.birth.isoformat(), found.sex) == (birth, sex)
        assert found.division in divisions


def test_credit_codes_and_cards_are_right_by_another_library() -> None:
    for code in _frame("legal-entity")["uscc"]:
        stdnum_uscc.validate(code)
    for card in _frame("social-insurance")["account"].drop_nulls():
        luhn.validate(card)


def test_vehicle_numbers_carry_the_check_character_of_the_standard() -> None:
    values = {**{str(n): n for n in range(10)}, **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
              **dict(zip("JKLMN", range(1, 6), strict=True)), "P": 7, "R": 9,
              **dict(zip("STUVWXYZ", range(2, 10), strict=True))}  # fmt: skip
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    for vin in _frame("vehicle")["vin"]:
        total = sum(values[c] * w for c, w in zip(vin, weights, strict=True))
        assert vin[8] == "0123456789X"[total % 11]


@pytest.mark.parametrize("name", sorted(COMMONS))
def test_keys_differ_and_references_join(name: str) -> None:
    resource = _resource(name)
    frame = _frame(name)
    assert frame.select(resource.grain).n_unique() == ROWS
    for field in resource.fields:
        values = frame[field.id]
        assert not field.required or values.null_count() == 0, field.id
        if field.unique:
            assert values.drop_nulls().n_unique() == values.len() - values.null_count(), field.id
        if field.reference:
            other, _, key = field.reference.rpartition(".")
            known = set(_frame(other.partition(".")[2])[key])
            assert set(values.drop_nulls()) <= known, field.id


def test_a_pool_smaller_than_the_rows_is_kept_to() -> None:
    contributions = _frame("social-insurance", 600, pool=40)
    people = _frame("population", 40)
    assert set(contributions["insured_number"]) <= set(people["resident_id"])
    assert set(contributions["uscc"]) <= set(_frame("legal-entity", 40)["uscc"])


def test_more_rows_than_there_can_be_are_refused_with_the_bound() -> None:
    with pytest.raises(SampleTooLarge) as caught:
        generate(_resource("assistance"), 101, packs=PACKS, pool=100)
    assert "100" in caught.value.message("en")
    with pytest.raises(SampleTooLarge):
        generate(_resource("air-station"), 1001, packs=PACKS)


def test_an_unknown_resource_is_named_with_those_there_are() -> None:
    with pytest.raises(SampleUnknown) as caught:
        find_resource(PACKS, "data-commons.peple")
    assert "data-commons.population" in caught.value.message("en")


def test_without_divisions_there_is_no_sample() -> None:
    only: dict[str, Pack] = {"data-commons": PACKS["data-commons"]}
    with pytest.raises(SampleUnknown):
        world(only, seed=1, pool=1)


def test_phones_belong_to_nobody_and_bodies_of_codes_are_marked() -> None:
    assert {m[:3] for m in _frame("population")["mobile"].drop_nulls()} == {"141"}
    assert {c[8:10] for c in _frame("legal-entity")["uscc"]} == {"MX"}


def _age(birth: str, day: str) -> int:
    """Whole years."""
    return int(day[:4]) - int(birth[:4]) - (day[5:] < birth[5:])


def test_spouses_are_a_man_and_a_woman_of_lawful_age_and_about_as_old() -> None:
    couples = _frame("marriage", 500, seed=1)
    apart = []
    fields = ("husband_id", "husband_birth", "wife_id", "wife_birth", "registered_on")
    for man, his, woman, hers, day in couples.select(fields).iter_rows():
        assert (resident_id(man).sex, resident_id(woman).sex) == ("1", "2")
        assert (resident_id(man).birth.isoformat(), resident_id(woman).birth.isoformat()) == (
            his,
            hers,
        )
        assert _age(his, day) >= 22
        assert _age(hers, day) >= 20
        apart.append(abs(int(his[:4]) - int(hers[:4])))
    assert max(apart) <= 20
    assert sum(years > 10 for years in apart) < 0.03 * len(apart)
    assert sum(apart) / len(apart) > 1


def test_people_marry_soon_after_they_may_and_some_of_them_late() -> None:
    couples = _frame("marriage", 500, seed=1)
    days = couples.select("husband_birth", "registered_on").iter_rows()
    ages = sorted(_age(birth, day) for birth, day in days)
    assert 24 <= ages[250] <= 32
    assert ages[-1] > 40


def test_a_register_with_nobody_to_marry_still_fills_the_rows() -> None:
    couples = _frame("marriage", 6, pool=1)
    assert couples["husband_id"].to_list() == couples["wife_id"].to_list()


def test_the_insured_are_of_working_age() -> None:
    for number, month in _frame("social-insurance", 500).select("insured_number", "month").rows():
        assert 16 <= _age(resident_id(number).birth.isoformat(), f"{month}-01") <= 60


def test_insured_people_stay_apart_when_only_some_of_the_register_may_work() -> None:
    with pytest.raises(SampleTooLarge) as caught:
        generate(_resource("social-insurance"), 40 * 60, packs=PACKS, pool=40)
    found = re.search(r"has (\d+) different", caught.value.message("en"))
    assert found
    bound = int(found[1])
    frame = _frame("social-insurance", bound, pool=40, seed=1)
    assert frame.select("insured_number", "month", "kind").n_unique() == bound
    assert frame["insured_number"].n_unique() == bound // 60 < 40


def _planted(name: str, share: float, rows: int = ROWS) -> tuple[pl.DataFrame, list[Planted]]:
    told: list[Planted] = []
    made = generate(_resource(name), rows, packs=PACKS, seed=3, faults=share, truth=told.extend)
    return pl.concat([pl.DataFrame(batch) for batch in made]), told


@pytest.mark.parametrize("name", ["population", "licence", "social-insurance", "vehicle"])
def test_the_truth_tells_every_cell_that_is_not_as_it_should_be(name: str) -> None:
    clean, (wrong, told) = _frame(name), _planted(name, 0.2)
    differ = {
        (row + 1, key)
        for key in clean.columns
        for row in clean[key].ne_missing(wrong[key]).arg_true()
    }
    assert differ == {(each.row, each.field) for each in told}
    for each in told:
        assert wrong[each.field][each.row - 1] == each.value
        assert clean[each.field][each.row - 1] == each.original


def test_the_share_of_faulty_rows_is_about_as_asked() -> None:
    _, told = _planted("population", 0.1, 20_000)
    assert 0.09 < len({each.row for each in told}) / 20_000 < 0.105


def test_every_kind_of_fault_is_planted_somewhere() -> None:
    seen = {p.kind for name in COMMONS for p in _planted(name, 0.9)[1]}
    assert seen == set(KINDS)


def test_no_faults_means_none() -> None:
    frame, told = _planted("population", 0.0)
    assert told == []
    assert frame.equals(_frame("population"))


@pytest.mark.parametrize(
    ("pattern", "first", "most"),
    [
        ("BS33[0-9]{6}", "BS33000001", 10**6),
        (r"[23]\d{4}", None, 10**4),
        ("A[0-9]{2,4}", "A01", 10**4),
        ("AB", "AB", 1),
        ("(a|b)+", "1", None),
    ],
)
def test_texts_match_their_pattern_and_count_the_rows(
    pattern: str, first: str | None, most: int | None
) -> None:
    made = texts_like(pattern, Chance(1), "x", np.arange(50, dtype=np.int64))
    assert most_like(pattern) == most
    assert first is None or made[0] == first
    if most is not None:
        assert made.str.contains(f"^(?:{pattern})$").all()
    assert made.n_unique() == min(50, most or 50)


def test_a_sample_is_written_in_batches_and_never_held_whole(tmp_path: Path) -> None:
    batches = generate(_resource("population"), 1_000_000_000 // 4, packs=PACKS, batch_rows=1000)
    first, second = next(batches), next(batches)
    assert (first.num_rows, second.num_rows) == (1000, 1000)
    assert first["resident_id"][0] != second["resident_id"][0]
