"""Queries in the part of Solr's language that is spoken, and what is refused of the rest."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qiantang.standards.ckan.conditions import (
    EVERYTHING,
    Both,
    Condition,
    Either,
    Span,
    Value,
    Without,
    Words,
)
from qiantang.standards.ckan.pieces import Wild
from qiantang.standards.ckan.queries import DEEPEST, MOST_TERMS, parse_query
from qiantang.standards.ckan.times import moment_of
from qiantang.standards.errors import QueryNotUnderstood


def value(field: str, *parts: str | Wild) -> Value:
    return Value(field, parts)


@pytest.mark.parametrize(
    ("q", "meant"),
    [
        ("", EVERYTHING),
        ("*:*", EVERYTHING),
        ("*", EVERYTHING),
        ('""', EVERYTHING),
        ("title:*", EVERYTHING),
        ("+state:active +capacity:public", EVERYTHING),
        ("water", Words("", "water")),
        ("text:water", Words("", "water")),
        ("water supply", Both((Words("", "water"), Words("", "supply")))),
        ("water AND supply", Both((Words("", "water"), Words("", "supply")))),
        ("water && supply", Both((Words("", "water"), Words("", "supply")))),
        ('"water supply"', Words("", "water supply", quoted=True)),
        ('"a \\"b\\" c"', Words("", 'a "b" c', quoted=True)),
        ("wat*", Words("", "wat", begins=True)),
        ("title:water", Words("title", "water")),
        ('notes:"tap water"', Words("notes", "tap water", quoted=True)),
        ("title:(a b)", Both((Words("title", "a"), Words("title", "b")))),
        ("title:(a OR b)", Either((Words("title", "a"), Words("title", "b")))),
        ("a || b", Either((Words("", "a"), Words("", "b")))),
        ("title:a OR notes:b", Either((Words("title", "a"), Words("notes", "b")))),
        ("-a", Without(Words("", "a"))),
        ("NOT tags:a", Without(value("tags", "a"))),
        ("!tags:a", Without(value("tags", "a"))),
        ("a -b", Both((Words("", "a"), Without(Words("", "b"))))),
        (
            "(tags:a OR groups:b) AND name:c",
            Both((Either((value("tags", "a"), value("groups", "b"))), value("name", "c"))),
        ),
        ("-(a AND b)", Without(Both((Words("", "a"), Words("", "b"))))),
        ("((a))", Words("", "a")),
        ("tags:wa*er", value("tags", "wa", Wild.MANY, "er")),
        ("tags:*", value("tags", Wild.MANY)),
        ("tags:wa\\*er", value("tags", "wa*er")),
        ("tags:a\\ b", value("tags", "a b")),
        ("res_format:X?S*", value("res_format", "X", Wild.ONE, "S", Wild.MANY)),
        ("tags:(a OR *:* )", None),
        ("a OR *:*", EVERYTHING),
        ("anderson", Words("", "anderson")),
        ("water-supply", Words("", "water-supply")),
    ],
)
def test_a_query_means_what_it_says(q: str, meant: Condition | None) -> None:
    if meant is None:
        with pytest.raises(QueryNotUnderstood):
            parse_query(q)
    else:
        assert parse_query(q) == meant
        assert parse_query(fq=q) == meant


def test_everything_that_is_asked_holds() -> None:
    found = parse_query("a", ["tags:b +name:c", "*:*"])
    assert found == Both((Words("", "a"), value("tags", "b"), value("name", "c")))


def test_a_range_is_from_one_moment_to_another() -> None:
    day = datetime(2026, 1, 31, 8, tzinfo=UTC)
    assert parse_query("metadata_modified:[2026-01-31T08:00:00Z TO *]") == Span(day, None)
    said = "metadata_modified:{* TO 2026-01-31T08:00:00}"
    assert parse_query(said) == Span(None, day, with_since=False, with_until=False)
    now = datetime(2026, 3, 31, 8, 30, 15, 5, tzinfo=UTC)
    for text, meant in (
        ("NOW", now),
        ("NOW-7DAYS", datetime(2026, 3, 24, 8, 30, 15, 5, tzinfo=UTC)),
        ("NOW/DAY", datetime(2026, 3, 31, tzinfo=UTC)),
        ("NOW-1MONTH/MONTH", datetime(2026, 2, 1, tzinfo=UTC)),
        ("NOW-1MONTH", datetime(2026, 2, 28, 8, 30, 15, 5, tzinfo=UTC)),
        ("NOW/DAY+6HOURS", datetime(2026, 3, 31, 6, tzinfo=UTC)),
        ("NOW-1YEAR/YEAR", datetime(2025, 1, 1, tzinfo=UTC)),
        ("2026-01-31T16:00:00.5+08:00", datetime(2026, 1, 31, 8, 0, 0, 500_000, tzinfo=UTC)),
    ):
        assert moment_of(text, now) == meant, text
    for text in ("2026-01-31", "NOW-7FORTNIGHTS", "NOW-", "NOW-999999YEARS", "soon", "T"):
        assert moment_of(text, now) is None, text


@pytest.mark.parametrize(
    ("q", "why"),
    [
        ("a OR b c", "OR beside"),
        ("a OR b AND c", "OR beside"),
        ("+a OR b", "OR beside"),
        ("a OR -b", "exclusion within OR"),
        ("title:a^2", "boost"),
        ("(a b)^2", "boost"),
        ('"a b"~3', "fuzzy"),
        ("water~", "fuzzy"),
        ("w*ter", "wildcard"),
        ("title:*ter", "wildcard"),
        ("wat?r", "wildcard"),
        ("/wat.*/", "regular expression"),
        ("{!lucene}x", "local parameters"),
        ("colour:red", "a field"),
        ("tags:[a TO b]", "range"),
        ("metadata_modified:[2026 TO *]", "range"),
        ("[a TO b]", "range"),
        ("(a", "unfinished"),
        ("a)", "unfinished"),
        ('"a', "unfinished"),
        ("a OR", "unfinished"),
        ("AND a", "unfinished"),
        ("a AND OR b", "unfinished"),
        ("a - b", "unfinished"),
        ("()", "unfinished"),
        ("NOT", "unfinished"),
        ("tags:(title:a)", "unfinished"),
        ("name:a:b", "unfinished"),
        ("a&&b", "unfinished"),
        ("-*:*", ""),
        ("-state:active", ""),
        ("state:deleted", ""),
        ('tags:""', ""),
        ("metadata_modified:2026", ""),
        ("(" * (DEEPEST + 2) + "a" + ")" * (DEEPEST + 2), "too many"),
        ("a " * 5 * MOST_TERMS, "too many"),
    ],
)
def test_what_is_not_spoken_is_named(q: str, why: str) -> None:
    with pytest.raises(QueryNotUnderstood) as refused:
        parse_query(q)
    assert why in str(refused.value)
    assert refused.value.fields["parameter"] == "q"


@pytest.mark.parametrize(
    ("written", "value", "found"),
    [
        ("wa*er", "water", True),
        ("wa*er", "waer", True),
        ("wa*er", "waters", False),
        ("*", "anything", True),
        ("*", "", True),
        ("?", "", False),
        ("w?t*", "water", True),
        ("*er", "water pipe er", True),
        ("*a?b*", "xxaabxx", True),
        ("水*", "水质", True),
        ("W*", "water", False),
        ("*a" * 60 + "*b", "a" * 300, False),
        ("a*" * 60, "a" * 300, True),
    ],
)
def test_a_value_fits_its_wildcards(written: str, value: str, found: bool) -> None:
    condition = parse_query(f"tags:{written}")
    assert isinstance(condition, Value)
    assert condition.fits(value) is found
    assert condition.fits(value.upper(), any_case=True) is (found or written == "W*")


def test_no_text_ends_in_another_error() -> None:
    marks = ["(", ")", '"', "\\", "*", "?", ":", "+", "-", "!", "[", "]", "{", "}", "^", "~", "/"]
    letters = [*marks, "&&", "||", " ", "AND", "OR", "NOT", "TO", "a", "tags:", "title", "渔", "　"]
    for number in range(30_000):
        places = (number * 7919 % 29, number // 29 % 29, number * 31 % 29, number // 841 % 29)
        text = "".join(letters[place] for place in (*places, number % 29))
        try:
            parse_query(text)
        except QueryNotUnderstood:
            continue
