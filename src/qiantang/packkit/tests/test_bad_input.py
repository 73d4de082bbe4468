"""Whatever stands in a pack's files, the checker answers with problems, never a traceback."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qiantang.packkit import Pack, check, load_packs
from qiantang.packkit.tests.building import demo, geography

VALUES = st.sampled_from([
    "1", "-1.5", "inf", "nan", "true", '""', '" "', '"x"', "[]", "[1]", "[[]]", '["", "a"]', "{}",
    "{ zh = 1 }", '{ zh = "a", en = "b", fr = "c" }', "2017-04-27", "2017-04-27T00:00:00Z",
    "07:32:00", "99999999999999999999999", "1e400", "[{}]", '[{ a = [] }]', '"\\u0000"', "0x1F",
    '"../x"', '"a.b.c"', '"."', "9999-12-31",
])  # fmt: skip
NAMES = [
    "pack.toml", "resources/visits.toml", "resources/figures.toml", "plans/zone.toml",
    "pages/overview.toml", "examples/years_add_up.toml", "examples/plan_is_judged.toml",
]  # fmt: skip
TABLES = [
    "codes/region.csv", "codes/indicator.csv", "norms/judging.csv", "data/figures.csv",
    "measures/visits_by_year.sql",
]  # fmt: skip


@pytest.fixture(scope="module")
def others() -> dict[str, Pack]:
    with tempfile.TemporaryDirectory() as folder:
        return {"geography": geography(Path(folder) / "geography")}


def _told(folder: Path, others: dict[str, Pack]) -> None:
    for problem in check(folder, others):
        assert problem.text.zh.strip()
        assert problem.text.en.strip()
        assert problem.place.file
        assert problem.report("zh")
        assert problem.as_dict()["code"] == problem.code


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(NAMES), line=st.integers(0, 60), value=VALUES, extra=st.booleans())
def test_any_value_of_any_type_anywhere(
    name: str, line: int, value: str, extra: bool, others: dict[str, Pack]
) -> None:
    with tempfile.TemporaryDirectory() as top:
        folder = demo(Path(top) / "demo")
        lines = (folder / name).read_text(encoding="utf-8").split("\n")
        chosen = [n for n, text in enumerate(lines) if " = " in text]
        at = chosen[line % len(chosen)]
        lines[at] = lines[at].split(" = ")[0] + f" = {value}"
        if extra:
            del lines[(at + 1) % len(lines)]
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
        _told(folder, others)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from([*NAMES, *TABLES]),
    at=st.integers(0, 2000),
    drop=st.integers(0, 40),
    put=st.binary(max_size=8) | st.sampled_from([b",", b"\n", b'"', b"'", b"[", b"}", b"\0", b";"]),
)
def test_any_bytes_anywhere(
    name: str, at: int, drop: int, put: bytes, others: dict[str, Pack]
) -> None:
    with tempfile.TemporaryDirectory() as top:
        folder = demo(Path(top) / "demo")
        raw = (folder / name).read_bytes()
        at %= len(raw)
        (folder / name).write_bytes(raw[:at] + put + raw[at + drop :])
        _told(folder, others)


def test_a_thousand_bad_rows_are_cut_and_counted(tmp_path: Path, others: dict[str, Pack]) -> None:
    folder = demo(tmp_path / "demo")
    with (folder / "data" / "figures.csv").open("a", encoding="utf-8") as file:
        file.writelines(
            f"P{n},core_va,330000,2018,x,亿元,actual,A,公报,ok\n" for n in range(10, 1010)
        )
    problems = check(folder, others)
    assert len(problems) == 101
    assert next(p for p in problems if p.code == "pack.rows_more").text.en.startswith("900 more")


def test_a_file_that_may_not_be_read(
    tmp_path: Path, others: dict[str, Pack], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("qiantang.packkit.loading.digest", refuse)
    (problem,) = check(demo(tmp_path / "demo"), others)
    assert problem.code == "pack.file_unreadable"
    assert "Permission denied" in problem.text.en


def test_loops_of_links_and_files_in_place_of_folders(tmp_path: Path) -> None:
    folder = demo(tmp_path / "demo")
    (folder / "data" / "loop").symlink_to(folder)
    (folder / "pages" / "round.toml").symlink_to(folder / "pages" / "round.toml")
    (folder / "norms" / "judging.csv").unlink()
    (folder / "norms").rmdir()
    (folder / "norms").write_text("not a folder", encoding="utf-8")
    codes = {p.code for p in load_packs([folder]).problems}
    assert {"pack.file_unreadable", "pack.requires_missing"} <= codes
