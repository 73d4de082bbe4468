"""A zone's whole tree of governments and departments is founded at once, or not at all."""

from __future__ import annotations

import pytest

from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.rooms.journal import selectors as journal
from qiantang.rooms.people import selectors
from qiantang.rooms.people.errors import (
    AlreadyExists,
    BadOrganisation,
    NotAdministrator,
    OrganisationUnknown,
)
from qiantang.rooms.people.founding import Founding, found_organisations

pytestmark = pytest.mark.django_db
CITY = Founding("330300", Text("温州市人民政府", "Wenzhou"), parent="330000")
BUREAU = Founding("330300", Text("温州市统计局", "Wenzhou Statistics"), department="stats")


def test_parents_may_come_in_the_same_list(tree: None, administrator: Actor) -> None:
    assert found_organisations(administrator, [CITY, BUREAU]) == 2
    bureau = selectors.organisation("330300-stats")
    assert bureau.path == "/330000/330300/330300-stats/"
    entries = journal.entries(administrator, subject="organisations")
    assert entries.entries[0].detail["codes"] == ["330300", "330300-stats"]


def test_one_that_cannot_be_leaves_none(tree: None, administrator: Actor) -> None:
    for wrong, refusal in (
        (Founding("330100", Text("杭州市", "Hangzhou"), parent="330000"), AlreadyExists),
        (Founding("330400", Text("嘉兴市", "Jiaxing"), parent="990000"), OrganisationUnknown),
        (Founding("3304", Text("嘉兴市", "Jiaxing"), parent="330000"), BadOrganisation),
    ):
        with pytest.raises(refusal):
            found_organisations(administrator, [CITY, wrong])
    assert "330300" not in {o.code for o in selectors.organisations()}


def test_only_for_administrators_of_the_whole_zone(tree: None, hangzhou_admin: Actor) -> None:
    with pytest.raises(NotAdministrator):
        found_organisations(hangzhou_admin, [CITY])
