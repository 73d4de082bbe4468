"""One way, or several, to come by every problem that the checker knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qiantang.packkit.tests.building import CHECK_EXAMPLES

PACK, VISITS, FIGURES = "pack.toml", "resources/visits.toml", "resources/figures.toml"
REGION, INDICATOR, NORMS = "codes/region.csv", "codes/indicator.csv", "norms/judging.csv"
PLAN, PAGE, SQL = "plans/zone.toml", "pages/overview.toml", "measures/visits_by_year.sql"
ROWS, EXAMPLE, RUN = (
    "data/figures.csv",
    "examples/years_add_up.toml",
    "examples/plan_is_judged.toml",
)

PEOPLE, ELEMENTS, CHECK = (
    "resources/people.toml",
    "elements/person.csv",
    "checks/friends_join_first.sql",
)
DUTIES, SYNONYMS, RELEASES = "duties.csv", "synonyms.csv", "releases.csv"


REACH, ZONE, TREE = "indices/reach.toml", "indices/zone.toml", "data/reach_elements.csv"


@dataclass(frozen=True)
class Breakage:
    """``old`` in ``file`` becomes ``new``; the problem stands where ``at`` stands (a text on the
    line, or a pair of row and column)."""

    code: str
    file: str
    old: str = ""
    new: str = ""
    at: str | tuple[int, str] | None = None
    do: Callable[[Path], object] | None = None
    also: tuple[str, ...] = ()
    sql_says: str = ""

    def apply(self, folder: Path) -> None:
        if self.do:
            self.do(folder)
            return
        path = folder / self.file
        text = path.read_text(encoding="utf-8")
        assert self.old in text, f"{self.old!r} is not in {self.file}"
        path.write_text(text.replace(self.old, self.new, 1), encoding="utf-8")


def B(
    code: str, file: str, old: str = "", new: str = "", at: str | tuple[int, str] | None = None,
    **more: object,
) -> Breakage:  # fmt: skip
    return Breakage(f"pack.{code}", file, old, new, at, **more)  # type: ignore[arg-type]


def _write(name: str, raw: bytes) -> Callable[[Path], object]:
    def do(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(raw)

    return do


def _huge(folder: Path) -> None:
    with (folder / PAGE).open("ab") as file:
        file.truncate((1 << 20) + 1)


def _directory(folder: Path) -> None:
    (folder / "pages" / "trap.toml").mkdir()


def _many_bad_rows(folder: Path) -> None:
    rows = "".join(f"P{n},core_va,330000,2018,x,亿元,actual,A,公报,ok\n" for n in range(10, 170))
    with (folder / ROWS).open("a", encoding="utf-8") as file:
        file.write(rows)


def _bom(folder: Path) -> None:
    (folder / PAGE).write_bytes(b"\xef\xbb\xbf" + (folder / PAGE).read_bytes())


def _example(name: str, old: str, new: str) -> Callable[[Path], object]:
    """Write an example of a check with ``old`` replaced."""
    assert old in CHECK_EXAMPLES[name]
    return _write(name, CHECK_EXAMPLES[name].replace(old, new, 1).encode())


BEFORE, LATER, BUILT = CHECK_EXAMPLES

FILES = [
    B("folder_missing", "", do=lambda folder: __import__("shutil").rmtree(folder)),
    B("manifest_missing", PACK, do=lambda folder: (folder / PACK).unlink()),
    B("file_unreadable", "pages/trap.toml", do=_directory),
    B("file_empty", "pages/blank.toml", do=_write("pages/blank.toml", b" \n\n")),
    B("file_empty", "codes/blank.csv", do=_write("codes/blank.csv", b"")),
    B("file_too_large", PAGE, do=_huge),
    B("not_utf8", "pages/gbk.toml", at="GBK",
      do=_write("pages/gbk.toml", "a = 1\nname = '总览' # GBK\n".encode("gb18030"))),
    B("not_utf8", "codes/utf16.csv", do=_write("codes/utf16.csv", "code,zh".encode("utf-16"))),
    B("byte_order_mark", PAGE, do=_bom),
    B("broken_toml", PAGE, 'plan = "zone"', 'plan = "zone', at='plan = "zone'),
    B("broken_toml", PAGE, 'kind = "text"', 'kind = "text"\nkind = "map"', at='kind = "map"'),
    B("broken_toml", "pages/deep.toml", do=_write("pages/deep.toml", b"a = " + b"[" * 20000)),
    B("broken_toml", "pages/digits.toml",
      do=_write("pages/digits.toml", b"a = " + b"9" * 5000)),
    B("broken_csv", REGION, "east,东", 'east,"东'),
    B("unexpected_file", "codes/list.xlsx", do=_write("codes/list.xlsx", b"PK")),
    B("folder_is_file", "docs", do=_write("docs", b"")),
    B("folder_is_file", "cases", do=_write("cases", b"")),
    B("folder_unknown", "resource", do=_write("resource/x.toml", b"")),
    B("folder_not_supported", "streams", do=_write("streams/x.toml", b"")),
]  # fmt: skip

SHAPE = [
    B("key_unknown", VISITS, "cadence", "cadense", at="cadense", also=("pack.key_missing",)),
    B("key_unknown", PLAN, "quote = ", "qoute = ", at="qoute", also=("pack.key_missing",)),
    B("key_missing", VISITS, 'sharing = "unconditional"\n', ""),
    B("key_missing", PAGE, 'plan = "zone"', "", at="[[tiles]]"),
    B("key_missing", PAGE, 'codes = "region"', ""),
    B("key_missing", EXAMPLE, 'given = { visits = "samples/visits.csv" }', "given = {}",
      at="given"),
    B("key_missing", RUN, "as_of = 2020-12-31", ""),
    B("type_wrong", VISITS, "open = true", 'open = "yes"', at='open = "yes"'),
    B("type_wrong", VISITS, "min = 0", "min = nan", at="min = nan"),
    B("type_wrong", PLAN, "due = 2019", "due = [2019, 2020, 2021]", at="due = [2019, 2020, 2021"),
    B("type_wrong", PLAN, "issued = 2017-04-27", 'issued = "2017"', at="issued"),
    B("type_wrong", PACK, 'name = { zh = "示例", en = "Demo" }', 'name = "Demo"', at="name ="),
    B("type_wrong", FIGURES, 'grain = ["id"]', "grain = [1]", at="grain"),
    B("text_empty", PLAN, 'quote = "基本建成"', 'quote = " "', at='quote = " "'),
    B("text_empty", VISITS, 'grain = ["division", "period"]', "grain = []", at="grain"),
    B("language_missing", PLAN, 'source = { zh = "公报", en = "Gazette" }',
      'source = { zh = "公报" }', at="source"),
    B("language_missing", VISITS, 'en = "Period"', 'en = ""', at='en = ""'),
    B("value_not_allowed", VISITS, '"unconditional"', '"unconditionl"', at="unconditionl"),
    B("value_not_allowed", NORMS, "unverified", "guess", at=(2, "status")),
    B("value_not_allowed", PAGE, 'kind = "series"', 'kind = "serie"', at='"serie"'),
    B("value_not_allowed", PLAN, '["A", "B"]', '["A", "D"]', at='"D"'),
    B("column_missing", NORMS, "source", "sources", at=(1, "source"),
      also=("pack.column_unknown",)),
    B("column_unknown", NORMS, "status\n", "status,remark\n", at=(1, "remark"),
      also=("pack.row_ragged",)),
    B("column_repeated", REGION, "valid_to\n", "valid_to,zh\n", at=(1, "zh"),
      also=("pack.row_ragged",)),
    B("row_ragged", REGION, "east,东,East", "east,东,East,x", at=(4, "")),
    B("cell_empty", REGION, "east,东", "east,", at=(4, "zh")),
    B("cell_empty", INDICATOR, "用户,Users", "用户,", at=(3, "description_en")),
    B("cell_malformed", NORMS, "0.005", "0,005".replace(",", "·"), at=(4, "value")),
    B("cell_malformed", REGION, "2019-12-31", "2019-02-30", at=(2, "valid_to"),
      also=("pack.validity_overlap",)),
    B("cell_malformed", EXAMPLE, 'run = "measures', 'run = "measure', at="run"),
]  # fmt: skip

IDS = [
    B("id_malformed", "codes/Bad Name.csv",
      do=lambda f: (f / REGION).rename(f / "codes/Bad Name.csv"),
      also=("pack.reference_unknown",)),
    B("id_malformed", PACK, 'id = "demo"', 'id = "Demo Pack"', at="id =",
      also=("pack.reference_unknown",)),
    B("id_malformed", FIGURES, "quality_flag = {", "Quality = {", at="Quality",
      also=("pack.observation_field_unknown",)),
    B("id_not_file_name", VISITS, 'id = "visits"', 'id = "visit"', at="id ="),
    B("id_repeated", PLAN, 'id = "T2"', 'id = "T1"'),
    B("id_repeated", PLAN, 'id = "二"', 'id = "一(三)"', also=("pack.reference_unknown",)),
    B("id_taken", INDICATOR, "users,", "pop,", at=(3, "code"),
      also=("pack.reference_unknown", "pack.row_code")),
    B("version_malformed", PACK, '"0.1.0"', '"one"', at="version"),
    B("cadence_malformed", VISITS, '"P1Y"', '"yearly"', at="cadence"),
]  # fmt: skip

REFERENCES = [
    B("requires_missing", PACK, '"geography"]', '"geography", "weather"]', at="requires"),
    B("reference_unknown", VISITS, '"demo.site"', '"demo.sites"', at="demo.sites"),
    B("reference_unknown", VISITS, '"geography.division"', '"geography.divison"', at="divison"),
    B("reference_unknown", VISITS, 'owner = "stats"', 'owner = "stat"', at="owner"),
    B("reference_unknown", INDICATOR, "flow,stats", "flow,nobody", at=(2, "owner")),
    B("reference_unknown", PLAN, 'indicator = "core_va"', 'indicator = "core"', at='"core"'),
    B("reference_unknown", PLAN, '"about"', '"abuot"', at="abuot"),
    B("reference_unknown", PLAN, 'division = "330000"', 'division = "110000"', at="110000"),
    B("reference_unknown", PLAN, 'section = "二"', 'section = "三"', at='"三"'),
    B("reference_unknown", PAGE, 'resource = "visits"', 'resource = "visit"', at='"visit"'),
    B("reference_unknown", RUN, "plan:zone", "plan:zones", at="plan:zones"),
    B("reference_unknown", RUN, '"T1"', '"T9"', at='"T9"'),
    B("reference_undeclared", VISITS, '"demo.site"', '"spare.colour"', at="spare.colour"),
    B("unit_unknown", VISITS, '"万人"', '"wan ren"', at="wan ren"),
    B("unit_unknown", PLAN, 'unit = "亿元"', 'unit = "亿"', at='unit = "亿"'),
    B("unit_unknown", INDICATOR, "万户", "万", at=(3, "unit"), also=()),
    B("unit_unknown", SQL, "unit: 万人", "unit: 万", at="unit"),
    B("unit_unknown", NORMS, "5,%", "5,pct", at=(2, "unit")),
    B("unit_incompatible", PLAN, 'unit = "户"', 'unit = "家"', at='"demo.users"'),
    B("path_missing", VISITS, "samples/visits.csv", "samples/visit.csv", at="samples"),
    B("path_missing", VISITS, "samples/visits.csv", "a\\u0000b", at="samples"),
    B("path_missing", VISITS, "samples/visits.csv", "long/" * 2000, at="samples"),
    B("path_outside", VISITS, "samples/visits.csv", "../../etc/hosts", at="samples"),
    B("path_outside", EXAMPLE, "samples/visits.csv", "/etc/hosts", at="given"),
]  # fmt: skip

MEANING = [
    B("validity_reversed", REGION, "2019-12-31", "2014-12-31", at=(2, "valid_to")),
    B("validity_overlap", REGION, "2019-12-31", "2020-01-01", at=(3, "valid_from")),
    B("validity_overlap", NORMS, "2019-12-31", "", at=(3, "valid_from")),
    B("parent_unknown", REGION, "East,north", "East,nort", at=(4, "parent")),
    B("parent_cycle", REGION, "North,,2015", "North,east,2015", at=(2, "parent"), also=()),
    B("grain_not_a_field", VISITS, '"period"]', '"perod"]', at="grain"),
    B("fields_missing", "resources/none.toml", at="[fields]", do=lambda f: (
        f / "resources/none.toml").write_text(
            (f / VISITS).read_text(encoding="utf-8").replace('"visits"', '"none"')
            .replace('samples = "samples/visits.csv"\n', "").split("[fields")[0] + "[fields]\n",
            encoding="utf-8")),
    B("option_misplaced", VISITS, 'unit = "万人"', 'unit = "万人"\nvalues = ["a"]', at="values",
      also=("pack.row_value",)),
    B("code_without_list", VISITS, 'codes = "demo.site"\n', ""),
    B("pattern_invalid", FIGURES, "P[0-9]+", "P[0-9", at="P[0-9"),
    B("range_reversed", FIGURES, "min = 0, max = 100000", "min = 9, max = 1", at="min = 9"),
    B("conditions_missing", FIGURES, 'conditions = { zh = "仅供统计", en = "For statistics only" }',
      "", at="sharing"),
    B("open_conflict", VISITS, '"unconditional"', '"withheld"', at="open"),
    B("open_conflict", VISITS, "min = 0", 'personal = "personal"', at="open"),
    B("observation_field_unknown", FIGURES, "quality_flag = {", "remark = {", at="remark",
      also=("pack.column_unknown",)),
    B("observation_field_missing", FIGURES, "grade = {", "mark = {", at="role",
      also=("pack.observation_field_unknown",)),
]  # fmt: skip

RESOURCES = [
    B("element_conflict", PEOPLE, "min = 100", "min = -1", at="min = -1"),
    B("element_conflict", PEOPLE, "min = 100", "max = 60000", at="max = 60000"),
    B("element_conflict", PEOPLE, 'element = "demo.born"', 'element = "born", type = "datetime"',
      at='"datetime"', also=("pack.option_misplaced",)),
    B("element_conflict", PEOPLE, 'element = "base"', 'element = "base", personal = "none"',
      at='"none"'),
    B("element_conflict", PEOPLE, 'element = "place"', 'element = "place", codes = "demo.region"',
      at="demo.region", also=("pack.row_code",)),
    B("element_conflict", PEOPLE, 'reference =', 'identifier = "cn.uscc", reference =',
      at="reference ="),
    B("reference_unknown", PEOPLE, '"demo.born"', '"demo.borne"', at="demo.borne"),
    B("reference_unknown", PEOPLE, "demo.people.number", "demo.people.numbr", at="numbr"),
    B("reference_unknown", PEOPLE, "demo.people.number", "demo.persons.number", at="persons"),
    B("reference_unknown", PEOPLE, '["visits"]', '["visit"]', at="related"),
    B("reference_malformed", PEOPLE, "demo.people.number", "people.number", at="friend"),
    B("reference_type", PEOPLE, "demo.people.number", "demo.people.born", at="friend"),
    B("value_not_allowed", PEOPLE, '"cn.uscc"', '"cn.uscx"', at="cn.uscx"),
    B("value_not_allowed", PEOPLE, '"query"', '"post"', at="share_mode"),
    B("value_not_allowed", PEOPLE, '"upsert"', '"merge"', at="mode ="),
    B("value_not_allowed", PEOPLE, '"month"', '"week"', at="week"),
    B("value_not_allowed", PEOPLE, '"consistency"', '"truth"', at="truth"),
    B("field_unknown", PEOPLE, 'birth = "born"', 'birth = "birthday"', at="agrees ="),
    B("field_unknown", PEOPLE, 'in_force_on = "joined"', 'in_force_on = "join"', at="place ="),
    B("field_unknown", PEOPLE, "joined >= born", "joined >= borne", at="holds"),
    B("field_unknown", PEOPLE, 'fields = ["joined"]', 'fields = ["join"]', at="fields ="),
    B("field_unknown", CHECK, "fields: friend", "fields: friends", at="friends"),
    B("field_not_date", PEOPLE, 'in_force_on = "joined"', 'in_force_on = "sex"', at="place ="),
    B("agrees_without_identifier", PEOPLE, 'identifier = "cn.uscc"', 'agrees = { birth = "born" }',
      at="code ="),
    B("key_unknown", PEOPLE, 'sex = "sex" }', 'gender = "sex" }', at="gender"),
    B("option_misplaced", PEOPLE, 'values = ["1", "2"]', 'precision = "day"', at="precision"),
    B("retention_malformed", PEOPLE, '"P3Y"', '"3 years"', at="retention"),
    B("share_out_of_range", PEOPLE, "refuse_above = 0.4", "refuse_above = 40", at="limits"),
    B("share_out_of_range", PEOPLE, "refuse_above = 0.4", "shrink_above = 40", at="limits"),
    B("range_reversed", PEOPLE, "hold_above = 0.05", "hold_above = 0.6", at="limits"),
    B("condition_malformed", PEOPLE, "joined >= born and", "joined >= and", at="holds"),
    B("condition_malformed", PEOPLE, "joined >= born and", "born, joined >= born and", at="holds"),
    B("condition_malformed", PEOPLE, "joined >= born and base / 2 < 40000", "1 = 1", at="holds"),
    B("condition_refused", PEOPLE, "joined >= born", "joined >= current_date", at="holds"),
    B("condition_refused", PEOPLE, "joined >= born", "joined in (select born from x)", at="holds",
      also=("pack.field_unknown",)),
    B("condition_refused", PEOPLE, "joined >= born", "read_text(sex) = sex", at="holds"),
    B("id_repeated", PEOPLE, "[fields]", "[[checks]]\nid = 'joined-after-birth'\nzh = '又'\n"
      "en = 'Again'\nhint = { zh = '改', en = 'Mend' }\nholds = 'sex is not null'\n"
      "dimension = 'completeness'\n\n[fields]", at="id = 'joined-after-birth'"),
    B("check_without_grain", CHECK, "select p.number,", "select p.born,", at="select"),
    B("check_of_other_pack", CHECK, "resource: people", "resource: spare.people", at="spare"),
    B("reference_unknown", CHECK, "resource: people", "resource: peple", at="peple"),
    B("value_not_allowed", CHECK, "severity: warn", "severity: stop", at="stop"),
    B("sql_header_missing", CHECK, "-- hint.en: Check the friend\n", ""),
    B("sql_header_unknown", CHECK, "-- severity", "-- severty", at="severty"),
    B("sql_table_unknown", CHECK, "from people p", "from persons p", at="persons"),
    B("reference_unknown", LATER, at="run", do=_example(LATER, "friends_", "friend_")),
    B("reference_unknown", BEFORE, at="run", do=_example(BEFORE, "resource:people", "resource:x")),
    B("key_missing", BEFORE, at="given", do=_example(BEFORE, "{ people", "{ visits"),
      also=("pack.column_missing", "pack.column_unknown")),
    B("id_repeated", ELEMENTS, "born,出生", "person-id,出生", at=(3, "id"),
      also=("pack.reference_unknown",)),
    B("option_misplaced", ELEMENTS, "text,,,cn.resident-id", "text,元,,cn.resident-id",
      at=(2, "unit")),
    B("code_without_list", ELEMENTS, "code,,geography.division", "code,,", at=(4, "codes"),
      also=("pack.code_without_list",)),
    B("value_not_allowed", ELEMENTS, ",cn.resident-id,", ",cn.resident,", at=(2, "identifier"),
      also=("pack.agrees_without_identifier",)),
    B("pattern_invalid", ELEMENTS, "[0-9]{3}", "[0-9{3}", at=(6, "pattern")),
    B("range_reversed", ELEMENTS, "0,50000", "60000,50000", at=(5, "minimum"),
      also=("pack.element_conflict", "pack.range_reversed")),
    B("column_missing", ELEMENTS, "standard,", "source,", at=(1, "standard"),
      also=("pack.column_unknown",)),
    B("reference_unknown", DUTIES, "stats", "stat", at=(2, "department")),
    B("reference_unknown", DUTIES, ",people\n", ",peoples\n", at=(2, "resource")),
    B("value_not_allowed", DUTIES, "province county", "province village", at=(2, "levels")),
    B("reference_unknown", RELEASES, "users core_va", "users core_vo", at=(2, "indicators")),
    B("reference_unknown", RELEASES, "stats", "stat", at=(2, "owner")),
    B("value_not_allowed", RELEASES, "quarter", "quarterly", at=(2, "cadence")),
    B("value_not_allowed", RELEASES, "verified", "sure", at=(2, "status")),
    B("cell_malformed", RELEASES, ",1,31,", ",1,32,", at=(2, "day")),
    B("cell_malformed", RELEASES, "2019-01-01", "2019", at=(2, "since")),
    B("id_malformed", RELEASES, "users,用户数", "Users,用户数", at=(2, "id")),
    B("synonyms_too_few", SYNONYMS, "people|residents", "people", at=(3, "words")),
    B("id_repeated", SYNONYMS, "people|residents", "people|居民", at=(3, "words")),
]  # fmt: skip

PLANS = [
    B("due_reversed", PLAN, "[2020, 2022]", "[2022, 2020]", at="due = [2022"),
    B("due_reversed", PLAN, "due = 2019", "due = 2016", at="due = 2016"),
    B("figures_mismatch", PLAN, "low = 1000000\n", "value = 1000000\n", at='comparator = "range"'),
    B("figures_mismatch", PLAN, "value = 5500", "", at='comparator = ">"'),
    B("comparator_missing", PLAN, 'comparator = ">"\n', ""),
    B("kind_mismatch", PLAN, "due = 2019", "due = 2019\nreached_when = 1", at="reached_when = 1"),
    B("kind_mismatch", PLAN, "reached_when = 3", "reached_when = 3\nlow = 1", at="low = 1"),
    B("milestone_unproved", PLAN, "reached_when = 3", ""),
    B("direction_conflict", PLAN, "due = 2019", 'due = 2019\ndirection = "down"', at="direction"),
    B("reason_missing", PLAN, 'zh = "口径相近"\nen = "A close population"\n', "", at="relation"),
    B("norm_not_positive", NORMS, ",5,%", ",500,%", do=None),
    B("targets_missing", "plans/bare.toml", do=lambda f: (f / "plans/bare.toml").write_text(
        "targets = []\n" + (f / PLAN).read_text(encoding="utf-8").replace('"zone"', '"bare"')
        .split("[[sections]]")[0], encoding="utf-8"), at="targets"),
    B("base_not_before_due", PLAN, "year = 2015", "year = 2019", at="base ="),
    B("range_reversed", PLAN, "low = 1000000", "low = 3000000", at="low ="),
]  # fmt: skip

SQLS = [
    B("sql_header_missing", SQL, "-- unit: 万人\n", ""),
    B("sql_header_missing", SQL, "-- unit: 万人\n", "-- unit: 万人\n-- column.visits.zh: 人次\n",
      at="column.visits"),
    B("sql_header_unknown", SQL, "-- unit: 万人\n", "-- unit: 万人\n-- grian: x\n", at="grian"),
    B("sql_empty", SQL, "select", "-- select\n;;", do=lambda f: (f / SQL).write_text(
        (f / SQL).read_text(encoding="utf-8").split("select")[0] + "/* nothing */ ;",
        encoding="utf-8")),
    B("sql_not_select", SQL, "select period, sum(visits) as visits", "delete", at="delete"),
    B("sql_many_statements", SQL, "order by period", "order by period;\ndrop table visits",
      at="drop"),
    B("sql_unclosed", SQL, "order by period", "order by 'period", at="'period"),
    B("sql_unclosed", SQL, "order by period", "order by period /* so", at="/* so"),
    B("sql_table_unknown", SQL, "from visits", "from visitors", at="visitors"),
    B("sql_no_resource", SQL, "from visits\nwhere visits is not null", "", at="select"),
    B("sql_refused", SQL, "sum(visits)", "total(visits)", at="total", sql_says="total"),
]  # fmt: skip

ROWS_BROKEN = [
    B("row_required", ROWS, "P2,", ",", at=(3, "id")),
    B("row_type", ROWS, "10.5", "ten", at=(3, "value")),
    B("row_type", ROWS, "10.5", "1e999999", at=(3, "value")),
    B("row_type", ROWS, "2019-01/2019-09", "2019-09/2019-01", at=(4, "period")),
    B("row_code", ROWS, "330105,2019", "330199,2019", at=(3, "division")),
    B("row_code", ROWS, "330105,2019", "330105,2022", at=(3, "division")),
    B("row_code", ROWS, "P3,users", "P3,user", at=(4, "indicator")),
    B("row_range", ROWS, "10.5", "-10.5", at=(3, "value")),
    B("row_pattern", ROWS, "P2", "Q2", at=(3, "id")),
    B("row_value", ROWS, "late", "later", at=(4, "quality_flag")),
    B("row_value", ROWS, "preliminary", "prelim", at=(3, "kind")),
    B("row_value", ROWS, "B-", "E", at=(3, "grade")),
    B("row_repeated", ROWS, "P2", "P1", at=(3, "id")),
    B("row_indicator_unit", ROWS, "10.5,亿元", "10.5,万户", at=(3, "unit")),
    B("column_missing", ROWS, "id,", "ident,", at=(1, "id"), also=("pack.column_unknown",)),
    B("rows_more", ROWS, do=_many_bad_rows, also=("pack.row_type",)),
    B("row_code", "samples/visits.csv", "330200", "330299", at=(3, "division")),
]  # fmt: skip

INDICES = [
    B("index_top", TREE, "Quality,2,reach", "Quality,2,", at=(5, "parent"),
      also=("pack.index_childless",)),
    B("index_parent", TREE, "Speed,1,quality", "Speed,1,qualty", at=(2, "parent")),
    B("index_cycle", TREE, "Reach,3,,", "Reach,3,quality,", at=(4, "parent"),
      also=("pack.index_top",)),
    B("index_level", TREE, "Quality,2", "Quality,3", at=(4, "level")),
    B("index_childless", TREE, "reach,通达", "empty,空,Empty,2,reach,,,,,,,,,,,,\nreach,通达",
      at=(5, "code")),
    B("index_weights_zero", TREE, "Quality,2,reach,1", "Quality,2,reach,0", at=(5, "code")),
    B("index_number_out_of_range", TREE, "quality,2,1", "quality,-2,1", at=(2, "weight")),
    B("index_number_out_of_range", TREE, "Quality,2", "Quality,two", at=(4, "level"),
      also=("pack.index_level", "pack.index_indicators_only")),
    B("index_indicators_only", TREE, "Quality,2,reach,1,", "Quality,2,reach,1,-1",
      at=(4, "direction")),
    B("index_figures_field", REACH, 'figures = "scores"', 'figures = "visits"', at="figures",
      also=("pack.key_missing",)),
    B("index_scores", REACH, 'figures = "scores"', 'figures = "scores"\nscores = "core_va"',
      at="scores = "),
    B("index_no_units", REACH, 'under = "north"', 'under = "east"', at="codes ="),
    B("index_refused", REACH, '"group-mean"', '"group-mode"', at="group-mode"),
    B("index_refused", REACH, '"harmonic"]', '"harmonc"]', at="[[recipe.uncertain]]"),
    B("index_refused", REACH, 'group = "parent"', 'group = "region"', at='group = "region"'),
    B("index_refused", REACH, "[recipe.aggregate]",
      '[recipe.aggregate.group.qualty]\nmethod = "median"\n\n[recipe.aggregate]',
      at="qualty"),
    B("key_unknown", REACH, "sources =", "source =", at="source ="),
    B("key_unknown", ZONE, "level = 2, parent", "levl = 2, parent", at="levl",
      also=("pack.index_level", "pack.cell_empty", "pack.reference_unknown")),
    B("key_missing", REACH, 'elements = "data/reach_elements.csv"\n', "",
      also=("pack.reference_unknown",)),
    B("key_missing", BUILT, at="given", do=_example(BUILT, "{ scores", "{ visits"),
      also=("pack.column_missing", "pack.column_unknown")),
    B("column_missing", TREE, "code,zh,en,level,parent", "code,zh,en,level,above",
      at=(1, "parent"), also=("pack.column_unknown",)),
    B("cell_empty", TREE, "每日里程,", ",", at=(2, "description_zh")),
    B("cell_malformed", TREE, "quality,2,1", "quality,x,1", at=(2, "weight")),
    B("value_not_allowed", TREE, "quality,1,-1", "quality,1,2", at=(3, "direction")),
    B("value_not_allowed", REACH, 'under = "north"', 'level = "town"', at="level ="),
    B("id_repeated", TREE, "cost,费用", "speed,费用", at=(3, "code")),
    B("id_repeated", TREE, "cost,费用", "population,费用", at=(3, "code")),
    B("id_malformed", "indices/Bad Name.toml",
      do=lambda f: (f / ZONE).rename(f / "indices/Bad Name.toml")),
    B("reference_unknown", REACH, 'figures = "scores"', 'figures = "score"', at="figures"),
    B("reference_unknown", REACH, '"demo.region"', '"demo.regions"', at="codes ="),
    B("reference_unknown", REACH, 'under = "north"', 'under = "nort"', at="under"),
    B("reference_unknown", REACH, '["parent"]', '["parents"]', at="groups",
      also=("pack.index_refused",)),
    B("reference_unknown", REACH, 'owner = "stats"', 'owner = "stat"', at="owner"),
    B("reference_unknown", TREE, ",population,", ",populace,", at=(3, "denominator")),
    B("reference_unknown", ZONE, '"core_va"', '"core"', at="core"),
    B("reference_unknown", ZONE, 'weight_norm = "about"', 'weight_norm = "abuot"', at="abuot"),
    B("reference_unknown", ZONE, 'indicator = "users"', 'indicator = "user"', at="sizes"),
    B("reference_unknown", BUILT, at="run", do=_example(BUILT, "index:reach", "index:reech")),
    B("reference_unknown", BUILT, at="expect", do=_example(BUILT, '"reach"', '"reech"')),
    B("unit_incompatible", ZONE, 'code = "users"', 'unit = "元", code = "users"', at="元"),
    B("path_missing", REACH, "data/reach_elements.csv", "data/reach.csv", at="elements =",
      also=("pack.reference_unknown",)),
]  # fmt: skip

BREAKAGES = [
    *FILES,
    *SHAPE,
    *IDS,
    *REFERENCES,
    *MEANING,
    *RESOURCES,
    *PLANS,
    *SQLS,
    *ROWS_BROKEN,
    *INDICES,
]
ELSEWHERE = {"pack.requires_broken", "pack.requires_cycle"}
"""Problems that need several packs: their tests are in ``test_loading_packs``."""
