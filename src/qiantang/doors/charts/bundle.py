"""The script that draws charts in the page: Vega, Vega-Lite and Vega-Embed from vl-convert.

Written once into the static folder of a zone, under a name that changes with its content. The page
holds ``<div data-chart>`` with the specification in a ``<script type="application/json">`` inside;
the script draws every such block when the page is ready and after HTMX has put in new content. It
never evaluates text as code, so ``script-src 'self'`` is enough.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Final

from qiantang.doors.charts.render import drawn

_SNIPPET: Final = """
const options = {
  ast: true, actions: false, renderer: "svg", defaultStyle: false,
  tooltip: { disableDefaultStyle: true },
};
function ready(block) {
  const holder = block.querySelector('script[type="application/json"]');
  if (!holder || block.dataset.drawn) return;
  block.dataset.drawn = "1";
  const place = document.createElement("div");
  place.className = "chart-drawing";
  block.appendChild(place);
  vegaEmbed(place, JSON.parse(holder.textContent), options)
    .then(() => block.classList.add("chart-ready"))
    .catch((error) => { block.classList.add("chart-failed"); console.warn(error); });
}
function drawAll(root) {
  if (root.matches && root.matches("[data-chart]")) ready(root);
  root.querySelectorAll("[data-chart]").forEach(ready);
}
window.qiantangCharts = { draw: drawAll };
if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", () => drawAll(document));
} else {
  drawAll(document);
}
document.addEventListener("htmx:afterSettle", (event) => drawAll(event.target));
"""


def bundle_name() -> str:
    """The file's name, known before it is written: it follows the library and the snippet."""
    made_of = f"{version('vl-convert-python')}\n{_SNIPPET}"
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
            file.write(script)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return path
