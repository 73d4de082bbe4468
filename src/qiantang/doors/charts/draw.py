"""The short-lived process that draws: specifications in, pictures out.

Run as ``python -m qiantang.doors.charts.draw``. One JSON object on standard input:
``{"as": "svg" | "png" | "bundle", "scale": 2, "specs": [...], "snippet": "..."}``; one JSON array
of strings on standard output (PNG in base64). Kept apart so that the JavaScript engine inside
vl-convert never stays in the server's memory.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any


def main() -> int:
    """Draw everything asked for; the exit code says whether all of it worked."""
    asked = json.load(sys.stdin)
    json.dump(_drawn(asked), sys.stdout)
    return 0


def _drawn(asked: dict[str, Any]) -> list[str]:
    import vl_convert
    from noto_cjk_sans_otc import FONT_PATH

    if asked["as"] == "bundle":
        return [vl_convert.javascript_bundle(snippet=asked["snippet"])]
    vl_convert.register_font_directory(str(Path(str(FONT_PATH)).parent))
    # An empty list would mean "any address"; nothing matches this one, so nothing is fetched.
    sealed: dict[str, Any] = {"allowed_base_urls": ["https://nothing.invalid/"]}
    if asked["as"] == "svg":
        return [vl_convert.vegalite_to_svg(spec, **sealed) for spec in asked["specs"]]
    scale = float(asked["scale"])
    return [
        base64.b64encode(vl_convert.vegalite_to_png(spec, scale=scale, **sealed)).decode()
        for spec in asked["specs"]
    ]


if __name__ == "__main__":
    raise SystemExit(main())
