"""Weights from people's judgement, given by code: pairwise comparisons and allocated budgets.

AHP after Saaty (1980); several judges are joined by the weighted geometric mean of their
comparisons (Aczel & Saaty 1983).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from qiantang.engine.index import weighing
from qiantang.engine.index.data import Floats
from qiantang.engine.index.weighing import Weights
from qiantang.kernel.text import Text

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judge: ``over["a"]["b"] = 3`` says that a is three times as important as b. ``trust``
    is the judge's own weight."""

    name: str = ""
    trust: float = 1.0
    over: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def compared(judgements: Sequence[Judgement], codes: Sequence[str]) -> Weights:
    """Weights of ``codes`` by AHP. Each judge's consistency ratio is among the details, and one of
    0.1 or more is said. Raises `WeightsUnfit` for a pair missing, contradicted, or unknown."""
    if not judgements:
        weighing.refuse(
            Text("没有判断", "there are no judgements"),
            Text("请加入 judgements。", "Add judgements."),
        )
    matrices = [matrix_of(each, codes) for each in judgements]
    joined = weighing.judged(matrices, [j.trust for j in judgements])
    if len(judgements) == 1:
        return joined
    details, notes = dict(joined.details), list(joined.notes)
    for number, (each, matrix) in enumerate(zip(judgements, matrices, strict=True), start=1):
        name, own = each.name or str(number), weighing.judged([matrix])
        details[f"consistency_ratio ({name})"] = own.details["consistency_ratio"]
        notes += [Text(f"{name}：{n.zh}", f"{name}: {n.en}") for n in own.notes]
    return Weights(joined.values, details, tuple(notes))


def matrix_of(judgement: Judgement, codes: Sequence[str]) -> Floats:
    """The judge's comparisons as a matrix; each pair is told once, or twice alike."""
    found, place = np.full((len(codes), len(codes)), np.nan), {c: i for i, c in enumerate(codes)}
    np.fill_diagonal(found, 1.0)
    for one, others in judgement.over.items():
        for other, times in others.items():
            if one not in place or other not in place or one == other:
                _refuse(judgement, f"“{one}”对“{other}”不是组内的一对",
                        f'"{one}" over "{other}" is no pair of the group', codes)  # fmt: skip
            i, j = place[one], place[other]
            told = not np.isnan(found[i, j])
            if times <= 0 or (told and not np.isclose(found[i, j], times, rtol=1e-3)):
                _refuse(judgement, f"“{one}”对“{other}”为 {times:g}，与另一处矛盾或不大于 0",
                        f'"{one}" over "{other}" is {times:g}: not above 0, or told otherwise '
                        "elsewhere", codes)  # fmt: skip
            found[i, j], found[j, i] = times, 1 / times
    gaps = np.argwhere(np.isnan(found))
    if gaps.size:
        one, other = codes[int(gaps[0][0])], codes[int(gaps[0][1])]
        _refuse(judgement, f"缺少“{one}”与“{other}”的比较",
                f'"{one}" is not compared with "{other}"', codes)  # fmt: skip
    return found


def only_among(codes: Collection[str], told: Mapping[str, Any]) -> dict[str, Any]:
    """What a recipe says of a group's weights, without the children that are not in ``codes``: a
    judge's other comparisons stand, an expert's other points are scaled up to the same budget."""
    found = dict(told)
    if "influence" in found:
        found["influence"] = _kept(found["influence"], codes)
    if "judgements" in found:
        found["judgements"] = tuple(
            replace(j, over={c: _kept(o, codes) for c, o in _kept(j.over, codes).items()})
            for j in found["judgements"]
        )
    if "allocations" in found:
        found["allocations"] = tuple(_scaled(each, codes) for each in found["allocations"])
    return found


def _scaled(allocation: Mapping[str, float], codes: Collection[str]) -> dict[str, float]:
    left = _kept(allocation, codes)
    whole, part = sum(allocation.values()), sum(left.values())
    return {c: points * whole / part for c, points in left.items()} if part else left


def _kept(told: Mapping[str, Kept], codes: Collection[str]) -> dict[str, Kept]:
    return {code: what for code, what in told.items() if code in codes}


def allocated(allocations: Sequence[Mapping[str, float]], codes: Sequence[str]) -> Weights:
    """Mean of the experts' budgets for ``codes``; a child that an expert leaves out gets nothing
    from that expert. Raises `WeightsUnfit`."""
    if not allocations:
        weighing.refuse(
            Text("没有预算分配", "there are no allocations"),
            Text("请加入 allocations。", "Add allocations."),
        )
    for number, each in enumerate(allocations, start=1):
        for code in each:
            if code not in codes:
                weighing.refuse(
                    Text(f"第 {number} 位专家分给了组外的“{code}”",
                         f'expert {number} allocated to "{code}", which is not in the group'),
                    Text(f"组内为：{'、'.join(codes)}。", f"The group has: {', '.join(codes)}."),
                )  # fmt: skip
    return weighing.budget(np.array([[each.get(c, 0.0) for c in codes] for each in allocations]))


def _refuse(judgement: Judgement, zh: str, en: str, codes: Sequence[str]) -> None:
    who = f"{judgement.name}: " if judgement.name else ""
    weighing.refuse(
        Text(f"{who}{zh}", f"{who}{en}"),
        Text(f"请对每一对下级给出一次大于 0 的比较：{'、'.join(codes)}。",
             f"Compare every pair once, above 0: {', '.join(codes)}."),
    )  # fmt: skip
