"""What an index says, in plain sentences of both languages."""

from __future__ import annotations

from collections.abc import Sequence

from qiantang.kernel.text import Text
from qiantang.rooms.indices.shapes import Profile, RankRow, WhatIfRow

NOBODY = Text("数据不足，没有可以排名的单位。", "Too few figures: no unit can be ranked.")


def home_said(rows: Sequence[RankRow], year: int | None) -> Text:
    """Who leads, and who moved most."""
    ranked = [r for r in rows if r.rank is not None]
    if not ranked:
        return NOBODY
    first, others = ranked[0], ranked[1:3]
    start = Text(f"{year} 年，", f"In {year}, ") if year else Text("", "")
    zh = f"{start.zh}{first.name.zh}居首（{first.score:.1f} 分）"
    en = f"{start.en}{first.name.en} comes first ({first.score:.1f} points)"
    if others:
        zh += "，" + "、".join(r.name.zh for r in others) + "次之"
        en += ", followed by " + " and ".join(r.name.en for r in others)
    best = max(ranked, key=lambda r: r.moved or 0)
    if best.moved and best.moved > 0:
        zh += f"；{best.name.zh}上升最多，由第 {best.before} 到第 {best.rank}"
        en += f"; {best.name.en} rose most, from {best.before} to {best.rank}"
    return Text(f"{zh}。", f"{en}.")


def unit_said(profile: Profile) -> Text:
    """Where a unit stands."""
    if profile.rank is None:
        return Text(
            f"{profile.name.zh}数据不足，没有参加排名。",
            f"{profile.name.en} has too few figures and is not ranked.",
        )
    place, points = f"{profile.rank}", f"{profile.score:.1f}"
    return Text(
        f"{profile.name.zh}在 {profile.of} 个单位中居第 {place}，得 {points} 分。",
        f"{profile.name.en} is number {place} of {profile.of}, with {points} points.",
    )


def difference_said(sides: tuple[Text, Text], total: float, largest: Text | None) -> Text:
    """Who is ahead, by how much, mostly because of what."""
    ahead, behind = sides if total >= 0 else sides[::-1]
    if abs(total) < 5e-3:
        zh, en = f"{sides[0].zh}与{sides[1].zh}得分相同", f"{sides[0].en} and {sides[1].en} tie"
    else:
        zh = f"{ahead.zh}比{behind.zh}高 {abs(total):.2f} 分"
        en = f"{ahead.en} is {abs(total):.2f} points ahead of {behind.en}"
    if largest is not None:
        zh, en = f"{zh}，影响最大的是{largest.zh}", f"{en}; {largest.en} makes most of it"
    return Text(f"{zh}。", f"{en}.")


def whatif_said(rows: Sequence[WhatIfRow], *, changed: bool) -> Text:
    """How many ranks moved, and whose moved most."""
    if not changed:
        return Text("现在是公布的方法和名次。", "These are the published method and ranks.")
    moved = [r for r in rows if r.moved]
    if not moved:
        return Text("名次没有变化。", "No rank changes.")
    most = max(moved, key=lambda r: abs(r.moved or 0))
    return Text(
        f"{len(moved)} 个单位的名次变了；变化最大的是{most.name.zh}，"
        f"由第 {most.rank_before} 到第 {most.rank}。",
        f"{len(moved)} ranks change; most of all {most.name.en}, "
        f"from {most.rank_before} to {most.rank}.",
    )
