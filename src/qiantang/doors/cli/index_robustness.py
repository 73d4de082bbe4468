"""What `qiantang index sensitivity` says: in plain words, or as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qiantang.doors.cli.errors import NoSuchCombination, NothingUncertain
from qiantang.doors.cli.index_robustness_files import sentences, write_robustness
from qiantang.doors.cli.language import read, say
from qiantang.doors.cli.screen import steps
from qiantang.kernel.text import Text

if TYPE_CHECKING:
    from qiantang.engine.index import Data, Structure
    from qiantang.engine.index.examining import Examination


@dataclass(frozen=True)
class Asked:
    """The options of the command."""

    draws: int
    seed: int
    workers: int
    out: Path | None
    combination: int | None
    year: int | None
    form: str


def show_robustness(told: dict[str, Any], data: Data, structure: Structure, asked: Asked) -> None:
    """Compute all combinations, or a sample of them, and say what they mean for ranks."""
    found = _examined(told, data, structure, asked)
    names = unit_names(data, found)
    if asked.combination is not None:
        if asked.combination >= len(found.runs.combinations):
            raise NoSuchCombination(
                found=asked.combination, expected=len(found.runs.combinations) - 1
            )
        recipe = found.runs.recipe(asked.combination)
        click.echo(json.dumps(recipe, ensure_ascii=False, indent=2))
        return
    if asked.out is not None:
        write_robustness(asked.out, found, names)
        click.echo(say(f"已写入 {asked.out}。", f"Written to {asked.out}."), err=True)
    if asked.form == "json":
        click.echo(json.dumps(body(found, names), ensure_ascii=False, indent=2))
    else:
        _say(found, names)


def _examined(told: dict[str, Any], data: Data, structure: Structure, asked: Asked) -> Examination:
    from qiantang.engine.index.examining import examine

    if not told.get("uncertain"):
        raise NothingUncertain(found="uncertain")
    with steps() as shown:
        begun = False

        def progress(done: int, of: int) -> None:
            nonlocal begun
            if not begun:
                shown.begin(say(f"{of:,} 种组合", f"{of:,} combinations"), of)
                begun = True
            shown.advance(done - at[0])
            at[0] = done

        at = [0]
        return examine(
            data, structure, told, draws=asked.draws, seed=asked.seed, year=asked.year,
            workers=asked.workers, progress=progress,
        )  # fmt: skip


def unit_names(data: Data, found: Examination) -> list[Text]:
    """The units' names in the order of the results."""
    known = dict(zip(data.labels, data.names or data.units, strict=True))
    return [Text(known[unit], known[unit]) for unit in found.runs.units]


def body(found: Examination, names: list[Text]) -> dict[str, Any]:
    """The results as JSON carries them."""
    runs, overall = found.runs, found.overall
    return {
        "combinations": len(runs.combinations),
        "failed": [
            {"combination": k, "choices": runs.choices(k), "reason": reason.as_dict()}
            for k, reason in sorted(runs.failed.items())
        ],
        "exact": overall.exact,
        "factors": [
            {"name": name, "first": plain(overall.first[i]), "total": plain(overall.total[i]),
             "first_bounds": [plain(b[i]) for b in overall.first_bounds],
             "total_bounds": [plain(b[i]) for b in overall.total_bounds]}
            for i, name in enumerate(overall.factors)
        ],
        "units": [
            _unit(found, row, said) for row, said in enumerate(sentences(found, names))
        ],
    }  # fmt: skip


def _unit(found: Examination, row: int, said: Text) -> dict[str, Any]:
    ranges, usual, own = found.ranges, found.usual[row], found.by_unit
    return {
        "unit": ranges.units[row], "rank": plain(ranges.nominal[row]),
        "mean": plain(ranges.mean[row]), "median": plain(ranges.median[row]),
        "p5": plain(ranges.low[row]), "p95": plain(ranges.high[row]),
        "best": plain(ranges.best[row]), "worst": plain(ranges.worst[row]),
        "usual": usual and {"first": usual.first, "last": usual.last, "share": usual.share},
        "in_words": said.as_dict(),
        "factors": [
            {"name": name, "first": plain(own.first[i, row]), "total": plain(own.total[i, row])}
            for i, name in enumerate(own.factors)
        ],
    }  # fmt: skip


def _say(found: Examination, names: list[Text]) -> None:
    runs, overall, ranges = found.runs, found.overall, found.ranges
    click.echo(say(f"以 {found.ways:,} 种方式计算了该指数。",
                   f"The index was computed in {found.ways:,} ways."))  # fmt: skip
    _say_failed(found)
    click.echo(say("影响名次变动的选择（占方差的比例）：",
                   "What moves the ranks (share of variance):"))  # fmt: skip
    for place, name in enumerate(overall.factors):
        alone, whole = (_share(overall, place, kind) for kind in ("first", "total"))
        click.echo(say(f"  {name}：单独 {alone}，连同交互 {whole}",
                       f"  {name}: alone {alone}, with interactions {whole}"))  # fmt: skip
    click.echo(say("名次（5% 至 95%）：", "Ranks (5 % to 95 %):"))
    said = list(sentences(found, names))
    order = sorted(range(len(runs.units)), key=lambda i: (math.isnan(ranges.nominal[i]),
                                                          ranges.nominal[i]))  # fmt: skip
    for i in order:
        if not math.isnan(ranges.nominal[i]):
            reach = f"{ranges.low[i]:g} – {ranges.high[i]:g}"
            head = f"  {int(ranges.nominal[i]):>4}  {ranges.units[i]:<8} {reach:<9}"
            click.echo(f"{head}  {read(said[i])}")


def _say_failed(found: Examination) -> None:
    """By reason: how many combinations, and the first of them."""
    by_reason: dict[str, list[int]] = {}
    for combination, reason in sorted(found.runs.failed.items()):
        by_reason.setdefault(read(reason), []).append(combination)
    for said, combinations in by_reason.items():
        first = ", ".join(f"{f} = {a}" for f, a in found.runs.choices(combinations[0]).items())
        click.echo(say(f"· 有 {len(combinations):,} 种无法计算：{said}（如第 {combinations[0]} 种："
                       f"{first}）",
                       f"· {len(combinations):,} could not be computed: {said} (as number "
                       f"{combinations[0]}: {first})"))  # fmt: skip


def _share(overall: Any, place: int, kind: str) -> str:
    value = getattr(overall, kind)[place]
    if math.isnan(value):
        return "-"
    if overall.exact:
        return f"{value:.0%}"
    low, high = (bound[place] for bound in getattr(overall, f"{kind}_bounds"))
    return f"{value:.0%} ({low:.0%} – {high:.0%})"


def plain(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
