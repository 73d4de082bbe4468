"""How far a sheet reaches, however its cells say where they are."""

from __future__ import annotations

import pytest

from qiantang.engine.quality.reading.extent import extent_of

FILLED = "<v>1</v>"


@pytest.mark.parametrize(
    ("rows", "extent"),
    [
        ("", (0, 0)),
        (f'<row r="1"><c r="A1">{FILLED}</c></row><row r="9"><c r="C9">{FILLED}</c></row>', (9, 3)),
        (f"<row r='7'><c r = 'XFD7'>{FILLED}</c></row>", (7, 16_384)),
        (f'<row r="5"><c>{FILLED}</c><c>{FILLED}</c></row><row><c>{FILLED}</c></row>', (6, 2)),
        (f'<row><c r="D1" s="2"/><c>{FILLED}</c></row>', (1, 5)),
        ('<row r="8"><c r="B8" t="inlineStr"><is><t>x</t></is></c></row>', (8, 2)),
        ('<row r="8"><c r="B8"><f>1+1</f></c><c r="Z8" s="4"/></row>', (8, 2)),
        ('<x:row r="3"><x:c r="AB3"><x:v>1</x:v></x:c></x:row>', (3, 28)),
    ],
)
@pytest.mark.parametrize("size", [1, 10_000])
def test_only_filled_cells_count_wherever_they_stand(
    rows: str, extent: tuple[int, int], size: int
) -> None:
    xml = f'<worksheet xmlns:x="urn:x"><sheetData>{rows}</sheetData></worksheet>'.encode()
    found = extent_of(xml[at : at + size] for at in range(0, len(xml), size))
    assert (found.rows, found.columns) == extent
