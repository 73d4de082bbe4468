"""What changes for users between two versions of a pack: added, retired, changed, breaking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import CodeList, Element, Field, Pack, Resource, Severity
from qiantang.packkit.indices import CompositeIndex
from qiantang.packkit.plans import Plan


class ChangeKind(StrEnum):
    ADDED = "added"
    RETIRED = "retired"
    CHANGED = "changed"
    BREAKING = "breaking"


KIND_NAMES: Final[Mapping[ChangeKind, Text]] = {
    ChangeKind.ADDED: Text("新增", "added"),
    ChangeKind.RETIRED: Text("停用", "retired"),
    ChangeKind.CHANGED: Text("变更", "changed"),
    ChangeKind.BREAKING: Text("不兼容", "breaking"),
}

_THINGS: Final = {
    "resources": Text("信息资源", "resource"),
    "fields": Text("字段", "field"),
    "codes": Text("代码表", "code list"),
    "code": Text("代码", "code"),
    "norms": Text("规范值", "norm"),
    "measures": Text("测度", "measure"),
    "indicators": Text("指标", "indicator"),
    "plans": Text("规划", "plan"),
    "targets": Text("目标", "target"),
    "pages": Text("页面", "page"),
    "checks": Text("检查", "check"),
    "elements": Text("数据元", "data element"),
    "duties": Text("编目责任", "duty"),
    "releases": Text("数据发布", "release"),
    "indices": Text("综合指数", "index"),
    "index_elements": Text("指数要素", "element of the index"),
    "sizes": Text("规模列", "size column"),
}
_BREAKING: Final = {
    "resources": {"grain", "role", "sharing", "mode", "per_division"},
    "fields": {"type", "unit", "codes", "personal", "identifier", "reference"},
    "elements": {"type", "unit", "codes", "identifier"},
    "measures": {"unit", "grain"},
    "indicators": {"unit", "nature"},
    "targets": {"unit", "comparator", "low", "high", "due", "kind", "base"},
    "plans": {"division"},
    "indices": {"units", "figures", "scores"},
    "index_elements": {"level", "parent", "direction", "unit", "denominator", "indicator"},
}
"""Attributes whose change means that old figures or old programs no longer fit."""

_LEFT_OUT: Final = frozenset(
    {
        *("id", "pack", "path", "data", "samples", "fields", "codes", "targets", "resources"),
        *("checks", "elements", "sizes", "recipe"),
    }
)


@dataclass(frozen=True, slots=True)
class Change:
    """One change; ``subject`` is the path of ids, such as ``resources/air/hour``."""

    kind: ChangeKind
    subject: str
    text: Text

    def line_text(self) -> Text:
        name = KIND_NAMES[self.kind]
        return Text(f"{name.zh} {self.text.zh}", f"{name.en}: {self.text.en}")


def diff(old: Pack, new: Pack) -> list[Change]:
    """The changes from ``old`` to ``new``, breaking ones first."""
    found = [*_pack(old, new)]
    for kind in ("codes", "elements", "measures", "indicators", "pages", "resources", "plans",
                 "indices"):  # fmt: skip
        found.extend(_each(kind, getattr(old, kind), getattr(new, kind), kind))
    found.extend(_each("norms", _norms(old), _norms(new), "norms"))
    found.extend(_each("duties", _duties(old), _duties(new), "duties"))
    found.extend(_each("releases", _releases(old), _releases(new), "releases"))
    found.extend(_synonyms(old, new))
    order = [ChangeKind.BREAKING, ChangeKind.RETIRED, ChangeKind.CHANGED, ChangeKind.ADDED]
    return sorted(found, key=lambda change: order.index(change.kind))


def _pack(old: Pack, new: Pack) -> Iterable[Change]:
    if old.id != new.id:
        yield _change(ChangeKind.BREAKING, "pack", Text("领域包编号", "the id of the pack"),
                      old.id, new.id)  # fmt: skip
    for key, label in (
        ("version", Text("版本", "the version")),
        ("licence", Text("许可", "the licence")),
        ("owner", Text("负责部门", "the owner")),
    ):
        before, after = getattr(old, key), getattr(new, key)
        if before != after:
            yield _change(ChangeKind.CHANGED, f"pack/{key}", label, before, after)
    for other in new.requires:
        if other not in old.requires:
            said = Text(f"需要领域包 {other}", f"now requires the pack {other}")
            yield Change(ChangeKind.CHANGED, "pack/requires", said)


def _each(
    kind: str, old: Mapping[str, Any], new: Mapping[str, Any], path: str
) -> Iterable[Change]:  # fmt: skip
    thing = _THINGS[kind]
    for key in [*old, *(k for k in new if k not in old)]:
        subject = f"{path}/{key}"
        label = Text(f"{thing.zh} {key}", f"{thing.en} {key}")
        if key not in new:
            yield Change(ChangeKind.BREAKING, subject, Text(
                f"{label.zh}已删除；编号永久有效，只能停用",
                f"{label.en} was removed; ids are for ever, retire it instead"))  # fmt: skip
        elif key not in old:
            yield Change(ChangeKind.ADDED, subject, label)
        else:
            yield from _attributes(kind, (old[key], new[key]), subject, label)
            if inner := _INNER.get(kind):
                yield from inner(old[key], new[key], subject)


def _attributes(
    kind: str, pair: tuple[Any, Any], subject: str, label: Text
) -> Iterable[Change]:  # fmt: skip
    old, new = pair
    for each in fields(old):
        before, after = getattr(old, each.name), getattr(new, each.name)
        if each.name in _LEFT_OUT and not (kind in {"fields", "elements"} and each.name == "codes"):
            continue
        if before == after or isinstance(before, Path):
            continue
        breaking = each.name in _BREAKING.get(kind, ())
        if kind in {"fields", "elements"}:
            breaking = breaking or _narrows(old, new, each.name)
        what = Text(f"{label.zh} 的 {each.name}", f"{each.name} of {label.en}")
        mark = ChangeKind.BREAKING if breaking else ChangeKind.CHANGED
        yield _change(mark, f"{subject}/{each.name}", what, before, after)


def _narrows(old: Field | Element, new: Field | Element, name: str) -> bool:
    """Whether rows that were sound before may be refused now."""
    if name in {"required", "unique"}:
        return bool(getattr(new, name))
    if name == "open_end":
        return not getattr(new, name)
    if name == "minimum":
        return new.minimum is not None and (old.minimum is None or new.minimum > old.minimum)
    if name == "maximum":
        return new.maximum is not None and (old.maximum is None or new.maximum < old.maximum)
    if name == "values" and isinstance(old, Field) and isinstance(new, Field):
        return bool(new.values) and not set(old.values or ("\0",)) <= set(new.values)
    return name == "pattern" and new.pattern is not None


def _resource(old: Resource, new: Resource, subject: str) -> Iterable[Change]:
    before, after = ({f.id: f for f in r.fields} for r in (old, new))
    for change in _each("fields", before, after, f"{subject}/fields"):
        added = after.get(change.subject.rpartition("/")[2])
        if change.kind is ChangeKind.ADDED and added is not None and added.required:
            said = Text(f"{change.text.zh}为必填", f"{change.text.en} is new and required")
            yield Change(ChangeKind.BREAKING, change.subject, said)
        else:
            yield change
    yield from _checks(old, new, subject)


def _checks(old: Resource, new: Resource, subject: str) -> Iterable[Change]:
    """A check more may refuse rows that were sound; a check less refuses none."""
    before, after = ({c.id: c for c in r.checks} for r in (old, new))
    for key, check in after.items():
        path, label = f"{subject}/checks/{key}", Text(f"检查 {key}", f"check {key}")
        stricter = check.severity is Severity.SET_ASIDE
        if key not in before:
            yield Change(ChangeKind.BREAKING if stricter else ChangeKind.ADDED, path, label)
        elif before[key] != check:
            was, now = before[key], check
            same_rule = (was.holds, was.sql, was.severity) == (now.holds, now.sql, now.severity)
            kind = ChangeKind.BREAKING if stricter and not same_rule else ChangeKind.CHANGED
            yield Change(kind, path, Text(f"{label.zh}有变", f"{label.en} differs"))
    for key in before:
        if key not in after:
            said = Text(f"检查 {key} 已取消", f"check {key} was dropped")
            yield Change(ChangeKind.RETIRED, f"{subject}/checks/{key}", said)


def _codes(old: CodeList, new: CodeList, subject: str) -> Iterable[Change]:
    before, after = ({c.code: old_or.find(c.code) for c in old_or.codes} for old_or in (old, new))
    for change in _each("code", before, after, subject):
        code = change.subject.removeprefix(f"{subject}/").partition("/")[0]
        if change.kind is ChangeKind.CHANGED and change.subject.endswith("/valid_to"):
            ended = after[code]
            day = ended.valid_to if ended else None
            if isinstance(day, date):
                said = Text(f"代码 {code} 自 {day} 之后停用", f"code {code} ends on {day}")
                yield Change(ChangeKind.RETIRED, change.subject, said)
                continue
        yield change


def _plan(old: Plan, new: Plan, subject: str) -> Iterable[Change]:
    before, after = ({t.id: t for t in plan.targets} for plan in (old, new))
    yield from _each("targets", before, after, f"{subject}/targets")


def _index(old: CompositeIndex, new: CompositeIndex, subject: str) -> Iterable[Change]:
    """Elements, sizes and every key of the recipe that differs."""
    before, after = ({e.code: e for e in index.elements} for index in (old, new))
    yield from _each("index_elements", before, after, f"{subject}/elements")
    was, now = ({s.code: s for s in index.sizes} for index in (old, new))
    yield from _each("sizes", was, now, f"{subject}/sizes")
    steps, others = dict(_flat(old.recipe)), dict(_flat(new.recipe))
    for key in [*steps, *(k for k in others if k not in steps)]:
        if steps.get(key) != others.get(key):
            what = Text(f"计算方案 {key}", f"recipe {key}")
            path = f"{subject}/recipe/{key}"
            yield _change(ChangeKind.CHANGED, path, what, steps.get(key), others.get(key))


def _flat(value: object, path: str = "") -> Iterable[tuple[str, object]]:
    """Every figure and word of nested tables by its dotted key."""
    inner: Iterable[tuple[object, object]] = ()
    if isinstance(value, Mapping):
        inner = value.items()
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        inner = enumerate(value, 1)
    else:
        yield path, value
    for key, each in inner:
        yield from _flat(each, f"{path}.{key}" if path else str(key))


_INNER: Final[Mapping[str, Callable[[Any, Any, str], Iterable[Change]]]] = {
    "resources": _resource,
    "codes": _codes,
    "plans": _plan,
    "indices": _index,
}


def _norms(pack: Pack) -> dict[str, Any]:
    return {f"{norm.id}@{norm.valid_from}": norm for norm in pack.norms}


def _duties(pack: Pack) -> dict[str, Any]:
    return {duty.id: duty for duty in pack.duties}


def _releases(pack: Pack) -> dict[str, Any]:
    return {release.id: release for release in pack.releases}


def _synonyms(old: Pack, new: Pack) -> Iterable[Change]:
    """Groups of words that are new or gone; searching differs, nothing breaks."""
    for kind, groups, others in (
        (ChangeKind.RETIRED, old.synonyms, new.synonyms),
        (ChangeKind.ADDED, new.synonyms, old.synonyms),
    ):
        for words in groups:
            if words not in others:
                said = " = ".join(words)
                yield Change(
                    kind, f"synonyms/{words[0]}", Text(f"同义词 {said}", f"synonyms {said}")
                )


def _change(kind: ChangeKind, subject: str, what: Text, before: object, after: object) -> Change:
    return Change(
        kind,
        subject,
        Text(
            f"{what.zh}:{_said(before, 'zh')} → {_said(after, 'zh')}",
            f"{what.en}: {_said(before, 'en')} → {_said(after, 'en')}",
        ),
    )


def _said(value: object, lang: str) -> str:
    if isinstance(value, Text):
        return value.in_(lang)
    if isinstance(value, tuple):
        return ", ".join(_said(item, lang) for item in value) or "-"
    text = "-" if value is None or value == "" else str(value)
    return text if len(text) <= 80 else text[:79] + "…"
