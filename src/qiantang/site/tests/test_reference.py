"""The tables of settings leave nothing out: the names in the source, the keys of zone.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import qiantang
from qiantang.doors.api import limits
from qiantang.doors.protocols import limits as feeds
from qiantang.site import reference, settings, zone

SOURCE = Path(qiantang.__file__).parent
SECTIONS = ("server", "intake", "engine")
NAME = re.compile(r"[\"'](QIANTANG_[A-Z_]*[A-Z])[\"']")


def _used_names() -> set[str]:
    """Every quoted QIANTANG_ name of the source, but Django's own settings of that form."""
    files = [*SOURCE.rglob("*.py"), SOURCE.parents[1] / "conftest.py"]
    found = {n for f in files for n in NAME.findall(f.read_text(encoding="utf-8"))}
    set_outside = {
        *("QIANTANG_ZONE", "QIANTANG_API_PROXIES", "QIANTANG_API_ANONYMOUS_PER_MINUTE"),
        "QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE",
    }
    only_django = {n for n in dir(settings) if n.startswith("QIANTANG_")} - set_outside
    return found - only_django


def test_every_environment_variable_is_described() -> None:
    described = [s.name for s in (*reference.ENVIRONMENT, *reference.INTERNAL)]
    assert len(described) == len(set(described))
    assert set(described) == _used_names()


def test_the_limit_of_anonymous_readers_is_the_one_described() -> None:
    described = {s.name: s.standard for s in reference.ENVIRONMENT}
    assert described["QIANTANG_API_ANONYMOUS_PER_MINUTE"] == str(limits.PER_MINUTE)
    assert settings.QIANTANG_API_ANONYMOUS_PER_MINUTE == limits.PER_MINUTE
    assert described["QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE"] == str(feeds.PER_MINUTE)
    assert settings.QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE == feeds.PER_MINUTE


def _flat(table: dict[str, Any], before: str = "") -> set[str]:
    found: set[str] = set()
    for key, value in table.items():
        path = f"{before}{key}"
        found |= _flat(value, f"{path}.") if key in SECTIONS and not before else {path}
    return found


def test_every_key_of_a_new_zone_is_described(tmp_path: Path) -> None:
    made = zone.Zone.create(tmp_path / "zone")
    written = tomllib.loads((made.folder / zone.FILE).read_text(encoding="utf-8"))
    assert _flat(written) == {s.name for s in reference.ZONE_FILE}
    described = {s.name: s.standard for s in reference.ZONE_FILE}
    assert described["id"] == made.id
    assert described["division"] == made.division


def test_every_key_that_a_zone_reads_is_described() -> None:
    source = Path(zone.__file__).read_text(encoding="utf-8")
    read = set(re.findall(r"data\.get\(\"(\w+)\"", source)) - set(SECTIONS)
    for name in SECTIONS:
        read |= {f"{name}.{key}" for key in re.findall(rf"{name}\.get\(\"(\w+)\"", source)}
    assert read == {s.name for s in reference.ZONE_FILE}
