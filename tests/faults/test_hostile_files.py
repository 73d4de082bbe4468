"""Files that are meant to do harm, at the command line and at the API: refused in both languages,
in bounded memory, and nothing is left of them but the run that says so."""

from __future__ import annotations

import json
import os
import resource
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from . import town

GIGABYTE = 1 << 30
MOST_MEMORY = 1 << 31
"""Address space is larger than what is resident; a reader that unfolds a gigabyte needs more."""
HEAD = "编码,名称,金额,日期\n".encode()

API = """
import json, os, sys
from pathlib import Path
from qiantang.site.zone import Zone
from qiantang.site.bootstrap import setup
setup(Zone.open(sys.argv[1]))
from django.conf import settings
settings.QIANTANG_WORKER = ""
settings.ALLOWED_HOSTS = ["*"]
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from qiantang.kernel.actors import SYSTEM, Role
from qiantang.kernel.text import Text
from qiantang.rooms.intake import services
from qiantang.rooms.people import services as people
from qiantang.rooms.people.selectors import actor_of_account
people.create_account(SYSTEM, sys.argv[3], "correct-horse-battery", name=Text("甲", "A"),
                      organisation="330000-stats")
people.grant_role(SYSTEM, sys.argv[3], Role.OFFICER, "330000-stats")
token = people.issue_token(actor_of_account(sys.argv[3]), "t", ("read", "write"), 1)
said = []
with open(sys.argv[2], "rb") as file:
    headers = {"Authorization": f"Bearer {token}"}
    sent = Client().post("/api/v1/deliveries", {"resource": "trade.firm", "file": file},
                         headers=headers)
if sent.status_code >= 400:
    said = [sent.json(), sent.json()]
else:
    services.work_waiting()
    for lang in ("zh", "en"):
        asked = Client().get("/api/v1/runs/" + sent.json()["id"],
                             headers={**headers, "Accept-Language": lang})
        said.append(asked.json())
print(json.dumps(said))
"""


def zip_bomb(path: Path) -> Path:
    """A gigabyte of noughts in a megabyte."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("firms.csv", "w", force_zip64=True) as member,
    ):
        member.write(HEAD)
        for _ in range(GIGABYTE >> 22):
            member.write(b"0" * (1 << 22))
    return path


def laughing_workbook(path: Path) -> Path:
    """Entities that multiply to a billion, in the strings that cells refer to."""
    from openpyxl import Workbook

    book, plain = Workbook(), path.with_suffix(".plain.xlsx")
    book.active.append(["编码", "名称", "金额", "日期"])
    book.active.append(["F000001", "甲", 1, "2026-01-01"])
    book.save(plain)
    entities = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "lol">' for n in range(10)
    )
    bomb = f'<?xml version="1.0"?><!DOCTYPE sst [{entities}]>'.encode()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in old.namelist():
            body = old.read(name)
            if name in {"xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"}:
                body = bomb + body.replace("甲".encode(), b"&l9;")
            out.writestr(name, body)
    plain.unlink()
    return path


def ten_thousand_columns(path: Path) -> Path:
    heads = ",".join(["编码", "名称", *(f"c{n}" for n in range(10_000))])
    path.write_text(heads + "\n" + ",".join("1" for _ in range(10_002)) + "\n", encoding="utf-8")
    return path


def endless_line(path: Path) -> Path:
    """A gigabyte without a line end."""
    with path.open("wb") as out:
        out.write(HEAD + b"F000001,")
        for _ in range(GIGABYTE >> 22):
            out.write(b"x" * (1 << 22))
    return path


HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "bomb.zip": (zip_bomb, "reading."),
    "laughs.xlsx": (laughing_workbook, "reading."),
    "wide.csv": (ten_thousand_columns, "reading.too_many_columns"),
    "line.csv": (endless_line, "reading.line_too_long"),
}


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return town.made(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(params=list(HOSTILE))
def hostile(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    make, code = HOSTILE[request.param]
    path = make(tmp_path / request.param)
    yield path, code
    path.unlink()


@pytest.mark.slow
def test_it_is_refused_and_nothing_stays(
    zone: Path, hostile: tuple[Path, str], tmp_path: Path
) -> None:
    file, code = hostile
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    told = [by_command(zone, file, lang, temporary) for lang in ("zh", "en")]
    codes = {said["error"]["code"] for said in told}
    assert len(codes) == 1
    assert codes.pop().startswith(code), told
    for found in (*told, *by_api(zone, file, temporary)):
        assert found["status"] == "refused"
        assert found["accepted"] == 0
        messages = found["error"]["messages"]
        assert messages["zh"] != messages["en"]
        assert "{" not in messages["zh"] + messages["en"]
        assert found["error"]["hint"]
    assert list(temporary.iterdir()) == []
    after = town.told(zone)
    assert (after["rows"], after["keys"], after["arriving"]) == ([], [], 0)
    assert not list((zone / "spool" / "runs").rglob("*.parquet"))
    assert not [p for p in (zone / "spool" / "runs").rglob("*.csv") if not p.is_symlink()]


def by_command(zone: Path, file: Path, lang: str, temporary: Path) -> Any:
    """The JSON that the command gives, with both languages of its error."""
    words = town.intake(zone, file, "--format", "json", lang=lang)
    command = town.start(words, TMPDIR=str(temporary))
    said, complaint = command.communicate(timeout=300)
    assert command.returncode == 4, (said[-1000:], complaint[-2000:])
    assert "Traceback" not in complaint
    usage = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert usage < MOST_MEMORY
    return json.loads(said)


def by_api(zone: Path, file: Path, temporary: Path) -> Any:
    """The run as the API shows it, in Chinese and in English."""
    name = f"officer{os.getpid()}{file.stem}"
    kept = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(temporary)
    try:
        return town.python(API, str(zone), str(file), name)
    finally:
        os.environ.pop("TMPDIR")
        if kept:
            os.environ["TMPDIR"] = kept
