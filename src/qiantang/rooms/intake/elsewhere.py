"""Where each division keeps its own part: what other divisions have sent already.

A record is one place's: rows whose key stands in the part of another division are set aside, naming
that division. Parts whose rows the sender's organisation may not read are not looked at, so that
nobody learns from a refusal what is withheld; whoever may not read them meets no second row either
(`catalogue.selectors.kept_back`). Two divisions may have a key in this way. Each goes on keeping
its own record then, or whoever sends a key first could put another out of its own part; the run
says so, and `shared` names such keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiantang.engine.division_column import DIVISION
from qiantang.engine.lake.plans import literal, none_of
from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Mode, Resource
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.intake.examined import AGAIN, examination_of
from qiantang.rooms.intake.meanwhile import say, set_aside_saying
from qiantang.rooms.intake.models import Run
from qiantang.rooms.intake.ownership import path_of
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf.errors import DivisionUnknown

if TYPE_CHECKING:
    import polars as pl


def division_called(code: str) -> Text:
    """What people call a division, with its code."""
    try:
        name = shelf.division(code).name
    except DivisionUnknown:
        return Text(code, code)
    return Text(f"{name.zh}（{code}）", f"{name.en} ({code})")


def look_elsewhere(run: Run, resource: Resource) -> None:
    """Set aside the rows whose key another division has sent and this one has not; say how many
    both have. Asked while no other delivery of the resource is published. Raises `HeldBack` where
    the resource's limits say so of the new counts."""
    from qiantang.engine.quality.rulebook import grain_rule
    from qiantang.engine.quality.second_look import Fallen
    from qiantang.engine.quality.stream import PLACE

    parted = resource.per_division and run.division and resource.grain
    if not parted or run.mode == Mode.DELETE or run.resource not in shelf.lake().tables():
        return
    others = _others(run)
    met = _places(run, resource, others) if others else None
    if met is None or not met.height:
        return
    own = _places(run, resource, f"{DIVISION} = {literal(run.division)}")
    places = met.join(own, on=PLACE, how="anti", nulls_equal=True)
    if places.height < met.height:
        say(run, _had_by_both(met.height - places.height))
    if places.height:
        fallen = [Fallen(grain_rule(resource, "key_elsewhere"), places)]
        set_aside_saying(run, resource, fallen, _sent_by_others(places.height))
    run.save(update_fields=AGAIN)


def _others(run: Run) -> str:
    """The rows of other divisions that the sender's organisation may read, as SQL; empty where it
    may read none."""
    reader = Actor("organisation", Text("", ""), organisation=run.organisation, path=run.owner_path)
    entry = catalogue.resource(SYSTEM, run.resource)
    if not catalogue.reads_rows(reader, entry, path_of(entry.owner)):
        return ""
    barred = catalogue.kept_back(reader, run.resource)
    return f"{DIVISION} <> {literal(run.division)} AND {none_of(DIVISION, barred)}"


def _places(run: Run, resource: Resource, where: str) -> pl.DataFrame:
    """The places of the accepted rows whose key the rows of ``where`` have, and who sent it."""
    import polars as pl
    import pyarrow as pa

    from qiantang.engine.quality.second_look import accepted_rows

    grain = list(resource.grain)
    as_text = [pl.col(name).cast(pl.String) for name in grain]
    held = accepted_rows(examination_of(run, resource), grain).with_columns(as_text)
    met = [held.clear().with_columns(pl.lit("").alias(DIVISION))]
    for batch in shelf.lake().reader(run.resource, columns=[*grain, DIVISION], where=where):
        there = pl.from_arrow(pa.Table.from_batches([batch]))
        assert isinstance(there, pl.DataFrame)
        met.append(held.join(there.with_columns(as_text), on=grain, nulls_equal=True))
    found = pl.concat(met).unique(["_sheet", "_row"], maintain_order=True)
    called = {code: division_called(code) for code in found[DIVISION].unique()}
    return found.select(
        "_sheet",
        "_row",
        *(
            pl.col(DIVISION)
            .replace_strict(
                {code: said.in_(lang) for code, said in called.items()},
                default="",
                return_dtype=pl.String,
            )
            .alias(name)
            for name, lang in (("expected", "zh"), ("expected_en", "en"))
        ),
    )


def _had_by_both(rows: int) -> Text:
    return Text(
        f"有 {rows} 行的主键本地和其他地方都有：本地的照常入库，请与对方核对由谁登记。",
        f"Another place has the keys of {rows} rows as well as this one: those of this one are "
        "taken as usual; settle with it whose they are.",
    )


def _sent_by_others(rows: int) -> Text:
    return Text(
        f"有 {rows} 行的主键已由其他地方交付：这些行已剔出。",
        f"Other places have sent the keys of {rows} rows: they were set aside.",
    )
