"""A zone's folder: made once, opened safely, and clear about what is wrong with it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from qiantang.kernel.text import Text
from qiantang.site import zone as zones
from qiantang.site.errors import BadZoneFile, FolderTaken, NewerZone, NotAZone, NotWritable
from qiantang.site.zone import Zone


def test_a_new_zone_opens_as_it_was_made(tmp_path: Path) -> None:
    name = Text('衢州"试点"', "Quzhou \\ pilot")
    made = Zone.create(tmp_path / "a" / "zone", id="quzhou", name=name, division="330800")
    assert Zone.open(tmp_path / "a" / "zone") == made
    assert (made.id, made.name, made.division) == ("quzhou", name, "330800")
    assert all(folder.is_dir() for folder in (made.lake, made.packs, made.static))


def test_the_key_is_private_and_stays(tmp_path: Path) -> None:
    made = Zone.create(tmp_path / "zone")
    key = made.folder / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700
    assert len(made.secret()) >= 50
    assert Zone.open(made.folder).secret() == made.secret()
    assert Zone.create(tmp_path / "other").secret() != made.secret()


def test_what_is_lost_but_can_be_made_again_is_made_again(tmp_path: Path) -> None:
    made = Zone.create(tmp_path / "zone")
    made.static.rmdir()
    (made.folder / "secret.key").unlink()
    assert Zone.open(made.folder).secret()
    assert made.static.is_dir()
    assert not list(made.folder.glob(".*")), "no half-written file is left"


def test_a_folder_with_other_files_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("x")
    with pytest.raises(FolderTaken):
        Zone.create(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.doc"]


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "zone").write_text("x")
    with pytest.raises(FolderTaken):
        Zone.create(tmp_path / "zone")
    with pytest.raises(NotWritable):
        Zone.create(tmp_path / "zone" / "below")


def test_a_folder_that_is_no_zone_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NotAZone) as refused:
        Zone.open(tmp_path / "nowhere")
    assert f"qiantang init {tmp_path / 'nowhere'}" in refused.value.message("zh")
    assert f"qiantang init {tmp_path / 'nowhere'}" in refused.value.message("en")


@pytest.mark.parametrize(
    "content",
    [
        "id = ",
        "format = 1",
        'format = 1\nid = "Zone!"\nname = { zh = "a", en = "b" }',
        'format = 1\nid = "zone"\nname = "a"',
        'format = 1\nid = "zone"\nname = { zh = "a", en = "b" }\ndivision = "33"',
        'format = 1\nid = "zone"\nname = { zh = "a", en = "b" }\n[server]\nhosts = "localhost"',
        'format = 1\nid = "zone"\nname = { zh = "a", en = "b" }\nserver = 1',
    ],
)
def test_a_spoiled_zone_file_is_named(tmp_path: Path, content: str) -> None:
    made = Zone.create(tmp_path / "zone")
    (made.folder / "zone.toml").write_text(content, encoding="utf-8")
    with pytest.raises(BadZoneFile) as refused:
        Zone.open(made.folder)
    assert "zone.toml" in refused.value.message("zh")


def test_a_zone_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    made = Zone.create(tmp_path / "zone")
    (made.folder / "zone.toml").write_bytes('id = "浙江"'.encode("gb18030"))
    with pytest.raises(BadZoneFile):
        Zone.open(made.folder)


def test_a_zone_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    made = Zone.create(tmp_path / "zone")
    text = (made.folder / "zone.toml").read_text(encoding="utf-8")
    (made.folder / "zone.toml").write_text(text.replace("format = 1", "format = 9"), "utf-8")
    with pytest.raises(NewerZone) as refused:
        Zone.open(made.folder)
    assert "9" in refused.value.message("en")


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Zone.create(tmp_path / "zone")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(NotWritable):
        Zone.open(made.folder)


def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zones.os, "fsync", full)
    with pytest.raises(NotWritable) as refused:
        Zone.create(tmp_path / "zone")
    assert "No space left" in refused.value.message("en")
    assert not list((tmp_path / "zone").glob("*.key")) + list((tmp_path / "zone").glob(".*"))
    with pytest.raises(NotAZone):
        Zone.open(tmp_path / "zone")
