"""The script that draws charts in the page: Vega, Vega-Lite and Vega-Embed from vl-convert.

Written once into the static folder of a zone, under a name that changes with its content. It
defines ``window.vegaEmbed`` and nothing else; with the option ``ast: true`` Vega interprets its
expressions instead of evaluating them, so that ``script-src 'self'`` is enough.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Final

from qiantang.doors.charts.render import drawn

_SNIPPET: Final = "window.vegaEmbed = vegaEmbed;"
_WRAPPED: Final = "(function () {\n%s\n})();\n"


def bundle_name() -> str:
    """The file's name, known before it is written: it follows the library and the snippet."""
    made_of = f"{version('vl-convert-python')}\n{_SNIPPET}\n{_WRAPPED}"
    return f"charts-{hashlib.sha256(made_of.encode()).hexdigest()[:12]}.js"


def page_bundle(folder: Path) -> Path:
    """Make sure that ``folder`` holds the script and give its path; at most written once.

    Raises `ChartNotDrawn` when the library fails, OSError when the folder cannot be written."""
    path = folder / bundle_name()
    if path.exists():
        return path
    script = drawn({"as": "bundle", "snippet": _SNIPPET}, timeout=120)[0]
    folder.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=folder, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(_WRAPPED % script)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return path
