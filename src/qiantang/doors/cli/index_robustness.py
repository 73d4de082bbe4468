"""What `qiantang index sensitivity` says: in plain words, or as JSON."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import click

from qiantang.doors.cli.errors import NothingUncertain
from qiantang.doors.cli.language import read, say

if TYPE_CHECKING:
    from qiantang.engine.index import Data, Index, Structure
    from qiantang.engine.index.robustness import RankRange
    from qiantang.engine.index.sensitivity import Sobol
    from qiantang.engine.index.uncertainty import Runs


def show_robustness(
    told: dict[str, Any],
    data: Data,
    structure: Structure,
    index: Index,
    *,
    draws: int,
    seed: int,
    form: str,
) -> None:
    """Compute all combinations, or ``draws`` of them, and say what they mean for ranks."""
    import numpy as np

    from qiantang.engine.index import robustness, sensitivity, uncertainty
    from qiantang.engine.index.choices import factors_of, plain

    factors = factors_of(told, structure, seed=seed)
    if not factors:
        raise NothingUncertain(found="uncertain")
    base = plain(told)
    at = {index.scores.label(r): index.rank(structure.root.code)[r]
          for r in range(len(index.scores.units))}  # fmt: skip
    labels = [data.label(r) for r in range(len(data.units))]
    nominal = np.array([at.get(label, np.nan) for label in labels])
    size = math.prod(len(f.alternatives) for f in factors)
    if size <= uncertainty.WHOLE:
        runs = uncertainty.compute(data, structure, base, factors, uncertainty.everything(factors))
        found = sensitivity.exact(factors, robustness.rank_shift(runs, nominal))
    else:
        picked = uncertainty.drawn(factors, draws, seed)
        runs = uncertainty.compute(data, structure, base, factors, picked)

        def shift(combinations: Any) -> Any:
            made = uncertainty.compute(data, structure, base, factors, combinations)
            return robustness.rank_shift(made, nominal)

        found = sensitivity.estimated(factors, shift, count=draws, seed=seed)
    ranges = robustness.rank_ranges(runs, nominal)
    if form == "json":
        click.echo(json.dumps(_body(runs, found, ranges), ensure_ascii=False, indent=2))
    else:
        _say(runs, found, ranges)


def _body(runs: Runs, found: Sobol, ranges: RankRange) -> dict[str, Any]:
    return {
        "combinations": len(runs.combinations),
        "failed": [{"combination": i, "reason": t.as_dict()} for i, t in runs.failed.items()],
        "exact": found.exact,
        "factors": [
            {"name": n, "first": _n(found.first[i]), "total": _n(found.total[i]),
             "first_bounds": [_n(b[i]) for b in found.first_bounds],
             "total_bounds": [_n(b[i]) for b in found.total_bounds]}
            for i, n in enumerate(found.factors)
        ],
        "units": [
            {"unit": u, "rank": _n(ranges.nominal[i]), "median": _n(ranges.median[i]),
             "p5": _n(ranges.low[i]), "p95": _n(ranges.high[i]), "best": _n(ranges.best[i]),
             "worst": _n(ranges.worst[i])}
            for i, u in enumerate(ranges.units)
        ],
    }  # fmt: skip


def _say(runs: Runs, found: Sobol, ranges: RankRange) -> None:
    count = len(runs.combinations)
    click.echo(say(f"以 {count} 种方式计算了该指数。", f"The index was computed in {count} ways."))
    for reason in dict.fromkeys(read(t) for t in runs.failed.values()):
        click.echo(say(f"· 有 {len(runs.failed)} 种无法计算：{reason}",
                       f"· {len(runs.failed)} could not be computed: {reason}"))  # fmt: skip
    click.echo(say("影响名次变动的选择（占方差的比例）：",
                   "What moves the ranks (share of variance):"))  # fmt: skip
    for place, name in enumerate(found.factors):
        alone, whole = f"{found.first[place]:.0%}", f"{found.total[place]:.0%}"
        click.echo(say(f"  {name}：单独 {alone}，连同交互 {whole}",
                       f"  {name}: alone {alone}, with interactions {whole}"))  # fmt: skip
    click.echo(say("名次范围（5% 至 95%）：", "Range of ranks (5 % to 95 %):"))
    order = sorted(range(len(ranges.units)), key=lambda i: (math.isnan(ranges.nominal[i]),
                                                            ranges.nominal[i]))  # fmt: skip
    for i in order:
        if not math.isnan(ranges.nominal[i]):
            click.echo(f"  {int(ranges.nominal[i]):>4}  {ranges.units[i]:<12} "
                       f"{ranges.low[i]:g} – {ranges.high[i]:g}")  # fmt: skip


def _n(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
