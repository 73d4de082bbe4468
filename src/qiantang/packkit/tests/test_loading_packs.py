"""Several packs together: order, requirements, cycles, and a broken one beside sound ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from qiantang.packkit import PackInvalid, builtin_packs, check, load_pack, load_packs
from qiantang.packkit.tests.building import GEOGRAPHY, demo, write


def _pack(folder: Path, id: str, requires: str = "") -> Path:
    text = GEOGRAPHY["pack.toml"].replace('"geography"', f'"{id}"')
    return write(folder / id, {"pack.toml": f"{text}requires = [{requires}]\n"})


def test_a_broken_pack_does_not_stop_the_others(tmp_path: Path) -> None:
    broken = _pack(tmp_path, "broken")
    (broken / "pack.toml").write_text("id = [", encoding="utf-8")
    loaded = load_packs([broken, _pack(tmp_path, "sound"), tmp_path / "nowhere"])
    assert list(loaded.packs) == ["sound"]
    assert {(p.code, p.place.file) for p in loaded.problems} == {
        ("pack.broken_toml", "broken/pack.toml"),
        ("pack.folder_missing", "nowhere"),
    }


def test_packs_come_after_what_they_require(tmp_path: Path) -> None:
    folders = [
        _pack(tmp_path, "a", '"b", "c"'),
        _pack(tmp_path, "b", '"c"'),
        _pack(tmp_path, "c"),
    ]
    loaded = load_packs(folders)
    assert not loaded.problems
    assert list(loaded.packs) == ["c", "b", "a"]


def test_a_pack_that_requires_a_broken_one_is_left_out_with_one_reason(tmp_path: Path) -> None:
    write(tmp_path / "geography", GEOGRAPHY | {"pack.toml": 'id = "geography"\n'})
    loaded = load_packs([demo(tmp_path / "demo"), tmp_path / "geography"])
    assert not loaded.packs
    ours = [p for p in loaded.problems if p.pack == "demo"]
    assert [(p.code, p.place.line) for p in ours] == [("pack.requires_broken", 7)]


def test_a_cycle_is_told_to_both_ends(tmp_path: Path) -> None:
    folders = [_pack(tmp_path, "a", '"b"'), _pack(tmp_path, "b", '"a"'), _pack(tmp_path, "c")]
    loaded = load_packs(folders)
    assert list(loaded.packs) == ["c"]
    codes = {p.place.file: p.code for p in loaded.problems}
    assert codes == {
        "a/pack.toml": "pack.requires_broken",
        "b/pack.toml": "pack.requires_cycle",
    }


def test_a_pack_that_requires_itself_is_a_cycle(tmp_path: Path) -> None:
    loaded = load_packs([_pack(tmp_path, "a", '"a"')])
    assert [p.code for p in loaded.problems] == ["pack.requires_cycle"]


def test_the_second_pack_with_an_id_is_left_out(tmp_path: Path) -> None:
    first, second = _pack(tmp_path / "one", "twin"), _pack(tmp_path / "two", "twin")
    loaded = load_packs([first, second])
    assert loaded.packs["twin"].path == first
    assert [p.code for p in loaded.problems] == ["pack.id_taken"]


def test_what_a_pack_requires_is_found_beside_it(tmp_path: Path) -> None:
    write(tmp_path / "geography", GEOGRAPHY)
    assert load_pack(demo(tmp_path / "demo")).requires == ("geography",)


def test_an_invalid_pack_raises_with_every_problem(tmp_path: Path) -> None:
    folder = _pack(tmp_path, "mine", '"nobody"')
    text = (folder / "pack.toml").read_text(encoding="utf-8")
    (folder / "pack.toml").write_text(text.replace('"1.0.0"', '"new"'), encoding="utf-8")
    with pytest.raises(PackInvalid) as caught:
        load_pack(folder)
    codes = [p.code for p in caught.value.problems]
    assert codes == ["pack.version_malformed", "pack.requires_missing"]
    assert codes == [p.code for p in check(folder)]
    assert "mine/pack.toml:2" in caught.value.message("zh")


def test_the_digest_follows_the_content(tmp_path: Path) -> None:
    folder = _pack(tmp_path, "mine")
    before = load_pack(folder).digest
    (folder / ".hidden").write_text("x", encoding="utf-8")
    assert load_pack(folder).digest == before
    (folder / "README.md").write_text("x", encoding="utf-8")
    assert load_pack(folder).digest != before


def test_the_packs_shipped_are_sound() -> None:
    loaded = load_packs(builtin_packs())
    assert [p.report("en") for p in loaded.problems] == []
    assert "geography" in loaded.packs


def test_what_is_compiled_is_what_was_written(tmp_path: Path) -> None:
    write(tmp_path / "geography", GEOGRAPHY)
    pack = load_pack(demo(tmp_path / "demo"))
    plan = pack.plans["zone"]
    first, second, third = plan.targets
    assert (str(first.low), first.high, str(first.due)) == ("5500", None, "2019-12-31")
    assert (str(second.low), str(second.high)) == ("1000000", "2000000.5")
    assert (str(second.due_from), str(second.due)) == ("2020-12-31", "2022-12-31")
    assert (third.division, str(third.reached_when)) == ("330000", "3")
    assert str(plan.rules.about_tolerance) == "0.05"
    assert plan.rules.norms == ("demo.about", "demo.agree")
    assert pack.measures["visits_by_year"].resources == ("visits",)
    assert pack.pages["overview"].tiles[3]["resource"] == "demo.visits"
    assert pack.resources["figures"].role == "observations"
    assert "indicator" not in pack.codes
    assert pack.codes["region"].codes[0].in_force(plan.issued)


def test_the_same_files_are_compiled_once_and_changed_ones_anew(tmp_path: Path) -> None:
    folder = _pack(tmp_path, "a")
    first = load_packs([folder]).packs["a"]
    assert load_packs([folder]).packs["a"] is first
    manifest = folder / "pack.toml"
    sound = manifest.read_text(encoding="utf-8")
    manifest.write_text("id = [", encoding="utf-8")
    assert load_packs([folder]).problems
    manifest.write_text(sound + "# changed\n", encoding="utf-8")
    assert load_packs([folder]).packs["a"].digest != first.digest


def test_a_pack_is_compiled_anew_when_one_that_it_requires_changed(tmp_path: Path) -> None:
    folders = [_pack(tmp_path, "a", '"b"'), _pack(tmp_path, "b")]
    first = load_packs(folders).packs
    with (folders[1] / "pack.toml").open("a", encoding="utf-8") as manifest:
        manifest.write("# changed\n")
    second = load_packs(folders).packs
    assert second["b"] is not first["b"]
    assert second["a"] is not first["a"]


def test_few_packs_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qiantang.packkit.keeping.MOST", 2)
    folders = [_pack(tmp_path, f"p{n}") for n in range(3)]
    first = load_packs(folders[:1]).packs["p0"]
    load_packs(folders[1:])
    assert load_packs(folders[:1]).packs["p0"] is not first
