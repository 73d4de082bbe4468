"""New packs pass their own checks; two versions are compared as users would feel it."""

from __future__ import annotations

from pathlib import Path

import pytest

from qiantang.kernel.text import Text
from qiantang.packkit import Change, Pack, check, diff, load_pack, scaffold, show
from qiantang.packkit.comparing import ChangeKind
from qiantang.packkit.errors import PackFolderTaken, PackIdMalformed
from qiantang.packkit.showing import width
from qiantang.packkit.tests.building import GEOGRAPHY, demo, write


@pytest.mark.parametrize(
    "name",
    [Text("旅游", "Tourism"), Text('"引号"\\n', 'A "quoted" \\ name'), Text("${zh}\n", "$$ {en}")],
)
def test_a_new_pack_has_no_finding(name: Text, tmp_path: Path) -> None:
    write(tmp_path / "geography", GEOGRAPHY)
    folder = scaffold(tmp_path / "tourism", "tourism", name)
    assert [p.report("en") for p in check(folder)] == []
    pack = load_pack(folder)
    assert pack.name.zh == name.zh.replace("\n", " ").strip()
    assert len(pack.examples) == 2
    assert (folder / "README.md").is_file()


def test_a_folder_in_use_and_a_bad_id_are_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(PackFolderTaken):
        scaffold(tmp_path / "mine", "mine", Text("我的", "Mine"))
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["letter.txt"]
    with pytest.raises(PackIdMalformed):
        scaffold(tmp_path / "other", "../other", Text("我的", "Mine"))
    assert not (tmp_path / "other").exists()


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Path, Path]:
    write(tmp_path / "geography", GEOGRAPHY)
    for side in ("old", "new"):
        write(tmp_path / side / "geography", GEOGRAPHY)
    return demo(tmp_path / "old" / "demo"), demo(tmp_path / "new" / "demo")


def _changes(old: Path, new: Path) -> list[Change]:
    return diff(load_pack(old), load_pack(new))


def _edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_same_pack_has_no_changes(versions: tuple[Path, Path]) -> None:
    assert _changes(*versions) == []


VISITS, PLAN = "resources/visits.toml", "plans/zone.toml"


@pytest.mark.parametrize(
    ("file", "old", "new", "kind", "subject"),
    [
        ("pack.toml", '"0.1.0"', '"0.2.0"', "changed", "pack/version"),
        (VISITS, 'en = "Visits"\n', 'en = "Visitors"\n', "changed",
         "resources/visits/fields/visits/name"),
        (VISITS, "min = 0", "min = 1", "breaking", "resources/visits/fields/visits/minimum"),
        (VISITS, "min = 0", "min = -1", "changed", "resources/visits/fields/visits/minimum"),
        (VISITS, 'unit = "万人"', 'unit = "人"', "breaking", "resources/visits/fields/visits/unit"),
        (VISITS, "[fields.visits]", '[fields.n]\ntype = "text"\nzh = "注"\nen = "Note"\n\n'
         "[fields.visits]", "added", "resources/visits/fields/n"),
        (VISITS, 'type = "decimal"', 'type = "number"', "breaking",
         "resources/visits/fields/visits/type"),
        (PLAN, "value = 5500", "value = 5400", "breaking", "plans/zone/targets/T1/low"),
        (PLAN, 'quote = "突破5500亿元"', 'quote = "突破5500 亿元"', "changed",
         "plans/zone/targets/T1/quote"),
        ("codes/site.csv", "2015-01-01,\npark", "2015-01-01,2024-12-31\npark", "retired",
         "codes/site/museum/valid_to"),
        ("codes/site.csv", "park,公园,Park,,2015-01-01,",
         "park,公园,Park,,2015-01-01,\nzoo,动物园,Zoo,,2015-01-01,", "added", "codes/site/zoo"),
        ("measures/visits_by_year.sql", "-- grain: period", "-- grain: period, division",
         "breaking", "measures/visits_by_year/grain"),
        ("resources/people.toml", "base / 2 < 40000", "base / 2 < 30000", "changed",
         "resources/people/checks/joined-after-birth"),
        ("resources/people.toml", 'severity = "warn"', 'severity = "set-aside"', "breaking",
         "resources/people/checks/joined-after-birth"),
        ("resources/people.toml", 'identifier = "cn.uscc"', 'identifier = "cn.mobile"', "breaking",
         "resources/people/fields/code/identifier"),
        ("elements/person.csv", "0,50000", "0,40000", "breaking", "elements/base/maximum"),
        ("duties.csv", "province county", "province city", "changed", "duties/people/levels"),
        ("releases.csv", ",1,31,", ",1,30,", "changed", "releases/users/day"),
        ("synonyms.csv", "people|residents", "people|persons", "retired", "synonyms/people"),
        ("data/reach_elements.csv", "quality,2,1", "quality,3,1", "changed",
         "indices/reach/elements/speed/weight"),
        ("data/reach_elements.csv", "quality,1,-1", "quality,1,1", "breaking",
         "indices/reach/elements/cost/direction"),
        ("indices/reach.toml", '"group-mean"', '"group-median"', "changed",
         "indices/reach/recipe/impute.method"),
        ("indices/reach.toml", 'under = "north"\n', "", "breaking", "indices/reach/units"),
        ("norms/judging.csv", "来源一致", "来源一致性", "changed", "norms/agree@2017-01-01/name"),
    ],
)  # fmt: skip
def test_a_change_is_named_with_its_weight(
    file: str, old: str, new: str, kind: str, subject: str, versions: tuple[Path, Path]
) -> None:
    _edit(versions[1], file, old, new)
    found = {(c.kind.value, c.subject) for c in _changes(*versions)}
    assert (kind, subject) in found


def test_what_was_removed_breaks_and_comes_first(versions: tuple[Path, Path]) -> None:
    old, new = versions
    _edit(new, "pack.toml", '"0.1.0"', '"0.2.0"')
    (new / "pages" / "overview.toml").unlink()
    first, *rest = _changes(old, new)
    assert (first.kind, first.subject) == (ChangeKind.BREAKING, "pages/overview")
    assert "retire it instead" in first.line_text().en
    assert "只能停用" in first.line_text().zh
    assert [c.kind for c in rest] == [ChangeKind.CHANGED]


def test_the_card_shows_everything_in_either_language(versions: tuple[Path, Path]) -> None:
    pack: Pack = load_pack(versions[0])
    for lang, words in {
        "zh": (
            "示例",
            "信息资源 visits",
            "有条件共享",
            "增加值 [亿元]",
            "> 5500 亿元 (2019)",
            "检查",
            "joined >= born",
            "编目责任",
            "= demo.person-id",
            "→ demo.people.number",
            "综合指数 reach",
            "步骤: impute → normalise → aggregate",
            "速度 [公里] ↑ × 2",
        ),
        "en": (
            "Demo",
            "Resource visits",
            "shared on conditions",
            "100 million yuan",
            "T3",
            "Speed [km]",
            "Users [10,000 households] ↑ × demo.about",
        ),
    }.items():
        card = show(pack, lang)
        assert [word for word in words if word not in card] == []
    assert width("示例 ab") == 7
