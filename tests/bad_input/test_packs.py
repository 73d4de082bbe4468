"""Malformed packs: all errors at once with file and line; the zone and the other packs go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qiantang.kernel.actors import SYSTEM
from qiantang.kernel.text import Text
from qiantang.packkit import scaffold
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services
from qiantang.rooms.shelf.contents import forget

from .house import ask, call, client, problem, untouched, words
from .terminal import qiantang

MARK = "<script>alert(1)</script>"


@pytest.fixture
def pack(tmp_path: Path) -> Iterator[Path]:
    """A new pack that passes every check, to be spoiled."""
    yield scaffold(tmp_path / "harbour", "harbour", Text("港口", "Harbour"))
    forget()


def first(pack: Path, pattern: str) -> Path:
    return sorted(pack.rglob(pattern))[0]


def broken(pack: Path) -> None:
    (pack / "pack.toml").write_text(
        'id = "harbour"\nversion = "x"\nname = { zh = "港" }\nlicence = 3\nwhat = 1\n', "utf-8"
    )
    first(pack, "resources/*.toml").write_bytes(b"id = \xff\xfe\n")
    (pack / "codes" / "more.csv").write_text("code,zh,en\na,b\n\x00,c,d\na,甲,A\na,甲,A\n", "utf-8")
    (pack / "measures").mkdir(exist_ok=True)
    (pack / "measures" / "evil.sql").write_text("drop table x; select * from '/etc/passwd'\n")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_checker_tells_every_error_at_once(pack: Path, lang: str) -> None:
    broken(pack)
    done = qiantang("--lang", lang, "pack", "check", str(pack))
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    for file in ("pack.toml:", "more.csv", "evil.sql", "visits.toml"):
        assert file in done.output, done.output
    assert done.output.count("pack.toml:") >= 3
    assert ("处错误" in done.output) == (lang == "zh")


@pytest.mark.usefixtures("zone")
def test_a_broken_pack_is_not_installed_and_disturbs_no_other(pack: Path) -> None:
    broken(pack)
    before = set(shelf.packs())
    installed = services.install_pack(SYSTEM, pack)
    assert not installed.usable
    assert len(installed.problems) >= 4
    assert set(shelf.packs()) == before
    for path in ("/", "/targets/", "/packs/", "/method/"):
        assert client().get(path).status_code == 200
    assert call("", "/api/v1/packs").en.status_code == 200
    problem(call("", "/api/v1/packs/harbour"), "shelf.pack_unknown", 404)
    page = words(ask("", "/packs/").zh)
    assert "Traceback" not in page


@pytest.mark.parametrize(
    "spoil",
    [
        lambda p: (p / "pack.toml").unlink(),
        lambda p: (p / "pack.toml").write_bytes(b""),
        lambda p: (p / "pack.toml").write_bytes(b"\x00" * 100),
        lambda p: (p / "pack.toml").write_bytes(b"[" * 20_000),
        lambda p: (p / "pack.toml").write_bytes("id = '港'".encode("gb18030")),
        lambda p: first(p, "resources/*.toml").write_text("fields = 3"),
        lambda p: (
            first(p, "resources/*.toml").symlink_to("/dev/zero")
            if first(p, "resources/*.toml").unlink() is None and False
            else (p / "resources" / "loop.toml").symlink_to(p / "resources" / "loop.toml")
        ),
        lambda p: (p / "resources" / "dir.toml").mkdir(),
        lambda p: (p / "codes" / "a.csv").write_bytes(b"\xff\xfe\x00a"),
        lambda p: (p / "codes" / "a.csv").write_text(
            'code,zh,en\n"never ends,1,2\n' + "x" * 200_000
        ),
        lambda p: (
            (p / "norms").mkdir(exist_ok=True)
            or (p / "norms" / "n.csv").write_text(
                "id,zh,en,value,unit,source,valid_from,valid_to,status\nn,甲,A,NaN,斗,s,2019-02-30,,x\n"
            )
        ),
    ],
)
def test_no_spoilt_file_stops_the_checker(pack: Path, spoil: object) -> None:
    assert callable(spoil)
    spoil(pack)
    done = qiantang("--lang", "en", "pack", "check", str(pack))
    assert done.exit_code == 1, done.output
    assert "Traceback" not in done.output
    assert "→" in done.output or "harbour" in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


@pytest.mark.usefixtures("zone")
def test_markup_in_a_packs_texts_stays_text(pack: Path) -> None:
    manifest = pack / "pack.toml"
    text = manifest.read_text(encoding="utf-8").replace("港口", MARK).replace("Harbour", MARK)
    manifest.write_text(text, encoding="utf-8")
    installed = services.install_pack(SYSTEM, pack)
    assert installed.usable, installed.problems
    for path in ("/packs/", "/packs/harbour/", "/method/"):
        for answer in ask("", path).both:
            assert answer.status_code == 200
            assert MARK.encode() not in answer.content
    assert "&lt;script&gt;" in ask("", "/packs/harbour/").zh.content.decode()


@pytest.mark.usefixtures("zone")
def test_a_pack_that_is_no_folder() -> None:
    for path in ("/nowhere", "\x00", "x" * 5000, "/dev/null"):
        with untouched():
            done = qiantang("--lang", "zh", "pack", "check", path)
        assert done.exit_code == 1, (path, done.output)
        assert "Traceback" not in done.output
        assert "→" in done.output
