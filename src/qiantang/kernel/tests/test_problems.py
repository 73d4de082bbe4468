"""Problems kept in the background and read by people of either language."""

from __future__ import annotations

import json

from qiantang.kernel.errors import NotFound
from qiantang.kernel.places import Place
from qiantang.kernel.problems import kept_problem, problem_in
from qiantang.kernel.text import Text


def test_a_kept_problem_speaks_the_language_of_its_reader() -> None:
    error = NotFound(found=Text("指标", "indicator"), place=Place(file="a.csv", row=3))
    kept = json.loads(json.dumps(kept_problem(error)))
    assert problem_in(kept, "zh") == error.problem("zh")
    assert problem_in(kept, "en") == error.problem("en")


def test_what_was_kept_in_one_language_is_still_read() -> None:
    before = NotFound(found="x").problem("zh")
    assert problem_in(before, "en") == before
    assert problem_in(None, "en") is None
