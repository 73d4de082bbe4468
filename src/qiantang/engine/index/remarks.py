"""What needs a look in an index, from its `overview`, in plain words.

Thresholds are rules of thumb that start a look, not verdicts: alpha below 0.7 (Nunnally 1978),
less data than screening asks for, and those of `correlating.flags`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from qiantang.engine.index.analysing import Statistics
from qiantang.engine.index.correlating import Flag
from qiantang.engine.index.overview import Overview
from qiantang.engine.index.screening import Screening
from qiantang.kernel.text import Text

LOW_ALPHA: Final = 0.7
LITTLE: Final = Screening().data_share
MOST: Final = 3
"""Elements of a level whose removal is told."""


@dataclass(frozen=True, slots=True)
class Remark:
    """``kind``: ``redundant``, ``opposed``, ``against`` (an element that runs against its group),
    ``weak``, ``size``, ``alpha``, ``moves`` (its removal moves ranks), ``cannot-leave``, ``gaps``,
    ``constant``; ``about`` are codes of elements or labels of units."""

    kind: str
    about: tuple[str, ...]
    said: Text


def remarks(found: Overview) -> tuple[Remark, ...]:
    """In the order: pairs, groups, elements, figures."""
    return (
        *_pairs(found),
        *_alphas(found),
        *_moves(found),
        *_little(found),
        *_constant(found.statistics),
    )


def _pairs(found: Overview) -> Iterator[Remark]:
    """Of three units or more: two always lie on a line. What is divided by a size already is not
    told to follow one."""
    divided = found.index.recipe.denominate
    for flag in found.flags:
        size = flag.kind == "size" and divided
        if np.isnan(flag.chance) or (size and found.index.structure.by_code[flag.one].denominator):
            continue
        kind = "against" if flag.kind == "weak" and flag.correlation < 0 else flag.kind
        yield Remark(kind, (flag.one, flag.other), _pair(kind, flag))


def _pair(kind: str, flag: Flag) -> Text:
    one, other = flag.one, flag.other
    zh, en = {
        "redundant": (f"{one} 与 {other} 几乎说同一件事", f"{one} and {other} say nearly the same"),
        "opposed": (f"{one} 与 {other} 方向相反", f"{one} and {other} pull against each other"),
        "against": (f"{one} 与所在组 {other} 方向相反", f"{one} runs against its group {other}"),
        "weak": (f"{one} 与所在组 {other} 关系弱", f"{one} hardly goes with its group {other}"),
        "size": (f"{one} 主要反映规模 {other}", f"{one} mostly tells the size {other}"),
    }[kind]
    chance = "p < 0.001" if flag.chance < 0.001 else f"p = {flag.chance:.3f}"
    figures = f"r = {flag.correlation:.2f}, {chance}"
    return Text(f"{zh}（{figures}）", f"{en} ({figures})")


def _alphas(found: Overview) -> Iterator[Remark]:
    for code, alpha in reversed(list(found.alphas.items())):
        if alpha < LOW_ALPHA:
            yield Remark("alpha", (code,), Text(
                f"{code} 组内一致性低（克朗巴哈系数 {alpha:.2f}，低于 {LOW_ALPHA}）",
                f"{code}: its parts hardly go together (Cronbach's alpha {alpha:.2f}, below "
                f"{LOW_ALPHA})"))  # fmt: skip


def _moves(found: Overview) -> Iterator[Remark]:
    """Of every level the elements without which ranks move most, and those that must stay."""
    by_code = found.index.structure.by_code
    for level in sorted({by_code[w.code].level for w in found.without}):
        most = [w for w in found.without if by_code[w.code].level == level and w.shift > 0][:MOST]
        if most:
            told = [f"{w.code} ({w.shift:.2f})" for w in most]
            yield Remark("moves", tuple(w.code for w in most), Text(
                f"第 {level} 层去掉后名次变动最大（平均位次）：{'、'.join(told)}",
                f"Level {level}: ranks move most (mean places) without {', '.join(told)}"
            ))  # fmt: skip
    for each in found.without:
        if each.failed is not None:
            yield Remark("cannot-leave", (each.code,), Text(
                f"去掉 {each.code} 后无法计算：{each.failed.zh}",
                f"Without {each.code} there is no index: {each.failed.en}"))  # fmt: skip


def _little(found: Overview) -> Iterator[Remark]:
    """Units and indicators with less data than screening asks for, fewest first."""
    units = [(a.share, a.unit) for a in found.available if a.share < LITTLE]
    columns = [(s.availability, s.column) for s in found.statistics if s.availability < LITTLE]
    for zh, en, few in (("评价单元", "units", units), ("指标", "indicators", columns)):
        if few:
            few.sort()
            told = _shares(few)
            yield Remark("gaps", tuple(name for _, name in few), Text(
                f"数据少的{zh}（不足三分之二）：{told}",
                f"With little data (less than two thirds), {en}: {told}"))  # fmt: skip


def _shares(few: Sequence[tuple[float, str]]) -> str:
    return ", ".join(f"{name} ({share:.0%})" for share, name in few)


def _constant(columns: Sequence[Statistics]) -> Iterator[Remark]:
    for each in columns:
        if each.count > 1 and each.unique == 1:
            yield Remark("constant", (each.column,), Text(
                f"{each.column} 所有数值相同，不能区分评价单元",
                f"{each.column} does not vary: it tells no units apart"))  # fmt: skip
