"""What other deliveries published between a run's check and its write.

Asked while no other delivery of the resource is published, just before the write, so that nothing
can come in between any more. A run that is held or refused for it is saved together with its new
state by whoever catches `HeldBack`: killed in between, it is asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Resource
from qiantang.rooms.intake.beforehand import HeldBack
from qiantang.rooms.intake.examined import AGAIN, examination_of, set_more_aside
from qiantang.rooms.intake.models import Run
from qiantang.rooms.shelf import selectors as shelf

KEYS_AT: Final = "keys_at"


def table_mark(resource_id: str) -> str | None:
    """Another text after every change of the resource's table; None before its first. A run keeps
    it under `KEYS_AT` from before its keys are held against the table."""
    return shelf.lake().mark(resource_id)


def look_for_keys(run: Run, resource: Resource, existing: Callable[[Sequence[str]], Any]) -> None:
    """Set aside the rows of an appending run whose key came into the table since the check.

    Nothing is read where the table is as it was. Raises `HeldBack` where the resource's limits say
    so of the new counts: whoever decided before did not know them.
    """
    from qiantang.engine.quality.rulebook import grain_rule
    from qiantang.engine.quality.second_look import Fallen
    from qiantang.engine.quality.table_keys import places_there

    now = table_mark(run.resource)
    if not resource.grain or run.files.get(KEYS_AT) == now:
        return
    found = examination_of(run, resource)
    places = places_there(found, resource.grain, existing(resource.grain))
    run.files = {**run.files, KEYS_AT: now}
    if places.height:
        set_more_aside(run, resource, [Fallen(grain_rule(resource, "key_exists"), places)])
        _say(run, _came_in(places.height))
        decision = (run.verdict or {})["decision"]
        if decision != "publish":
            raise HeldBack(refused=decision == "refuse")
    run.save(update_fields=AGAIN)


def _say(run: Run, reason: Text) -> None:
    verdict = dict(run.verdict or {})
    run.verdict = {**verdict, "reasons": [*verdict.get("reasons", []), reason.as_dict()]}


def _came_in(rows: int) -> Text:
    return Text(
        f"检查之后另有交付入库，其中已有本次 {rows} 行的主键：这些行已剔出。",
        f"Since the check another delivery was published that has the keys of {rows} rows of this "
        "one: they were set aside.",
    )
