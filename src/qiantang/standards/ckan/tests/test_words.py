"""Words that rows are searched for, plain and in PostgreSQL's language."""

from __future__ import annotations

import pytest

from qiantang.standards.ckan.words import (
    MOST,
    AllOf,
    AnyOf,
    Follows,
    Holds,
    Not,
    Sought,
    language,
    plain_words,
)
from qiantang.standards.errors import ArgumentWrong

A, B, C = (Follows((word,)) for word in "abc")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a", A),
        ("A", A),
        ("a & b", AllOf((A, B))),
        ("a|b", AnyOf((A, B))),
        ("a & b | c", AnyOf((AllOf((A, B)), C))),
        ("a & (b | c)", AllOf((A, AnyOf((B, C))))),
        ("!a & b", AllOf((Not(A), B))),
        ("!!a", Not(Not(A))),
        ("!(a | b)", Not(AnyOf((A, B)))),
        ("a <-> b", Follows(("a", "b"))),
        ("a <-> b:*", Follows(("a", "b"), begins=True)),
        ("'a b'", Follows(("a", "b"))),
        ("'a b':*", Follows(("a", "b"), begins=True)),
        ("泊位1", Follows(("泊", "位", "1"))),
        ("臺北市 | ＡＢ１", AnyOf((Follows(("臺", "北", "市")), Follows(("ab1",))))),
        ("it's", None),
        ("a b", None),
        ("a:* <-> b", None),
        ("(a & b) <-> c", None),
        ("a:B", None),
        ("", None),
        ("!" * 50 + "a", None),
        ("(" * 50 + "a" + ")" * 50, None),
        ("a & " * 5 * MOST + "a", None),
    ],
)
def test_the_language_of_words(text: str, meant: Sought | None) -> None:
    if meant is not None:
        assert language("q", text) == meant
        return
    with pytest.raises(ArgumentWrong) as refused:
        language("q", text)
    assert refused.value.fields["parameter"] == "q"


def test_plain_words_all_stand_somewhere() -> None:
    assert plain_words("q", " a&b  !c ") == AllOf((Holds("a&b"), Holds("!c")))
    with pytest.raises(ArgumentWrong):
        plain_words("q", "a " * (MOST + 1))
