"""A pack while it is being read: what it has declared so far, and what it may refer to.

Readers run in the order codes, norms, elements, resources, checks, measures, plans, pages,
indices, duties, releases, examples, so that every reference points at something read already,
here or in a required pack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

from qiantang.kernel.places import Place
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import (
    CodeList,
    Duty,
    Element,
    Example,
    Indicator,
    Measure,
    Norm,
    Pack,
    Page,
    Resource,
)
from qiantang.packkit.files import PackFiles
from qiantang.packkit.indices import CompositeIndex
from qiantang.packkit.plans import Plan
from qiantang.packkit.problems import Findings, nearest
from qiantang.packkit.releases import Release
from qiantang.packkit.sections import Section

DIVISIONS: Final = "geography.division"
DEPARTMENTS: Final = "geography.department"
CLASSES: Final = "data-commons.resource-class"

LOCAL_ID: Final = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
LOCAL_FORM: Final = Text(
    "小写字母开头，由小写字母、数字组成，可用 _ 或 - 相连",
    "lower-case letters and digits joined by _ or -, beginning with a letter",
)
KINDS: Final = {
    "codes": Text("代码表", "code list"),
    "indicators": Text("指标", "indicator"),
    "norms": Text("规范值", "norm"),
    "elements": Text("数据元", "data element"),
    "resources": Text("信息资源", "resource"),
    "measures": Text("测度", "measure"),
    "plans": Text("规划", "plan"),
    "indices": Text("综合指数", "index"),
}
_MANY: Final = 20


@dataclass(slots=True)
class Draft:
    """``others`` are the required packs; ``known`` every pack at hand, for better advice."""

    files: PackFiles
    findings: Findings
    id: str = ""
    others: Mapping[str, Pack] = field(default_factory=dict)
    known: Mapping[str, Pack] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    codes: dict[str, CodeList] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    norms: list[Norm] = field(default_factory=list)
    elements: dict[str, Element] = field(default_factory=dict)
    duties: list[Duty] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    synonyms: list[tuple[str, ...]] = field(default_factory=list)
    resources: dict[str, Resource] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    indices: dict[str, CompositeIndex] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)
    torn: set[str] = field(default_factory=set)
    """Files with problems of their own: references to them are not reported once more."""
    lost: set[str] = field(default_factory=set)
    """Kinds of which a whole file could not be read: what is missing of them may be in there."""
    places: dict[str, Place] = field(default_factory=dict)

    @contextmanager
    def reading(self, name: str) -> Iterator[str]:
        """Read one file; gives its id (the file's stem) and notes whether it had problems."""
        before = len(self.findings.problems)
        try:
            yield PurePosixPath(name).stem
        finally:
            if len(self.findings.problems) > before:
                self.torn.add(PurePosixPath(name).with_suffix("").as_posix())

    def check_id(self, section: Section, stem: str) -> str:
        """The ``id`` of a TOML file, which must be well formed and the file's name."""
        found = section.text("id")
        if found.strip() and not LOCAL_ID.fullmatch(found):
            section.problem("pack.id_malformed", "id", found=found, expected=LOCAL_FORM)
        elif found.strip() and found != stem:
            section.problem(
                "pack.id_not_file_name", "id", found=found, expected=stem, paste=f'id = "{stem}"'
            )
        return stem

    def check_stem(self, name: str, stem: str) -> str:
        """The id that a CSV or SQL file has by its name."""
        if not LOCAL_ID.fullmatch(stem):
            place = self.files.place(name, 1)
            self.findings.add("pack.id_malformed", place, found=stem, expected=LOCAL_FORM)
        return stem

    def first_use(self, key: str, place: Place, *, found: str) -> None:
        """Report an id that was used before in this pack."""
        first = self.places.setdefault(key, place)
        if first is not place:
            self.findings.add("pack.id_repeated", place, found=found, first=first.as_text())

    def find(self, kind: str, reference: str, place: Place) -> Any:
        """What ``pack.id`` or ``id`` names, or None with a problem at ``place``.

        An id alone is looked for here first, then in the required packs.
        """
        other, dot, local = reference.rpartition(".")
        if not dot or other == self.id:
            if found := self.all(kind, alone=not dot).get(local):
                return found
            if not self._may_be_unread(kind, local, alone=not dot):
                self._unknown(kind, reference, self.all(kind, alone=not dot), place)
            return None
        return self._foreign(kind, other, local, place)

    def all(self, kind: str, *, alone: bool = True) -> dict[str, Any]:
        """Everything of a kind by id: this pack's, and with ``alone`` the required packs' too."""
        found: dict[str, Any] = {}
        for pack in reversed(list(self.others.values())) if alone else ():
            found.update(_named(pack, kind))
        found.update(_named(self, kind))
        return found

    def listed(self, reference: str) -> CodeList | None:
        """A code list of this pack or a required one, without any complaint."""
        other, _, local = reference.rpartition(".")
        owner = self if other == self.id else self.others.get(other)
        return owner.codes.get(local) if owner else None

    def check_code(self, reference: str, code: str, place: Place, label: Text) -> None:
        """Report a code that a well-known list lacks; silent when the list is not at hand."""
        known = self.listed(reference)
        if known is None or not code.strip() or known.find(code):
            return
        valid = list(dict.fromkeys(c.code for c in known.codes))
        self.findings.add("pack.reference_unknown", place, kind=label, found=code,
                          expected=some(valid), near=nearest(code, valid))  # fmt: skip

    def _foreign(self, kind: str, other: str, local: str, place: Place) -> Any:
        reference = f"{other}.{local}"
        if other in self.absent:
            return None
        if pack := self.others.get(other):
            if found := _named(pack, kind).get(local):
                return found
            valid = {f"{other}.{key}": None for key in _named(pack, kind)}
            self._unknown(kind, reference, valid, place)
        elif other in self.known:
            names = ", ".join(f'"{name}"' for name in [*self.others, other])
            self.findings.add("pack.reference_undeclared", place, found=reference, other=other,
                              paste=f"requires = [{names}]")  # fmt: skip
        else:
            valid = {f"{p}.{key}": None for p, pack in self.others.items()
                     for key in _named(pack, kind)}  # fmt: skip
            self._unknown(kind, reference, valid, place)
        return None

    def _may_be_unread(self, kind: str, local: str, *, alone: bool) -> bool:
        """Whether the thing may stand in a file or a pack that is reported as broken already."""
        broken = kind in self.lost or f"{kind}/{local}" in self.torn
        return broken or (alone and bool(self.absent))

    def _unknown(self, kind: str, found: str, valid: Mapping[str, Any], place: Place) -> None:
        self.findings.add("pack.reference_unknown", place, kind=KINDS[kind], found=found,
                          expected=some(list(valid)), near=nearest(found, valid))  # fmt: skip


def some(words: list[str]) -> str:
    """The words with commas; a long list is cut, an empty one is a dash."""
    shown = ", ".join(words[:_MANY])
    return f"{shown} …" if len(words) > _MANY else shown or "-"


def _named(pack: Pack | Draft, kind: str) -> dict[str, Any]:
    if kind == "norms":
        return {norm.id: norm for norm in pack.norms}
    return dict(getattr(pack, kind))
