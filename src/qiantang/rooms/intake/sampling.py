"""The rows of a proposed reading, each with what a recipe makes of it, for people to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Resource
from qiantang.rooms.intake.shapes import SampleRow

if TYPE_CHECKING:
    from qiantang.engine.quality.reading import Recipe

DATA: Final = Text("数据行", "data")
HEADER: Final = Text("表头行", "header")


def labelled_rows(
    recipe: Mapping[str, Any], sample: Mapping[str, Any], resource: Resource
) -> tuple[SampleRow, ...]:
    """Titles, header and first rows of a sample, in the order of the source."""
    width = _width(sample)
    kinds = _kinds(recipe, sample["rows"], width, resource)
    labelled = [("title", row) for row in sample["before"]]
    labelled += [("header", row) for row in sample["header"]]
    labelled += [(kinds.get(row["row"], "data"), row) for row in sample["rows"]]
    return _shown(labelled, width)


def labelled_end(
    recipe: Mapping[str, Any], sample: Mapping[str, Any], resource: Resource
) -> tuple[SampleRow, ...]:
    """The last rows of a file of which `labelled_rows` shows the beginning; none where that is all
    of it. A row whose number is not known has 0."""
    from qiantang.engine.quality.reading import Recipe

    last, width = sample.get("last", ()), _width(sample)
    if not last:
        return ()
    # Far below the header, whatever their numbers; `row` alone tells them apart here.
    below = Recipe.from_json(recipe).data_first + len(sample["rows"]) + 1
    placed = [{**row, "row": row["row"] or below + n} for n, row in enumerate(last)]
    kinds = _kinds(recipe, placed, width, resource, ends=True)
    told = zip(last, placed, strict=True)
    return _shown([(kinds.get(at["row"], "data"), row) for row, at in told], width)


def _width(sample: Mapping[str, Any]) -> int:
    return max((len(r["cells"]) for part in sample.values() for r in part), default=0)


def _shown(labelled: Sequence[tuple[str, Mapping[str, Any]]], width: int) -> tuple[SampleRow, ...]:
    from qiantang.engine.quality.reading.shapes import SKIP_TEXTS

    labels = {"data": DATA, "header": HEADER, **SKIP_TEXTS}
    return tuple(
        SampleRow(row["row"], kind, labels[kind], _padded(row["cells"], width))
        for kind, row in labelled
    )


def _kinds(
    recipe: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    width: int,
    resource: Resource,
    *,
    ends: bool = False,
) -> dict[int, str]:
    """Row number to the reason why it is skipped. A sample that is full may not show the end of the
    table: what only its last rows would be is not said then, unless these rows are its end."""
    import polars as pl

    from qiantang.engine.quality.reading import Recipe
    from qiantang.engine.quality.reading.proposing import SAMPLE
    from qiantang.engine.quality.reading.row_kinds import KIND, RowKinds
    from qiantang.engine.quality.reading.tables import ROW

    read = Recipe.from_json(recipe)
    if not rows or read.keyed:
        return {}
    cells = [f"c{i}" for i in range(max(width, read.width, 1))]
    schema: dict[str, Any] = {ROW: pl.Int64, **dict.fromkeys(cells, pl.String)}
    data = [[row["row"], *_cells(row["cells"], len(cells))] for row in rows]
    kinds = RowKinds(read, resource)
    _, others = kinds.split(pl.DataFrame(data, schema=schema, orient="row"))
    foot = kinds.ending()[1] if ends or len(rows) < SAMPLE else None
    found = {
        number: kind
        for part in (others, foot)
        if part is not None
        for number, kind in part.select(ROW, KIND).iter_rows()
    }
    return {**found, **_beyond(read, rows, resource)}


def _beyond(
    recipe: Recipe, rows: Sequence[Mapping[str, Any]], resource: Resource
) -> dict[int, str]:
    """The rows of a second table under this one, where the recipe does not read on."""
    from qiantang.engine.quality.reading.second_tables import second_table
    from qiantang.engine.quality.reading.shapes import RawRow
    from qiantang.engine.quality.reading.tables import head_frame

    if recipe.second_table == "read":
        return {}
    known = {row["row"]: tuple(row["cells"]) for row in rows}
    # Blank rows, which part the tables, are not in the sample.
    whole = [RawRow(n, known.get(n, ())) for n in range(min(known), max(known) + 1)]
    found = second_table(head_frame(whole, max(recipe.width, 1)), recipe, resource)
    return {n: "second-table" for n in known if n >= found.row} if found else {}


def _cells(cells: Sequence[str | None], width: int) -> list[str | None]:
    return [*cells, *[None] * (width - len(cells))]


def _padded(cells: Sequence[str | None], width: int) -> tuple[str, ...]:
    return tuple(cell or "" for cell in _cells(cells, width))
