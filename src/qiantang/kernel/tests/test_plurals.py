"""English words in the other number."""

from __future__ import annotations

import pytest

from qiantang.kernel.plurals import beginnings, numbers


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("population", "populations"),
        ("hospital", "hospitals"),
        ("city", "cities"),
        ("movie", "movies"),
        ("day", "days"),
        ("class", "classes"),
        ("box", "boxes"),
        ("house", "houses"),
        ("tie", "ties"),
        ("analysis", "analyses"),
        ("index", "indices"),
        ("bus", "buses"),
        ("woman", "women"),
        ("child", "children"),
    ],
)
def test_each_number_begins_as_one_of_what_is_looked_for_with_the_other(
    one: str, many: str
) -> None:
    assert one.startswith(beginnings(many))
    assert many.startswith(beginnings(one))


@pytest.mark.parametrize("word", ["statistics", "species", "series", "news"])
def test_a_word_of_one_number_finds_itself(word: str) -> None:
    assert word.startswith(beginnings(word))


@pytest.mark.parametrize("word", ["gis", "gps", "news", "status", "access", "2017", "pm2", "水"])
def test_what_is_no_plural_stays(word: str) -> None:
    assert beginnings(word) == (word,)


@pytest.mark.parametrize(
    ("word", "both"),
    [
        ("berth", {"berth", "berths"}),
        ("cities", {"city", "cities"}),
        ("city", {"city", "cities"}),
        ("class", {"class", "classes"}),
        ("index", {"index", "indices"}),
        ("2017", {"2017"}),
        ("水", {"水"}),
    ],
)
def test_a_word_is_found_in_either_number_and_no_longer(word: str, both: set[str]) -> None:
    assert set(numbers(word)) == both
    assert numbers(word)[0] == word
