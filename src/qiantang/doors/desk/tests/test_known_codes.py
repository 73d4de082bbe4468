"""The form of an entry offers the codes that it knows, with what they are called."""

from __future__ import annotations

import pytest
from django.utils.html import escape

from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.kernel.actors import Actor
from qiantang.rooms.shelf import selectors as shelf

pytestmark = pytest.mark.usefixtures("zone")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_classes_code_lists_and_elements_are_offered_with_their_names(
    lang: str, officer: Actor, signed_in: SignedIn
) -> None:
    page = signed_in(officer).get(f"/desk/resources/new/?lang={lang}").content.decode()
    assert 'name="classes" value="" list="known-classes"' in page
    assert 'name="item-0-codes" list="known-codes"' in page
    assert 'name="item-0-element" list="known-elements"' in page
    known = shelf.code_list("data-commons.resource-class").codes[0]
    assert f'<option value="{known.code}">{escape(known.name.in_(lang))}' in page
    assert f'<option value="data-commons.resource-class">{escape(known.name.in_(lang))}' in page
    declared = signed_in(officer).get("/desk/resources/geography.division/edit/?lang=zh")
    assert "<td>文本</td><td>非个人信息</td>" in declared.content.decode()
    assert shelf.elements()
    for id, element in shelf.elements().items():
        assert f'<option value="{id}">{escape(element.name.in_(lang))}</option>' in page
