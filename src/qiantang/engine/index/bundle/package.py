"""What a bundle says of itself to other tools and to people: datapackage.json and a README.

Descriptor after the Frictionless Data Package (v1), so that its tools read and validate the CSV.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from qiantang.engine.index.bundle.contents import About

_TEXT: Final = frozenset({
    "unit", "element", "indicator", "code", "zh", "en", "kind", "parent", "denominator", "column",
    "id", "method", "title", "address", "published", "conflicts",
})  # fmt: skip
_WHOLE: Final = frozenset({"year", "level", "direction", "revision", "snapshot"})


def descriptor(about: About, files: Mapping[str, bytes]) -> dict[str, Any]:
    """The data package's descriptor over the CSV files."""
    plain = about.index.lower().replace("_", "-")
    return {
        "profile": "data-package",
        "name": f"{plain}-{about.edition}",
        "title": f"{about.title.zh} / {about.title.en}",
        "description": about.note,
        "created": about.made_at,
        "version": str(about.edition),
        "resources": [
            _resource(name, raw) for name, raw in sorted(files.items()) if name.endswith(".csv")
        ],
    }


def guide(about: About, fingerprint: str) -> str:
    """README.md: what this is and how a stranger checks it, in both languages."""
    name = f"{about.index}-{about.edition}.zip"
    return f"""# {about.title.zh} · {about.title.en}

本文件是综合指数“{about.index}”第 {about.edition} 版的复现包：\
原始数据、结构、计算方案、每一步的结果、稳健性和每个数据的出处。

This is the reproducibility bundle of edition {about.edition} of the composite index \
"{about.index}": figures, structure, recipe, every step's table, robustness, and where each figure \
comes from.

    qiantang index verify {name}

公钥指纹（SHA-256，请向发布单位核对）· Fingerprint of the key (ask the publisher for it):

    {fingerprint}

* `data/` 数据 figures；`structure.csv` 结构 structure；`recipe.json` 方案 recipe
* `steps/` 步骤 steps；`results.csv` 得分与排名 scores and ranks；`filled.csv` 填补 imputed cells
* `robustness.json` 稳健性 robustness；`manifest.json` 摘要 digests；`signature.json` 签名 signature
"""


def _resource(name: str, raw: bytes) -> dict[str, Any]:
    header = next(csv.reader([raw.split(b"\n", 1)[0].decode("utf-8")]))
    plain = name.removesuffix(".csv").replace("/", "-")
    return {
        "name": plain,
        "path": name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(raw),
        "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\n"},
        "schema": {"fields": [_field(c, plain) for c in header], "missingValues": [""]},
    }


def _field(column: str, file: str) -> dict[str, str]:
    text = column in _TEXT or column.startswith("group_")
    if text or (file == "structure" and column == "unit"):
        return {"name": column, "type": "string"}
    return {"name": column, "type": "integer" if column in _WHOLE else "number"}
