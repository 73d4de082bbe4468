"""Keys, filters and forms as the REST specification has them."""

from __future__ import annotations

import pytest

from qiantang.kernel.text import Text
from qiantang.standards.sdmx.errors import SdmxArgument, SdmxForm
from qiantang.standards.sdmx.fitting import filter_test, key_test
from qiantang.standards.sdmx.forms import NEW_DATA, OLD_DATA, choose
from qiantang.standards.sdmx.model import TIME, VALUE, Component, DataStructure, Ref
from qiantang.standards.sdmx.questions import (
    Question,
    parse_at,
    parse_filter,
    parse_keys,
)

STRUCTURE = DataStructure(
    Ref("X", "DSD"),
    Text("结构", "Structure"),
    Ref("X", "CS"),
    (Component("FREQ"), Component("AREA"), Component("FIGURE")),
    (Component("NOTE"),),
)


def any_of(*values: str) -> frozenset[str]:
    return frozenset(values)


@pytest.mark.parametrize(
    ("said", "old", "keys"),
    [
        ("*", False, ()),
        ("all", True, ()),
        ("A.*.X", False, ((any_of("A"), None, any_of("X"), None),)),
        ("A", False, ((any_of("A"), None, None, None),)),
        ("A.1,M.*.X.Y", False, ((any_of("A"), any_of("1"), None, None),
                                (any_of("M"), None, any_of("X.Y"), None))),
        ("A+M..", True, ((any_of("A", "M"), None, None, None),)),
        ("..X.Y", True, ((None, None, any_of("X.Y"), None),)),
    ],
)  # fmt: skip
def test_keys(said: str, old: bool, keys: object) -> None:
    assert parse_keys(said, STRUCTURE, old=old) == keys


@pytest.mark.parametrize(("said", "old"), [("A", True), ("A..X", False), ("A+M.*", False)])
def test_wrong_keys(said: str, old: bool) -> None:
    with pytest.raises(SdmxArgument):
        parse_keys(said, STRUCTURE, old=old)


@pytest.mark.parametrize(
    ("key", "found"),
    [("A.*", True), ("A.1.X,Q", True), ("M", False), ("*.*.X", True), ("*.2,*.1", True)],
)
def test_a_key_fits(key: str, found: bool) -> None:
    keys = parse_keys(key, STRUCTURE, old=False)
    assert key_test(keys)(("A", "1", "X", "2019")) is found


@pytest.mark.parametrize(
    ("key", "found"),
    [("..", True), ("A+M.1+2.", True), ("M.1+2.", False), ("A.." + "+".join("XYZ"), True)],
)
def test_a_key_of_the_older_form_fits(key: str, found: bool) -> None:
    keys = parse_keys(key, STRUCTURE, old=True)
    assert key_test(keys)(("A", "1", "X", "2019")) is found


def test_a_key_of_very_many_combinations_is_asked_by_position() -> None:
    many = "+".join(f"V{n}" for n in range(150))
    fits = key_test(parse_keys(f"{many}.{many}.", STRUCTURE, old=True))
    assert fits(("V0", "V149", "X", "2019"))
    assert not fits(("V0", "V150", "X", "2019"))


class Counted(str):
    """A code that counts how often it is looked up."""

    __slots__ = ()
    looked: list[str] = []

    def __hash__(self) -> int:
        self.looked.append(self)
        return super().__hash__()


@pytest.mark.parametrize("number", [1, 100])
def test_looking_up_a_series_does_not_grow_with_the_question(number: int) -> None:
    keys = parse_keys(",".join(f"A.{n}.*" for n in range(number)), STRUCTURE, old=False)
    filters = {"AREA": parse_filter("AREA", ",".join(map(str, range(number))), STRUCTURE)}
    fits_key, fits = key_test(keys), filter_test(filters)
    Counted.looked.clear()
    key = tuple(map(Counted, ("A", "none", "X", "2019")))
    assert not fits_key(key)
    assert not fits(lambda name: key[1])
    assert Counted.looked == ["A", "none", "none"]


@pytest.mark.parametrize(
    ("id", "said", "found"),
    [
        ("FREQ", "A", True),
        ("FREQ", "M,A", True),
        ("FREQ", "ne:A", False),
        ("FREQ", "ne:A,ne:M", True),
        ("FREQ", "ne:A+ne:M", False),
        ("AREA", "sw:33+ew:00", True),
        ("AREA", "sw:33 ew:01", False),
        ("AREA", "co:301", True),
        ("AREA", "nc:301", False),
        ("AREA", "ge:330000+le:330200", True),
        (TIME, "2019", True),
        (TIME, "ge:2015+le:2020", True),
        (TIME, "gt:2019", False),
        (TIME, "lt:2020", True),
        (TIME, "le:2019-06", False),
        (TIME, "ge:2019-01-01", True),
        (TIME, "ge:2015+le:2016,ge:2019+le:2020", True),
        (VALUE, "12.5", True),
        (VALUE, "eq:12.50", True),
        (VALUE, "gt:9", True),
        (VALUE, "lt:9", False),
        ("NOTE", "A", False),
        ("NOTE", "ne:A", True),
    ],
)
def test_filters(id: str, said: str, found: bool) -> None:
    values = {"FREQ": "A", "AREA": "330100", TIME: "2019", VALUE: "12.5", "NOTE": None}
    filters = {id: parse_filter(id, said, STRUCTURE)}
    assert filter_test(filters)(values.__getitem__) is found


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("NOTHING", "A"),
        (TIME, "ge:yesterday"),
        (VALUE, "gt:many"),
        (VALUE, "gt:NaN"),
        (VALUE, "Infinity"),
        ("FREQ", ""),
        ("FREQ", "ne:"),
        ("FREQ", ",".join("A" * 3000)),
    ],
)
def test_wrong_filters(id: str, said: str) -> None:
    with pytest.raises(SdmxArgument):
        parse_filter(id, said, STRUCTURE)


def test_what_a_question_is_confined_to() -> None:
    asked = Question(
        keys=parse_keys("A.1,M.2", STRUCTURE, old=False),
        filters={"AREA": parse_filter("AREA", "2,3", STRUCTURE)},
    )
    assert asked.allowed(STRUCTURE, "FREQ") == {"A", "M"}
    assert asked.allowed(STRUCTURE, "AREA") == {"2"}
    assert asked.allowed(STRUCTURE, "FIGURE") is None
    assert Question().allowed(STRUCTURE, "FREQ") is None


def test_the_dimension_at_the_observation() -> None:
    assert parse_at("", STRUCTURE) == TIME
    assert parse_at("AREA", STRUCTURE) == "AREA"
    with pytest.raises(SdmxArgument):
        parse_at("NOTE", STRUCTURE)


VENDOR = "application/vnd.sdmx."


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "data+json;version=2.0.0"),
        ("*/*", "data+json;version=2.0.0"),
        ("text/csv", "data+csv;version=2.0.0"),
        (f"{VENDOR}data+xml", "data+xml;version=3.0.0"),
        (f"{VENDOR}data+csv;version=1.0.0", "data+csv;version=1.0.0"),
        (f"{VENDOR}data+csv;version=2.0.0;labels=both", "data+csv;version=2.0.0;labels=both"),
        (f"{VENDOR}data+json; version=2+.0.0", "data+json;version=2.0.0"),
        (f"{VENDOR}data+json;version=1.0.0, text/csv;q=0.5", "data+json;version=1.0.0"),
        ("text/html, application/xml;q=0.9, */*;q=0.1", "data+xml;version=3.0.0"),
        (f"{VENDOR}genericdata+xml;version=2.1", "genericdata+xml;version=2.1"),
        (f"{VENDOR}data+json;q=0.1, {VENDOR}data+xml;q=0.2", "data+xml;version=3.0.0"),
    ],
)
def test_the_form_that_the_reader_likes_best(accept: str, media: str) -> None:
    assert choose(accept, "", (*NEW_DATA, *OLD_DATA)).media.startswith(f"{VENDOR}{media}")


@pytest.mark.parametrize(
    ("said", "media"),
    [("csv", "data+csv;version=1.0.0"), ("json", "data+json;version=1.0.0"),
     ("xml", "genericdata+xml"), ("structurespecificdata", "structurespecificdata+xml"),
     (f"{VENDOR}data csv;version=2.0.0", "data+csv;version=2.0.0")],
)  # fmt: skip
def test_the_form_that_the_address_names(said: str, media: str) -> None:
    found = choose("text/html", said, (*OLD_DATA, *NEW_DATA)).media
    assert found.startswith(f"{VENDOR}{media}")


@pytest.mark.parametrize(
    ("accept", "said"),
    [("text/html", ""), (f"{VENDOR}data+json;version=9", ""), ("", "pdf"),
     (f"{VENDOR}data+csv;labels=both;version=3", ""), (f"{VENDOR}data+csv;labels=all", ""),
     (f"{VENDOR}data+json;q=0", "")],
)  # fmt: skip
def test_a_form_that_is_not_offered_is_refused(accept: str, said: str) -> None:
    with pytest.raises(SdmxForm):
        choose(accept, said, NEW_DATA)


def test_a_question_names_no_more_than_can_be_compared() -> None:
    assert len(parse_keys(",".join(["A.1"] * 100), STRUCTURE, old=False)) == 100
    with pytest.raises(SdmxArgument):
        parse_keys(",".join(["A.1"] * 101), STRUCTURE, old=False)
    with pytest.raises(SdmxArgument):
        parse_filter("TIME_PERIOD", ",".join(["2020"] * 201), STRUCTURE)
