"""Entries as an upstream would give them, for tests to take."""

from __future__ import annotations

from typing import Any

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import services
from qiantang.rooms.catalogue.services import HarvestOrigin, Taken
from qiantang.standards.entries import Agency, CatalogueEntry, Word

ORIGIN = HarvestOrigin("test", Text("测试目录", "Test catalogue"), "https://example.org/")
PUBLISHER = Agency("330100-data", Text("杭州市数据局", "Hangzhou Data Bureau"))


def harvested(name: str, english: str, **more: Any) -> CatalogueEntry:
    """An entry; ``id``, ``description`` and ``keywords`` (Chinese ones) may be plain words."""
    said = more.pop("keywords", ())
    words = tuple(word if isinstance(word, Word) else Word(word, "zh") for word in said)
    description = more.pop("description", "一段与名称无关的摘要")
    return CatalogueEntry(
        identifier=f"urn:test:{more.pop('id', name)}",
        title=Text(name, english),
        description=Text(description, "An abstract"),
        keywords=words,
        **{
            "sharing": "unconditional",
            "cadence": "P1M",
            "division": "330000",
            "publisher": PUBLISHER,
            **more,
        },
    )


def taken(
    *entries: tuple[str, str, dict[str, Any]],
    origin: HarvestOrigin = ORIGIN,
    actor: Actor = SYSTEM,
) -> tuple[Taken, ...]:
    made = [harvested(name, english, **more) for name, english, more in entries]
    return services.take_harvested(actor, origin, made)
