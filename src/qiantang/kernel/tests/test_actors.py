"""Actors: a role counts within its organisation and below it, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Grant, Role
from qiantang.kernel.text import Text

HANGZHOU = "/330000/330100/"
STATS = "/330000/330100/330100-stats/"
OFFICER = Actor("user:1", Text("甲", "A"), frozenset({Grant(Role.OFFICER, STATS)}), STATS)


@pytest.mark.parametrize(
    ("path", "covered"),
    [
        (STATS, True),
        (STATS + "unit/", True),
        (HANGZHOU, False),
        ("/330000/330100/330100-commerce/", False),
        ("/330000/330200/330200-stats/", False),
        ("", False),
    ],
)
def test_a_grant_covers_its_organisation_and_what_is_below(path: str, covered: bool) -> None:
    assert OFFICER.has(Role.OFFICER, path) is covered


def test_a_role_is_not_another_role() -> None:
    assert not OFFICER.has(Role.APPROVER, STATS)
    assert OFFICER.scopes(Role.APPROVER) == ()
    assert OFFICER.scopes(Role.OFFICER) == (STATS,)


def test_the_empty_scope_is_the_whole_zone() -> None:
    assert SYSTEM.has(Role.ADMINISTRATOR, STATS)
    assert not SYSTEM.has(Role.OFFICER, STATS)
    assert SYSTEM.is_system
    assert not SYSTEM.is_anonymous


def test_the_public_holds_no_role() -> None:
    assert ANONYMOUS.is_anonymous
    assert not any(ANONYMOUS.has(role, "/330000/") for role in Role)


@pytest.mark.parametrize(
    ("scopes", "may"), [(None, True), (frozenset({"read"}), False), (frozenset({"write"}), True)]
)
def test_a_token_allows_only_what_it_was_issued_for(
    scopes: frozenset[str] | None, may: bool
) -> None:
    actor = Actor("user:1", Text("甲", "A"), token="t", token_scopes=scopes)
    assert actor.may_use("write") is may


@given(st.lists(st.sampled_from(["330000", "330100", "330100-stats", "330102"]), max_size=4))
def test_a_grant_reaches_every_descendant_and_no_ancestor(parts: list[str]) -> None:
    path = "/" + "".join(f"{part}/" for part in parts)
    grant = Grant(Role.OFFICER, path)
    assert grant.covers(path + "x/")
    if parts:
        assert not grant.covers("/" + "".join(f"{part}/" for part in parts[:-1]))
