"""The tile ``outline``: a code list, a resource or a plan's sections as a tree to open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qiantang.doors.portal.tiles.shapes import Asked, Export, Made
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import CodeList
from qiantang.rooms.indicators.tables import resource_rows
from qiantang.rooms.shelf import selectors as shelf


@dataclass(slots=True)
class Node:
    """One entry with what stands below it; ``tail`` says more in small."""

    code: str
    name: Text
    parent: str = ""
    tail: Text = field(default_factory=lambda: Text("", ""))
    below: list[Node] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(1 + n.size for n in self.below)


def made(declared: Mapping[str, Any], asked: Asked) -> Made:
    """Entries without parent at the top; a flat list under the section that its rows name."""
    if declared.get("codes"):
        listed = shelf.code_list(str(declared["codes"]))
        nodes = [Node(c.code, c.name, c.parent, _tail(c.extra)) for c in listed.codes]
        tops = _grouped(listed, nodes) or _tree(nodes)
    elif declared.get("plan"):
        nodes, tops = _of_plan(str(declared["plan"]))
    else:
        rows = resource_rows(asked.actor, str(declared["resource"]))
        nodes = [_row_node(row, rows.resource.grain) for row in rows.rows]
        tops = _tree(nodes)
    export = [[n.code, n.name.zh, n.name.en, n.parent] for n in nodes]
    return Made(
        context={"nodes": tops, "total": len(nodes), "deep": any(n.below for n in tops)},
        export=Export(("code", "zh", "en", "parent"), export),
    )


def _tail(extra: Mapping[str, str]) -> Text:
    """Columns that end in ``_zh`` and ``_en`` and speak of a narrowing or a note."""
    for stem in ("narrowed", "note"):
        zh, en = extra.get(f"{stem}_zh", ""), extra.get(f"{stem}_en", "")
        if zh or en:
            return Text(zh or en, en or zh)
    return Text("", "")


def _tree(nodes: Iterable[Node]) -> list[Node]:
    """Each node below its parent; one whose parent is not listed stands at the top."""
    latest = {n.code: n for n in nodes}
    tops: list[Node] = []
    for node in latest.values():
        above = latest.get(node.parent)
        if above is None or above is node or _loops(node, latest):
            tops.append(node)
        else:
            above.below.append(node)
    return tops


def _loops(node: Node, known: Mapping[str, Node]) -> bool:
    seen = {node.code}
    above = known.get(node.parent)
    while above is not None:
        if above.code in seen:
            return True
        seen.add(above.code)
        above = known.get(above.parent)
    return False


def _grouped(listed: CodeList, nodes: list[Node]) -> list[Node]:
    """A list without parents whose rows name a ``section``: grouped under the pack's sections."""
    sections = {c.code: c.extra.get("section", "") for c in listed.codes}
    if any(n.parent for n in nodes) or not any(sections.values()):
        return []
    known = shelf.packs()[listed.pack].codes.get("section")
    groups: dict[str, Node] = {}
    for node in nodes:
        code = sections[node.code]
        found = known.find(code) if known else None
        group = groups.setdefault(code, Node(code, found.name if found else Text(code, code)))
        group.below.append(node)
    order = [c.code for c in known.codes] if known else list(groups)
    return [groups[code] for code in dict.fromkeys([*order, *groups]) if code in groups]


def _of_plan(id: str) -> tuple[list[Node], list[Node]]:
    plan = shelf.plan(id)
    sections = {code: Node(code, name) for code, name in plan.sections}
    for target in plan.targets:
        node = Node(target.id, target.name, target.section)
        sections.setdefault(target.section, Node(target.section, Text("", ""))).below.append(node)
    tops = [n for n in sections.values() if n.below]
    return [m for n in tops for m in (n, *n.below)], tops


def _row_node(row: Mapping[str, Any], grain: tuple[str, ...]) -> Node:
    code = str(row.get("code") or row.get("id") or row.get(grain[0]) or "")
    zh = str(row.get("zh") or row.get("name") or row.get("name_zh") or code)
    en = str(row.get("en") or row.get("name_en") or zh)
    return Node(code, Text(zh, en), str(row.get("parent") or ""))
