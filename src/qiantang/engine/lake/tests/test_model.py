"""Any sequence of writes and growth reads like the plain lists it stands for."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from qiantang.engine.lake import Lake

WORDS = st.text(alphabet="ab'\"中\n ", max_size=4)
ROWS = st.lists(st.tuples(st.integers(-9, 9), st.none() | WORDS), max_size=4)
Row = dict[str, object]


class LakeAgainstLists(RuleBasedStateMachine):
    """The model keeps every version as a list of dictionaries by field number."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.lake = Lake(Path(self.folder.name))
        self.names = ["n", "w"]
        self.types: list[pa.DataType] = [pa.int64(), pa.string()]
        self.versions: list[tuple[int, list[Row]]] = []
        self.keys: dict[str, int] = {}
        self.made = 0
        self.lake.ensure("t", self.schema())

    def schema(self) -> pa.Schema:
        return pa.schema(list(zip(self.names, self.types, strict=True)))

    def arrow(self, rows: list[tuple[int, str | None]]) -> pa.Table:
        return pa.table(
            {
                self.names[0]: pa.array([n for n, _ in rows], pa.int64()),
                self.names[1]: pa.array([w for _, w in rows], pa.string()),
            }
        )

    def current(self) -> list[Row]:
        return self.versions[-1][1] if self.versions else []

    @rule(rows=ROWS, key=st.sampled_from(["", "", "k1", "k2"]), replace=st.booleans())
    def write(self, rows: list[tuple[int, str | None]], key: str, replace: bool) -> None:
        write = self.lake.overwrite if replace else self.lake.append
        done = write("t", self.arrow(rows), key=key)
        if key in self.keys:
            assert done.id == self.keys[key]
            return
        if key:
            self.keys[key] = done.id
        fresh: list[Row] = [{"0": n, "1": w} for n, w in rows]
        self.versions.append((done.id, fresh if replace else self.current() + fresh))
        assert done.rows == len(self.current())

    @rule()
    def grow(self) -> None:
        self.made += 1
        self.names.append(f"new{self.made}")
        self.types.append(pa.float64())
        self.lake.ensure("t", self.schema())

    @rule(which=st.integers(0, 1))
    def rename(self, which: int) -> None:
        self.made += 1
        old, self.names[which] = self.names[which], f"name {self.made}"
        self.lake.rename_column("t", old, self.names[which])

    @precondition(lambda self: self.versions)
    @rule(pick=st.randoms(use_true_random=False))
    def travel(self, pick: object) -> None:
        version, rows = pick.choice(self.versions)  # type: ignore[attr-defined]
        self.same(self.lake.read("t", at=version), rows)

    @invariant()
    def now_is_the_model(self) -> None:
        if hasattr(self, "lake"):
            self.same(self.lake.read("t"), self.current())

    def same(self, found: pa.Table, rows: list[Row]) -> None:
        assert found.schema == self.schema()
        want = [(r["0"], r["1"], *([None] * (len(self.names) - 2))) for r in rows]
        got = [tuple(r.values()) for r in found.to_pylist()]
        assert sorted(got, key=repr) == sorted(want, key=repr)

    def teardown(self) -> None:
        if hasattr(self, "lake"):
            assert self.lake.verify("t") == []
            self.lake.close()
            self.folder.cleanup()


TestLakeAgainstLists = LakeAgainstLists.TestCase
TestLakeAgainstLists.settings = settings(
    max_examples=12,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
