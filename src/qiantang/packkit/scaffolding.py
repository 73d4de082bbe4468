"""Write a new pack that runs: one resource, a sample, a measure, two examples and a README.

The texts come from ``templates/``; what is written passes `check` without any finding.
"""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Final

from qiantang.kernel.text import Text
from qiantang.packkit.errors import PackFolderTaken, PackIdMalformed
from qiantang.packkit.readers.manifest import PACK_ID

TEMPLATES: Final = Path(__file__).with_name("templates")
_ESCAPES: Final = str.maketrans(
    {'"': '\\"', "\\": "\\\\", "\n": " ", "\r": " ", "\t": " ", "\0": ""}
)


def scaffold(folder: Path, id: str, name: Text, *, owner: str = "stats") -> Path:
    """Write the pack ``id`` into ``folder`` (made if absent) and give the folder back.

    ``owner`` is the code of the department that answers for it. Raises `PackIdMalformed`, and
    `PackFolderTaken` when the folder holds anything.
    """
    folder = Path(folder)
    if not PACK_ID.fullmatch(id):
        raise PackIdMalformed(found=id)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PackFolderTaken(found=folder.name)
    words = {
        "id": id,
        "zh": name.zh.translate(_ESCAPES).strip() or id,
        "en": name.en.translate(_ESCAPES).strip() or id,
        "owner": owner.translate(_ESCAPES),
    }
    for template in sorted(TEMPLATES.rglob("*.template")):
        target = folder / template.relative_to(TEMPLATES).with_suffix("")
        target.parent.mkdir(parents=True, exist_ok=True)
        text = Template(template.read_text(encoding="utf-8")).substitute(words)
        target.write_text(text, encoding="utf-8", newline="\n")
    return folder
