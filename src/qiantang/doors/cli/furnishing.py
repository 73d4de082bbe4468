"""What every new zone gets: the shipped packs, the tree of governments and departments.

Each step may be repeated; what is there already is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qiantang.doors.cli.errors import DemoIncomplete
from qiantang.doors.cli.language import read, say
from qiantang.doors.cli.screen import Steps
from qiantang.kernel.actors import SYSTEM
from qiantang.kernel.identifiers import division_level
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Code
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.people import founding as people_founding
from qiantang.rooms.people import selectors as people
from qiantang.rooms.people.founding import Founding
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services as shelf_services

_LEVELS = ("province", "city", "county")


def furnish(progress: Steps) -> None:
    """Packs, organisations, and the catalogue of what the packs declare."""
    install_packs(progress)
    found_organisations(progress)
    progress.begin(say("登记信息资源", "Register information resources"), len(shelf.packs()))
    left = []
    for pack in shelf.packs():
        left.append(register(pack))
        progress.advance()
    progress.end()
    for said in filter(None, left):
        progress.note(said)


def register(pack: str) -> str:
    """Enter a pack's resources in the catalogue; which of them stay withdrawn, in words."""
    found = catalogue.register_resources(SYSTEM, pack)
    ids = [view.id for view in found if view.status == "retired"]
    if not ids:
        return ""
    zh = f"仍为停用（由人停用，需要时用 qiantang catalogue restore 恢复）：{'、'.join(ids)}"
    en = "Still withdrawn, as somebody left them (qiantang catalogue restore brings them back): "
    return say(zh, en + ", ".join(ids))


def install_packs(progress: Steps) -> None:
    """The shipped packs. Raises `DemoIncomplete` when none of them can be used."""
    progress.begin(say("安装领域包", "Install packs"))
    installed = shelf_services.install_builtin(SYSTEM)
    progress.end()
    if not any(pack.usable for pack in installed):
        problems = [read(p.text) for pack in installed for p in pack.problems]
        raise DemoIncomplete(found=problems[0] if problems else "-")


def found_organisations(progress: Steps) -> None:
    """A government for every division in force or abolished, and its departments."""
    known = {organisation.code for organisation in people.organisations()}
    divisions = sorted(
        {code.code: code for code in shelf.divisions()}.values(),
        key=lambda c: (_LEVELS.index(division_level(c.code)), c.code),
    )
    departments = shelf.code_list("geography.department").codes
    wanted = [each for division in divisions for each in _wanted(division, departments)]
    progress.begin(say("建立机构体系", "Found the organisations"))
    people_founding.found_organisations(SYSTEM, [w for w in wanted if w.code not in known])
    progress.end()


def _wanted(division: Code, departments: Iterable[Code]) -> Iterator[Founding]:
    level = division_level(division.code)
    name = Text(f"{division.name.zh}人民政府", f"Government of {division.name.en}")
    parent = division.parent if level != "province" else ""
    yield Founding(division.code, name, parent=parent)
    for department in departments:
        local = department.extra.get("province_zh" if level == "province" else "local_zh")
        title = Text(
            f"{division.name.zh}{local or department.name.zh}",
            f"{division.name.en} {department.name.en}",
        )
        yield Founding(division.code, title, department=department.code)
