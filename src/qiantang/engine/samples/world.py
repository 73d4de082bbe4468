"""What all samples of one seed share: the divisions, code lists, and the tables they refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from qiantang.engine.samples.chance import Chance
from qiantang.engine.samples.errors import SampleUnknown
from qiantang.engine.samples.firms import Firms
from qiantang.engine.samples.fitting import Fitting
from qiantang.engine.samples.people import People
from qiantang.engine.samples.places import Places, places_of
from qiantang.packkit.compiled import CodeList, Pack, Resource

ON: Final = date(2025, 12, 31)
"""The day on which codes are in force: the last day of which samples speak."""
DIVISIONS: Final = "geography.division"


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """``pool``: how many rows each resource has that others refer to."""

    chance: Chance
    packs: Mapping[str, Pack]
    places: Places
    pool: int
    registers: dict[str, People | Firms] = field(default_factory=dict)
    chosen: dict[str, Fitting] = field(default_factory=dict)

    def resource(self, id: str) -> Resource:
        """The resource ``pack.local``. Raises `SampleUnknown`."""
        return find_resource(self.packs, id)

    def codes(self, id: str) -> CodeList | None:
        pack, _, local = id.partition(".")
        return self.packs[pack].codes.get(local) if pack in self.packs else None

    def leaves(self, id: str) -> tuple[str, ...]:
        """Codes in force that no other code stands below."""
        listed = self.codes(id)
        if listed is None:
            return ("",)
        if id == DIVISIONS:
            return self.places.codes
        rows = listed.on(ON) or listed.codes
        parents = {code.parent for code in rows}
        return tuple(c.code for c in rows if c.code not in parents) or ("",)

    def people(self, label: str) -> People:
        found = self.registers.get(f"people/{label}")
        if not isinstance(found, People):
            found = People(self.chance, self.places, label)
            self.registers[f"people/{label}"] = found
        return found

    def fitting(self, label: str, pool: int) -> Fitting:
        """Who of the first ``pool`` people of a register may be what a row says."""
        if label not in self.chosen:
            self.chosen[label] = Fitting(self.people(label), pool)
        return self.chosen[label]

    def firms(self, label: str) -> Firms:
        return Firms(self.chance, self.places, label)


def find_resource(packs: Mapping[str, Pack], id: str) -> Resource:
    """The resource ``pack.local``. Raises `SampleUnknown`."""
    pack, _, local = id.partition(".")
    found = packs[pack].resources.get(local) if pack in packs else None
    if found is None:
        known = sorted(f"{p}.{r}" for p, each in packs.items() for r in each.resources)
        raise SampleUnknown(found=id, expected="、".join(known))
    return found


def world(packs: Mapping[str, Pack], *, seed: int, pool: int) -> World:
    """The world of a seed over compiled packs, among them geography."""
    chance = Chance(seed)
    geography = packs.get("geography")
    listed = geography.codes.get("division") if geography else None
    if listed is None:
        raise SampleUnknown(found=DIVISIONS, expected="、".join(packs))
    return World(chance, packs, places_of(listed, chance, ON), max(pool, 1))
