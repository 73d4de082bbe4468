"""What a data package says of itself, as the specification of Frictionless has it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from frictionless import Package

from qiantang.kernel.text import Text
from qiantang.standards.data_package import descriptor
from qiantang.standards.entries import EMPTY, Agency, CatalogueEntry

COLUMNS = ({"id": "number", "type": "integer", "name": {"zh": "编号", "en": "Number"}},)
ENTRY = CatalogueEntry(
    identifier="urn:qiantang:330000:harbour.deep_berths@330106",
    id="harbour.deep_berths@330106",
    title=Text("泊位", "Berths"),
    description=Text("各渔港泊位", "Berths of each harbour"),
    publisher=Agency("330106-stats", Text("统计局", "Statistics")),
    page="https://data.example/catalogue/harbour.deep_berths@330106/",
)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Text("CC BY 4.0", "CC BY 4.0"), ("CC-BY-4.0", "creativecommons.org/licenses/by/4.0/")),
        (Text("cc-by-sa 4.0", ""), ("CC-BY-SA-4.0", "creativecommons.org/licenses/by-sa/4.0/")),
        (Text("政务部门依职责使用", "For public bodies"), (None, "data.example/catalogue/")),
        (EMPTY, None),
    ],
)
def test_a_licence_has_the_name_of_the_register_or_an_address(
    said: Text, expected: tuple[str | None, str] | None
) -> None:
    licences = descriptor(replace(ENTRY, licence=said), COLUMNS, path="data.csv").get("licenses")
    if expected is None:
        assert licences is None
        return
    (licence,) = licences
    assert licence.get("name") == expected[0]
    assert expected[1] in licence["path"]
    assert licence["title"] == said.zh


def test_names_have_only_the_characters_of_the_specification() -> None:
    said = descriptor(ENTRY, COLUMNS, path="data.csv")
    names = [said["name"], said["resources"][0]["name"]]
    assert names == ["harbour.deep-berths-330106", "deep-berths-330106"]
    assert all(re.fullmatch(r"[a-z0-9._/-]+", name) for name in names)
    assert not [*Package.metadata_validate(said)]
