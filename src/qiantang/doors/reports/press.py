"""The short-lived process that sets the report: data in, PDF out.

Run as ``python -m qiantang.doors.reports.press TEMPLATE``; one JSON object on standard input, the
PDF on standard output. The data reach Typst as JSON only, so that no text of a user is ever read as
markup. Only packaged fonts are used; Typst sees no folder but its own template's.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

TEMPLATES = {name: Path(__file__).with_name(f"{name}.typ") for name in ("report", "index")}


def main() -> int:
    """Set what standard input says; a Typst error goes to standard error."""
    import typst
    from noto_cjk_sans_otc import FONT_PATH

    template = TEMPLATES[sys.argv[1]]
    data = sys.stdin.read()
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(Path(str(FONT_PATH)).parent)],
    )
    compiler = typst.Compiler(
        str(template), root=str(template.parent), font_paths=fonts, sys_inputs={"data": data}
    )
    moment = int(datetime.fromisoformat(json.loads(data)["computed_at"]).timestamp())
    try:
        made = compiler.compile(timestamp=moment, pdf_standards=["ua-1"])
    except typst.TypstError:
        # The accessible standard refuses a character that no font has; print it as a box then.
        made = compiler.compile(timestamp=moment)
    if not isinstance(made, bytes):
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
