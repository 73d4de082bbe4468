"""Small packs written to a folder, for tests to install."""

from __future__ import annotations

from pathlib import Path

_MANIFEST = """\
id = "{id}"
version = "{version}"
name = {{ zh = "渔港", en = "Fishing ports" }}
description = {{ zh = "渔港名录与泊位", en = "Fishing ports and berths" }}
owner = "stats"
licence = "CC0-1.0"
requires = ["geography"]
"""
_RESOURCE = """\
id = "{id}"
name = {{ zh = "泊位", en = "Berths" }}
description = {{ zh = "各渔港泊位数", en = "Berths of each port" }}
grain = ["division"]
cadence = "P1Y"
sharing = "{sharing}"
open = false
owner = "{owner}"
licence = {{ zh = "内部使用", en = "Internal use" }}
{conditions}
[fields.division]
type = "code"
codes = "geography.division"
zh = "行政区划"
en = "Division"
required = true

[fields.berths]
type = "integer"
zh = "泊位数"
en = "Berths"
min = 0
"""
_CONDITIONS = 'conditions = { zh = "经审批", en = "After approval" }'
_NORMS = """\
id,zh,en,value,unit,source,valid_from,valid_to,status
depth,最小水深,Least depth,3,,港口规范,2015-01-01,2019-12-31,verified
depth,最小水深,Least depth,3.5,,港口规范修订,2020-01-01,,verified
"""


def write_pack(
    root: Path,
    version: str = "1.0.0",
    *,
    id: str = "fishing",
    resources: dict[str, str] | None = None,
) -> Path:
    """A sound pack; ``resources`` are ids with their sharing type. Writing again replaces files."""
    folder = root / id
    for name in ("resources", "norms"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for old in (folder / name).iterdir():
            old.unlink()
    (folder / "pack.toml").write_text(_MANIFEST.format(id=id, version=version), encoding="utf-8")
    (folder / "norms" / "depth.csv").write_text(_NORMS, encoding="utf-8")
    for each, sharing in (resources or {"berths": "unconditional"}).items():
        text = _RESOURCE.format(
            id=each,
            sharing=sharing,
            owner="stats",
            conditions=_CONDITIONS if sharing == "conditional" else "",
        )
        (folder / "resources" / f"{each}.toml").write_text(text, encoding="utf-8")
    return folder


def break_pack(folder: Path) -> None:
    """Two faults in two files: an unknown sharing type and a norm that is no number."""
    resource = next((folder / "resources").iterdir())
    text = resource.read_text(encoding="utf-8").replace('"unconditional"', '"secret"')
    resource.write_text(text, encoding="utf-8")
    norms = folder / "norms" / "depth.csv"
    norms.write_text(norms.read_text(encoding="utf-8").replace(",3,", ",deep,"), encoding="utf-8")
