"""Whatever table is written as CSV is read back the same."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from qiantang.engine.quality.reading import open_rows, propose
from qiantang.engine.quality.reading.tests.conftest import FIRMS, all_rows, declared, resource_of

_ALPHABET = st.sampled_from("ab1 ,;|\t\"'\n，。甲乙杭州企业。（）0-é")
_CELL = st.text(_ALPHABET, max_size=6)
_ROW = st.tuples(st.sampled_from(["91", "甲,乙", 'q"q', "a\nb", "x；y"]), *[_CELL] * 4)
TABLE = st.lists(_ROW, min_size=1, max_size=30).filter(
    # Words alone in the last row are a note.
    lambda rows: rows[-1][0] != "甲,乙" or any(rows[-1][1:])
)


@settings(max_examples=150, deadline=None)
@given(
    rows=TABLE,
    delimiter=st.sampled_from([",", "\t", ";", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
    always=st.booleans(),
)
def test_any_table_is_read_back_the_same(rows, delimiter, encoding, end, always):
    buffer = io.StringIO()
    quoting = csv.QUOTE_ALL if always else csv.QUOTE_MINIMAL
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow([f.name.zh for f in FIRMS.fields])
    writer.writerows(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(buffer.getvalue().encode(encoding))
        recipe = propose(path, FIRMS).recipe
        frame = all_rows(open_rows(path, recipe, FIRMS, batch_rows=7))
    assert recipe.delimiter == delimiter
    assert frame.drop("_sheet", "_row").rows() == [tuple(c or None for c in r) for r in rows]
    lines = [2]
    for row in rows[:-1]:
        lines.append(lines[-1] + 1 + sum(c.count("\n") for c in row))
    assert frame["_row"].to_list() == lines


ONE = resource_of(declared("code", "代码", "Code"), declared("name", "名称", "Name"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.text(_ALPHABET, max_size=4)), min_size=1))
def test_the_exact_and_the_quick_way_agree(rows):
    """A stray quotation mark before the table sends the rest down the exact way."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["code", "name"])
    writer.writerows(rows)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for title in ('3" 4" 表\n', "三四表\n"):
            path = Path(folder) / "a.csv"
            path.write_text(title + buffer.getvalue(), newline="")
            recipe = propose(path, ONE).recipe
            found.append(all_rows(open_rows(path, recipe, ONE)).rows())
    assert found[0] == found[1]
    assert len(found[0]) == len(rows)
