"""What other deliveries published between a run's check and its write.

Asked while no other delivery of the resource is published, just before the write, so that nothing
can come in between any more. A run that is held or refused for it is saved together with its new
state by whoever catches `HeldBack`: killed in between, it is asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Mode, Resource
from qiantang.rooms.intake.beforehand import HeldBack, Rows
from qiantang.rooms.intake.deletion import effective
from qiantang.rooms.intake.examined import AGAIN, drop_workbooks, examination_of, set_more_aside
from qiantang.rooms.intake.models import Run
from qiantang.rooms.intake.rivals import OVERTAKEN, as_told, listed, mended, rivals
from qiantang.rooms.shelf import selectors as shelf

if TYPE_CHECKING:
    from qiantang.engine.quality.second_look import Fallen

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
        fallen = [Fallen(grain_rule(resource, "key_exists"), places)]
        set_aside_saying(run, resource, fallen, _came_in(places.height))
    run.save(update_fields=AGAIN)


def look_at_whole_rows(run: Run, resource: Resource, rows: Rows) -> None:
    """Set aside the rows of an update that, with the values that the table has for the columns the
    file lacks, lack what is required or break a rule over several fields. Raises `HeldBack` as
    `look_for_keys`."""
    from qiantang.engine.quality.second_look import Fallen, accepted_rows, places_of
    from qiantang.engine.quality.whole_rows import failing_keys

    kept = (run.verdict or {}).get("kept", [])
    failing = failing_keys(rows(run, resource), resource, kept) if kept else []
    if not failing:
        return
    places = accepted_rows(examination_of(run, resource), resource.grain)
    fallen = [
        Fallen(rule, places.join(keys, on=list(resource.grain), nulls_equal=True))
        for rule, keys in failing
    ]
    set_aside_saying(run, resource, fallen, _broken(places_of(fallen).height))
    run.save(update_fields=AGAIN)


def set_aside_saying(run: Run, resource: Resource, fallen: Sequence[Fallen], reason: Text) -> None:
    """Set the rows aside and judge anew. Raises `HeldBack` where the limits say so."""
    set_more_aside(run, resource, fallen)
    say(run, reason)
    decision = (run.verdict or {})["decision"]
    if decision != "publish":
        raise HeldBack(refused=decision == "refuse")


def look_for_newer(run: Run, resource: Resource) -> None:
    """Hold a run that would overwrite what it is not newer than, unless that was confirmed.

    By key, the rows that meet are named among the findings. Raises `HeldBack`, with what a person
    needs to decide at the run.
    """
    found = rivals(run)
    if not found:
        return
    rows = None
    if run.mode != Mode.REPLACE:
        file, rows = _meeting(run, effective(resource, run.mode), found)
        if not rows and not _undone(run, found):
            return
        run.files = {**run.files, "problems": file.name}
        drop_workbooks(run)
    reason = _overwritten(rows, found)
    say(run, reason)
    told = {"rows": rows, "since": [as_told(each) for each in found]}
    because = [*(run.verdict or {}).get("because", []), reason.as_dict()]
    run.verdict = {
        **(run.verdict or {}), OVERTAKEN: told, "decision": "hold", "because": because
    }  # fmt: skip
    raise HeldBack(refused=False)


def _meeting(run: Run, resource: Resource, found: Sequence[Run]) -> tuple[Path, int]:
    """The findings with the rows whose key one of these runs wrote, and how many they are."""
    from qiantang.engine.quality.noted_keys import note_newer_keys
    from qiantang.engine.quality.reading import Recipe

    ids = [each.id for each in found]
    where, params = f'"_run" IN ({", ".join("?" * len(ids))})', list[object](ids)
    if run.division:
        where, params = f'{where} AND "_division" = ?', [*params, run.division]
    there = shelf.lake().reader(run.resource, columns=resource.grain, where=where, params=params)
    factors = Recipe.from_json(run.recipe or {}).factors
    return note_newer_keys(examination_of(run, resource), resource, there, factors=factors)


def _undone(run: Run, found: Sequence[Run]) -> bool:
    """Whether an update may bring back rows that a newer delivery took away."""
    parent = mended(run)
    newer = [each for each in found if parent is None or each.pk != parent.pk]
    return run.mode == Mode.UPSERT and any(
        each.mode in (Mode.REPLACE, Mode.DELETE) for each in newer
    )


def _overwritten(rows: int | None, found: Sequence[Run]) -> Text:
    said = listed(found)
    if rows is None:
        return Text(
            f"本次交付收到之后已有数据入库：{said.zh}。入库将以较早的数据整体替换。",
            f"Data was published since this delivery came: {said.en}. Publishing replaces all of "
            "it by older data.",
        )
    if not rows:
        return Text(
            f"之后已有整体替换或删除入库：{said.zh}。入库可能使其中去除的行重新出现。",
            f"A replacement or deletion was published since: {said.en}. Publishing may bring back "
            "rows that it took away.",
        )
    return Text(
        f"入库将改动 {rows} 行，它们由之后的交付写入，或在所改正的交付中已接受：{said.zh}。",
        f"Publishing changes {rows} rows that came with a later delivery, or with the one that "
        f"this mends: {said.en}.",
    )


def say(run: Run, reason: Text) -> None:
    """Put a reason with the run's others, once: a run that was held is asked anew."""
    verdict = dict(run.verdict or {})
    reasons, told = verdict.get("reasons", []), reason.as_dict()
    run.verdict = {**verdict, "reasons": reasons if told in reasons else [*reasons, told]}


def _broken(rows: int) -> Text:
    return Text(
        f"文件没有的列取表中的值之后，有 {rows} 行缺少必填项或不符合字段之间的规则，已剔出。",
        f"With the table's values for the columns that the file lacks, {rows} rows lack what is "
        "required or break a rule over several fields: they were set aside.",
    )


def _came_in(rows: int) -> Text:
    return Text(
        f"检查之后另有交付入库，其中已有本次 {rows} 行的主键：这些行已剔出。",
        f"Since the check another delivery was published that has the keys of {rows} rows of this "
        "one: they were set aside.",
    )
