"""A zone of an earlier release: its entries keep what they said, as version 1, and are found."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from qiantang.kernel.actors import ANONYMOUS, SYSTEM
from qiantang.rooms.catalogue import selectors, services
from qiantang.rooms.catalogue.models import EntryIndex, InformationResource, ResourceVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def earlier(fishing: Path) -> None:
    """Rows as the earlier release wrote them."""
    ResourceVersion.objects.all().delete()
    EntryIndex.objects.all().delete()
    InformationResource.objects.update(
        number=0, declared="", declaration={}, code="", division="", level="", provider_zh="",
        name_plain="", completeness=0, keywords_zh=[], edition=0,
    )  # fmt: skip
    migration = import_module("qiantang.rooms.catalogue.migrations.0004_first_versions")
    migration.give_first_versions(apps, None)


def test_entries_of_before_have_a_first_version_and_are_found(earlier: None) -> None:
    (version,) = selectors.versions(ANONYMOUS, "fishing.berths")
    assert (version.number, version.state) == (1, "published")
    assert version.content["name"] == {"zh": "泊位", "en": "Berths"}
    found = selectors.search(ANONYMOUS, "泊位", facets={"level": "province"})
    assert {hit.id for hit in found.hits} == {"fishing.berths", "fishing.catches"}
    assert {hit.provider.zh for hit in found.hits} == {"统计局"}


def test_registering_after_the_upgrade_keeps_the_history_and_gives_codes(earlier: None) -> None:
    services.register_resources(SYSTEM, "fishing")
    view = selectors.resource(ANONYMOUS, "fishing.berths")
    assert view.code
    assert selectors.versions(ANONYMOUS, "fishing.berths")[-1].number == 1
    code = view.code
    services.register_resources(SYSTEM, "fishing")
    assert selectors.resource(ANONYMOUS, "fishing.berths").code == code


def test_entries_withheld_before_are_known_to_have_gone_out_of_sight(fishing: Path) -> None:
    """The versions tell when, and under which area everybody knew the entry."""
    ResourceVersion.objects.create(
        resource_id="fishing.patrols",
        number=0,
        state="superseded",
        content={"sharing": "conditional", "division": "330100"},
        drafted_by="system",
        drafted_at=datetime.now(UTC),
    )
    rows = InformationResource.objects
    rows.update(public=False, hidden_at=None, shown_division="")
    import_module("qiantang.rooms.catalogue.migrations.0012_out_of_sight").note_sight(apps, None)
    withheld = rows.get(pk="fishing.patrols")
    decided = ResourceVersion.objects.get(resource=withheld, number=1).decided_at
    assert (withheld.public, withheld.hidden_at) == (False, decided)
    assert withheld.shown_division == "330100"
    berths = rows.get(pk="fishing.berths")
    assert (berths.public, berths.hidden_at) == (True, None)
    assert berths.shown_division == berths.division != ""
