"""A pack on one plain-text card, for the terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS
from qiantang.packkit.compiled import Field, Pack, Resource
from qiantang.packkit.indices import CompositeIndex, IndexElement
from qiantang.packkit.plans import Plan, Target


def show(pack: Pack, lang: str) -> str:
    """Everything that the pack declares, in one language, without colours."""
    head = f"{pack.name.in_(lang)}  {pack.id} {pack.version}"
    lines = [head, "=" * width(head), pack.description.in_(lang), ""]
    lines += _facts(pack, lang)
    for resource in pack.resources.values():
        lines += _resource(resource, lang)
    lines += _list(Text("代码表", "Code lists"), lang, (
        (key, str(len({c.code for c in listed.codes}))) for key, listed in pack.codes.items()
    ))  # fmt: skip
    lines += _list(Text("指标", "Indicators"), lang, (
        (key, f"{each.name.in_(lang)} [{_unit(each.unit, lang)}]")
        for key, each in pack.indicators.items()
    ))  # fmt: skip
    lines += _list(Text("规范值", "Norms"), lang, (
        (norm.id, f"{norm.name.in_(lang)}: {norm.value} {_unit(norm.unit, lang)}".rstrip())
        for norm in pack.norms
    ))  # fmt: skip
    lines += _list(Text("数据元", "Data elements"), lang, (
        (key, f"{each.name.in_(lang)} {each.identifier or each.codes or each.type.value}")
        for key, each in pack.elements.items()
    ))  # fmt: skip
    lines += _list(Text("编目责任", "Duties"), lang, (
        (each.id, f"{each.name.in_(lang)} ({each.department}: {', '.join(each.levels)})")
        for each in pack.duties
    ))  # fmt: skip
    lines += _list(Text("数据发布", "Releases"), lang, (
        (each.id, f"{each.name.in_(lang)} ({each.cadence}: {', '.join(each.indicators)})")
        for each in pack.releases
    ))  # fmt: skip
    lines += _list(Text("同义词", "Synonyms"), lang, (
        (words[0], ", ".join(words[1:])) for words in pack.synonyms
    ))  # fmt: skip
    lines += _list(Text("测度", "Measures"), lang, (
        (key, f"{each.name.in_(lang)} [{_unit(each.unit, lang)}]")
        for key, each in pack.measures.items()
    ))  # fmt: skip
    for plan in pack.plans.values():
        lines += _plan(plan, lang)
    for index in pack.indices.values():
        lines += _index(index, lang)
    lines += _list(Text("页面", "Pages"), lang, (
        (key, each.name.in_(lang)) for key, each in pack.pages.items()
    ))  # fmt: skip
    lines += _list(Text("示例", "Examples"), lang, (
        (each.id, each.title.in_(lang)) for each in pack.examples
    ))  # fmt: skip
    return "\n".join(lines).rstrip() + "\n"


def width(text: str) -> int:
    """Columns that the text takes in a terminal; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _facts(pack: Pack, lang: str) -> list[str]:
    rows = [
        (Text("负责部门", "Owner"), pack.owner),
        (Text("许可", "Licence"), pack.licence),
        (Text("依赖", "Requires"), ", ".join(pack.requires) or "-"),
        (Text("摘要", "Digest"), pack.digest[:12]),
    ]
    return _columns([(label.in_(lang), value) for label, value in rows], indent="")


def _resource(resource: Resource, lang: str) -> list[str]:
    kind = Text("信息资源", "Resource").in_(lang)
    sharing = {
        "unconditional": Text("无条件共享", "shared"),
        "conditional": Text("有条件共享", "shared on conditions"),
        "withheld": Text("不予共享", "withheld"),
    }[resource.sharing.value].in_(lang)
    opened = Text("开放", "open") if resource.open else Text("不开放", "not open")
    facts = f"{sharing}, {opened.in_(lang)}, {resource.cadence}, {resource.owner}"
    rows = [(f.id, _field(f, lang)) for f in resource.fields]
    head = f"{kind} {resource.id}  {resource.name.in_(lang)}  ({facts})"
    checks = [
        (check.id, f"{check.name.in_(lang)}: {check.holds or 'SQL'}") for check in resource.checks
    ]
    return ["", head, *_columns(rows), *_checks(checks, lang)]


def _checks(rows: list[tuple[str, str]], lang: str) -> list[str]:
    return [f"  {Text('检查', 'Checks').in_(lang)}", *_columns(rows, "    ")] if rows else []


def _field(field: Field, lang: str) -> str:
    mark = "*" if field.required else ""
    parts = (field.name.in_(lang), field.type.value, _unit(field.unit or "", lang), field.codes,
             field.identifier, f"= {field.element}" if field.element else None,
             f"→ {field.reference}" if field.reference else None)  # fmt: skip
    return " ".join(part for part in (*parts, mark) if part)


def _plan(plan: Plan, lang: str) -> list[str]:
    kind = Text("规划", "Plan").in_(lang)
    rows = [(t.id, f"{t.name.in_(lang)}  {_wanted(t, lang)}".rstrip()) for t in plan.targets]
    return ["", f"{kind} {plan.id}  {plan.name.in_(lang)}  ({plan.issued})", *_columns(rows)]


def _wanted(target: Target, lang: str) -> str:
    if target.comparator is None:
        return target.kind.value
    figures = dict.fromkeys(str(n) for n in (target.low, target.high) if n is not None)
    due = f"({target.due.year})" if target.due else ""
    sign = "" if target.comparator.value == "range" else f"{target.comparator.value} "
    return f"{sign}{'-'.join(figures)} {_unit(target.unit, lang)} {due}".strip()


def _index(index: CompositeIndex, lang: str) -> list[str]:
    """The tree from the top down, each level indented."""
    kind = Text("综合指数", "Index").in_(lang)
    source = index.figures or Text("已公布的观测值", "published observations").in_(lang)
    head = f"{kind} {index.id}  {index.name.in_(lang)}  ({index.units.codes}, {source})"
    steps = " → ".join(key for key in index.recipe if key != "uncertain") or "-"
    rows = [(f"{'  ' * depth}{e.code}", _element(e, lang)) for e, depth in _tree(index)]
    return ["", head, f"  {Text('步骤', 'Steps').in_(lang)}: {steps}", *_columns(rows)]


def _tree(index: CompositeIndex, parent: str = "", depth: int = 0) -> Iterable[
    tuple[IndexElement, int]
]:  # fmt: skip
    for each in index.elements:
        if each.parent == parent:
            yield each, depth
            yield from _tree(index, each.code, depth + 1)


def _element(each: IndexElement, lang: str) -> str:
    weight = each.weight_norm or f"{each.weight:g}"
    arrow = {1: "↑", -1: "↓"}[each.direction] if each.level == 1 else ""
    unit = each.unit_text.in_(lang)
    parts = (each.name.in_(lang), f"[{unit}]" if unit else "", arrow, f"× {weight}")
    return " ".join(part for part in parts if part)


def _unit(symbol: str, lang: str) -> str:
    """The unit as the language writes it; bare numbers have none."""
    known = UNITS.get(symbol)
    return known.in_(lang) if known else symbol.removeprefix("1")


def _list(title: Text, lang: str, rows: Iterable[tuple[str, str]]) -> list[str]:
    found = list(rows)
    return ["", f"{title.in_(lang)} ({len(found)})", *_columns(found)] if found else []


def _columns(rows: list[tuple[str, str]], indent: str = "  ") -> list[str]:
    wide = max((width(left) for left, _ in rows), default=0)
    return [f"{indent}{left}{' ' * (wide - width(left))}  {right}".rstrip() for left, right in rows]
