"""Robustness in plain words: "Ningbo is third or fourth in 93 % of 2,000 ways to compute it"."""

from __future__ import annotations

from typing import Final

from qiantang.engine.index.robustness import Usual
from qiantang.kernel.text import Text

ORDINALS: Final = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip


def usual_places(name: Text, found: Usual | None, ways: int) -> Text:
    """The sentence for a unit: its ``usual`` places out of ``ways`` that could be computed."""
    if found is None:
        return Text(
            zh=f"{name.zh}在 {ways:,} 种算法中均未进入排名",
            en=f"{name.en} is ranked in none of {ways:,} ways to compute it",
        )
    zh = f"第 {found.first} 位"
    en = ordinal(found.first)
    if found.last == found.first + 1:
        zh, en = f"第 {found.first} 或第 {found.last} 位", f"{en} or {ordinal(found.last)}"
    elif found.last > found.first:
        zh, en = f"第 {found.first} 至第 {found.last} 位", f"{en} to {ordinal(found.last)}"
    share = percent(found.share)
    if share is None:
        return Text(
            zh=f"{name.zh}在全部 {ways:,} 种算法中都列{zh}",
            en=f"{name.en} is {en} in all of {ways:,} ways to compute it",
        )
    return Text(
        zh=f"{name.zh}在 {ways:,} 种算法中有 {share} 列{zh}",
        en=f"{name.en} is {en} in {share} of {ways:,} ways to compute it",
    )


def one_above_other(one: Text, other: Text, share: float, ways: int) -> Text:
    """The sentence for a pair: how often ``one`` is above ``other``."""
    said = percent(share)
    if said is None:
        return Text(
            zh=f"{one.zh}在全部 {ways:,} 种算法中都高于{other.zh}",
            en=f"{one.en} is above {other.en} in all of {ways:,} ways",
        )
    return Text(
        zh=f"{one.zh}在 {ways:,} 种算法中有 {said} 高于{other.zh}",
        en=f"{one.en} is above {other.en} in {said} of {ways:,} ways",
    )


def percent(share: float) -> str | None:
    """A whole percentage that is never rounded up to all or down to none; None for all."""
    if share >= 1 - 1e-12:
        return None
    if share <= 0:
        return "0 %"
    return f"{min(max(round(share * 100), 1), 99)} %"


def ordinal(place: int) -> str:
    if place <= len(ORDINALS):
        return ORDINALS[place - 1]
    tens, ones = place // 10 % 10, place % 10
    return f"{place}{'th' if tens == 1 else {1: 'st', 2: 'nd', 3: 'rd'}.get(ones, 'th')}"
