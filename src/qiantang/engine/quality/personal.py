"""Personal data found in what was sent, compared with what the schema declares.

A kind is found by its form and its check digits, not by guessing: an order number of 18 digits
is no resident id unless date of birth, division and check digit fit. Names and addresses have no
check digits; they need the words of the heading, or a clear majority of the column, as evidence.
"""
# ruff: noqa: E501 - texts and patterns stand on one line each

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from qiantang.engine.quality.identifier_columns import check_resident_ids
from qiantang.engine.quality.identifier_kinds import PLATE, PLATE_INSIDE
from qiantang.engine.quality.surnames import COMMON_SURNAMES, DOUBLE_SURNAMES, GIVEN, SURNAMES
from qiantang.kernel.identifiers import luhn_holds
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Field, FieldType, Personal, Resource
from qiantang.packkit.personal_kinds import CLASSES, covers, name_of, needed

SAMPLED_A_BATCH: Final = 2_000
AT_ONCE: Final = 20_000
"""So many values of a field are looked at together."""
LONGEST: Final = 500
"""Characters of a value that are looked at."""
MOST_EXAMPLES: Final = 3

LEAST_SHARE: Final = {"name": 0.5, "address": 0.3, "landline": 0.02, "passport": 0.5, "plate": 0.01}
"""Share of a column's values below which a kind counts as chance."""
SHORT: Final = "short_name"
"""Two characters that may be a name: told by the column that they stand in."""
MOST_NAMES: Final = 1_000
LEAST_NAMES: Final = 8
LEAST_SURNAMES: Final = 5
"""Words that look like names are few and begin alike; a column of names has many of both."""
_PERSONS: Final = frozenset({"name", "resident_id", "mobile"})
_ANY: Final = 0.0005

_EMAIL: Final = r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}"
_MOBILE: Final = (
    r"(?:^|[^0-9A-Za-z.])(?:\+?86[ \-]?)?(1[3-9]\d[ \-]?\d{4}[ \-]?\d{4})(?:$|[^0-9A-Za-z.])"
)
_RESIDENT: Final = r"(?:^|[^0-9A-Za-z])([1-9]\d{16}[0-9Xx])(?:$|[^0-9A-Za-z])"
_CARD: Final = r"(?:^|[^0-9A-Za-z])((?:62|4\d|5[1-5]|3[57]|9[58])\d{13,17})(?:$|[^0-9A-Za-z])"
_LANDLINE: Final = r"(?:^|[^0-9])\(?0(?:10|2\d|[3-9]\d{2})[)\- ]{0,2}[2-8]\d{6,7}(?:$|[^0-9])"
_LANDLINE_BARE: Final = r"^0\d{2,3}\d{7,8}$"
_PLATE_IN_TEXT: Final = rf"{PLATE_INSIDE}(?:$|[^0-9A-Za-z])"
_PASSPORT: Final = r"^(?:[EGPS]\d{8}|[EGD][A-HJ-NP-Z]\d{7}|(?:14|15)\d{7})$"
_DIVISION: Final = "[省市区县旗州]|街道|[镇乡村]|社区"
_STREET: Final = r"[路街道巷弄里村苑园坊][^，,。]{0,12}?\d+ ?[号弄幢栋室组]|\d+ ?[号幢栋弄](?:楼|院)?[^，,。]{0,8}\d* ?(?:室|单元|号)|[村组]\d+ ?号|\d+ ?[组室]$"
_ORGANISED: Final = r"公司|集团|银行|学校|大学|医院|中心|委员会|协会|厂|店|局|院|所|队|部|社|场|馆|站|会$|厅|处|室$|科$|组$|[省市县镇乡村路街号]"

_HEADINGS: Final = {
    "name": (r"姓名|人名|户主|联系人|法定代表人|负责人|经办人|当事人|申请人|监护人|驾驶人|配偶|父亲|母亲|^(?:.*_)?(?:person_|full_)?name$|surname|holder|contact",
             r"单位名|企业名|公司|机构|项目|产品|名称|company|firm|org|product|place"),
    "address": (r"住址|家庭|居住|户籍|现住|收货|寄送|home|residential", r"企业|单位|机构|公司|学校"),
    "place": (r"地址|住所|地点|位置|坐落|场所|address|location|site|place", r"^$"),
    "passport": (r"护照|证件|passport", r"^$"),
    "landline": (r"电话|联系方式|phone|tel", r"^$"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonalFinding:
    """Personal data of one kind in one field.

    ``share``: of the values looked at, how many hold it; ``hits`` of ``seen`` (both 0 in findings
    kept before they were counted). ``declared``: what the schema says. ``sufficient``: whether
    that covers the kind. ``examples`` are masked.
    """

    field: str
    kind: str
    share: float
    declared: Personal
    sufficient: bool
    examples: tuple[str, ...] = ()
    hits: int = 0
    seen: int = 0

    def text(self, name: Text | None = None) -> Text:
        """What was found, and what to do, as sentences; ``name`` is what people call the field."""
        called = name or Text(self.field, self.field)
        kind, is_, should = name_of(self.kind), CLASSES[self.declared], CLASSES[needed(self.kind)]
        part = f"{self.share:.1%}"
        zh, en = f"占 {part}", f"{part} of values"
        if self.seen:
            zh = f"查看的 {self.seen} 个值中有 {self.hits} 个，{zh}"
            en = f"{self.hits} of the {self.seen} values looked at, {part}"
        return Text(
            f"字段“{called.zh}”中有{kind.zh}（{zh}），但元数据声明为“{is_.zh}”。"
            f"请先把该字段的声明改为“{should.zh}”；确非个人信息的，由审核员指明该字段后按原声明入库。",
            f'Field "{called.en}" holds {kind.en} ({en}) but is declared {is_.en}. Have it declared '
            f"{should.en} first; where it is no personal data after all, an approver publishes it as "
            "declared by naming the field.",
        )

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "field": self.field,
            "kind": self.kind,
            "share": self.share,
            "declared": self.declared.value,
            "sufficient": self.sufficient,
            "examples": list(self.examples),
            "hits": self.hits,
            "seen": self.seen,
        }

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> PersonalFinding:
        declared = Personal(said["declared"])
        examples = tuple(said["examples"])
        return cls(
            said["field"],
            said["kind"],
            said["share"],
            declared,
            said["sufficient"],
            examples,
            said.get("hits", 0),
            said.get("seen", 0),
        )


class Detector:
    """Looks at samples of batches as they pass. ``findings`` when all have passed."""

    def __init__(self, resource: Resource, on: date | None = None) -> None:
        self._resource = resource
        self._on = on or date.today()
        self._seen: dict[str, int] = {}
        self._hits: dict[tuple[str, str], int] = {}
        self._examples: dict[tuple[str, str], list[str]] = {}
        self._short: dict[str, set[str]] = {}
        self._waiting: dict[str, list[pl.Series]] = {}

    def look(self, batch: pl.DataFrame, most: int = SAMPLED_A_BATCH) -> None:
        """Look at up to ``most`` rows of a batch of texts, evenly spread."""
        rows = batch.gather_every(max(1, -(-batch.height // most))) if batch.height else batch
        for field in self._resource.fields:
            if field.id in rows.columns and field.type in _LOOKED_AT:
                values = rows[field.id].cast(pl.String).drop_nulls()
                values = values.str.slice(0, LONGEST).str.normalize("NFKC").str.strip_chars()
                waiting = self._waiting.setdefault(field.id, [])
                waiting.append(values.filter(values != ""))
                if sum(map(len, waiting)) >= AT_ONCE:
                    self._look_at(field)

    def _look_at(self, field: Field) -> None:
        """Look at the values that wait: few at a time cost as much as many."""
        values = pl.concat(self._waiting.pop(field.id))
        self._seen[field.id] = self._seen.get(field.id, 0) + values.len()
        heading = f"{field.name.zh} {field.name.en} {field.id}"
        for kind, mask in _marks(values, self._on, heading):
            rows = mask.fill_null(value=False).arg_true()
            if not rows.len():
                continue
            key = (field.id, kind)
            self._hits[key] = self._hits.get(key, 0) + rows.len()
            if kind == SHORT:
                self._note_short(field.id, values.gather(rows))
                continue
            examples = self._examples.setdefault(key, [])
            for value in values.gather(rows.head(MOST_EXAMPLES - len(examples))):
                examples.append(masked(value))

    def _note_short(self, field: str, names: pl.Series) -> None:
        known = self._short.setdefault(field, set())
        if len(known) < MOST_NAMES:
            known.update(names.unique())

    def _counted(self) -> dict[tuple[str, str], int]:
        """Hits by field and kind; names of two characters count as names where the column has so
        many different ones that they cannot be words."""
        found = {key: hits for key, hits in self._hits.items() if key[1] != SHORT}
        for name, known in self._short.items():
            surnames = {each[0] for each in known}
            if len(known) >= LEAST_NAMES and len(surnames) >= LEAST_SURNAMES:
                key = (name, "name")
                found[key] = found.get(key, 0) + self._hits[name, SHORT]
                if not self._examples.get(key):
                    self._examples[key] = [masked(each) for each in sorted(known)[:MOST_EXAMPLES]]
        return found

    def findings(self) -> tuple[PersonalFinding, ...]:
        """The kinds found often enough, by field and share."""
        for field in self._resource.fields:
            if field.id in self._waiting:
                self._look_at(field)
        found = list(self._found())
        return tuple(sorted(found, key=lambda each: (each.field, -each.share)))

    def _found(self) -> Iterator[PersonalFinding]:
        counted = self._counted()
        persons = any(
            kind in _PERSONS and hits / self._seen[name] >= _least(kind, "")
            for (name, kind), hits in counted.items()
        )
        for (name, kind), hits in counted.items():
            field, share = self._resource.field(name), hits / self._seen[name]
            assert field is not None
            heading = f"{field.name.zh} {field.name.en} {field.id}"
            if share < _least(kind, heading):
                continue
            if kind == "address" and not _is_home(heading, persons=persons):
                continue
            yield PersonalFinding(
                name,
                kind,
                round(share, 6),
                field.personal,
                covers(field, kind),
                tuple(self._examples[name, kind]),
                hits,
                self._seen[name],
            )


_LOOKED_AT: Final = frozenset({FieldType.TEXT, FieldType.INTEGER, FieldType.CODE})


def detect_personal(
    data: pl.DataFrame | Sequence[Path], resource: Resource, *, on: date | None = None
) -> tuple[PersonalFinding, ...]:
    """Personal data in a frame or in Parquet files with the resource's fields as columns."""
    detector = Detector(resource, on)
    frames = [data] if isinstance(data, pl.DataFrame) else (pl.read_parquet(path) for path in data)
    for frame in frames:
        detector.look(frame, most=50_000)
    return detector.findings()


def _is_home(heading: str, *, persons: bool) -> bool:
    """Whether addresses under a heading are of persons: it says so, or it speaks of no address at
    all and the rows are about persons. Where firms, schools and bus stops are is not personal."""
    return _speaks("address", heading) or (persons and not _speaks("place", heading))


def _least(kind: str, heading: str) -> float:
    """The share that counts. A heading that speaks of the kind lowers it."""
    least = LEAST_SHARE.get(kind, _ANY)
    return least / 5 if kind in _HEADINGS and _speaks(kind, heading) else least


def _speaks(kind: str, heading: str) -> bool:
    speaks, denies = _HEADINGS[kind]
    text = pl.Series([heading.lower()])
    return bool(text.str.contains(f"(?i){speaks}")[0]) and not (
        denies != "^$" and bool(text.str.contains(f"(?i){denies}")[0])
    )


def _marks(values: pl.Series, on: date, heading: str) -> Iterator[tuple[str, pl.Series]]:
    """For each kind, which values hold it."""
    resident = _residents(values, on)
    yield "resident_id", resident
    yield "mobile", values.str.contains(_MOBILE)
    yield "email", values.str.contains(_EMAIL)
    yield "bank_card", _cards(values) & ~resident
    yield "plate", _plates(values)
    yield "landline", values.str.contains(_LANDLINE) | values.str.contains(_LANDLINE_BARE)
    if _speaks("passport", heading):
        yield "passport", values.str.contains(_PASSPORT)
    address = values.str.contains(_DIVISION) & values.str.contains(_STREET)
    yield "address", address
    spoken = _speaks("name", heading)
    yield "name", _names(values, evidence=spoken) & ~address
    if not spoken:
        yield SHORT, values.str.contains(f"^[{COMMON_SURNAMES}][{GIVEN}]$")


def _residents(values: pl.Series, on: date) -> pl.Series:
    """Eighteen characters, alone or inside a text, that hold all of an id's checks."""
    return _each(values, _RESIDENT, lambda found: check_resident_ids(found, on)[0].is_not_null())


def _plates(values: pl.Series) -> pl.Series:
    """A plate alone, spaces and dots aside, or one inside a text that no more letters follow."""
    alone = values.str.replace_all(r"[\s·•\-]", "").str.contains(PLATE)
    return alone | values.str.replace_all("[·•]", "").str.contains(_PLATE_IN_TEXT)


def _cards(values: pl.Series) -> pl.Series:
    """Sixteen to nineteen digits with a card's first digits and its check digit."""
    plain = values.str.replace_all(r"(\d{4})[ \-]", "$1")
    return _each(plain, _CARD, lambda found: pl.Series([luhn_holds(text) for text in found]))


def _each(values: pl.Series, pattern: str, holds: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Which values have, somewhere, what the pattern finds and ``holds`` affirms."""
    # Doubled, the character between two neighbours can end the one and begin the other.
    apart = values.str.replace_all("([^0-9A-Za-z])", "$1$1")
    found = pl.DataFrame(
        {"at": pl.int_range(values.len(), eager=True), "text": apart.str.extract_all(pattern)}
    )
    found = found.explode("text").with_columns(pl.col("text").str.extract(pattern)).drop_nulls()
    marks = pl.repeat(value=False, n=values.len(), eager=True)
    if not found.height:
        return marks
    rows = found["at"].filter(holds(found["text"]).fill_null(value=False)).unique()
    return marks.scatter(rows, values=True)


def _names(values: pl.Series, *, evidence: bool) -> pl.Series:
    """A surname and one or two more characters; an organisation's words say otherwise.

    Without the heading's evidence two characters are not enough, for 高新 and 金华 look like names:
    what the whole column holds decides (`Detector`).
    """
    rest = "{1,3}" if evidence else "{2}"
    single = rf"^(?:{SURNAMES})[\u4e00-\u9fa5·]{rest}$"
    double = rf"^(?:{DOUBLE_SURNAMES})[\u4e00-\u9fa5]{{1,2}}$"
    found = values.str.contains(single) | values.str.contains(double)
    return found & ~values.str.contains(_ORGANISED)


def masked(value: str) -> str:
    """A value with its middle hidden, so that an example shows the form and not the person."""
    if len(value) <= 1:
        return "*"
    if len(value) <= 4:
        return value[0] + "*" * (len(value) - 1)
    shown = 3 if len(value) <= 12 else 4
    shown = min(shown, len(value) // 4 + 1)
    return value[:shown] + "*" * min(12, len(value) - shown - 1) + value[-1]
