"""frictionless on a plain file with the same seven rules: ``python -m bench._frictionless F N``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs
from frictionless import Check, Checklist, Resource, Row, Schema, checks, errors
from stdnum.cn import uscc

from bench import _messy

FIELDS: list[dict[str, Any]] = [
    {
        "name": "许可编号",
        "type": "string",
        "constraints": {"required": True, "unique": True, "pattern": "P[0-9]{7}"},
    },
    {"name": "统一社会信用代码", "type": "string"},
    {"name": "许可类别", "type": "string", "constraints": {"enum": list(_messy.KINDS)}},
    {"name": "注册资本", "type": "number", "constraints": {"minimum": 0}},
    {"name": "许可日期", "type": "date"},
    {"name": "有效期至", "type": "date"},
]


@attrs.define(kw_only=True, repr=False)
class CreditCode(Check):
    """The check character, by python-stdnum."""

    type = "credit-code"
    Errors = [errors.RowConstraintError]

    def validate_row(self, row: Row) -> Iterable[Any]:
        if not uscc.is_valid(row["统一社会信用代码"]):
            yield errors.RowConstraintError.from_row(row, note="check character")


def main(file: str, rows: int) -> None:
    where = Path(file)
    schema = Schema.from_descriptor({"fields": FIELDS})
    resource = Resource(path=where.name, basepath=str(where.parent), schema=schema)
    rules = [CreditCode(), checks.row_constraint(formula="有效期至 >= 许可日期")]  # type: ignore[attr-defined]
    report = resource.validate(Checklist(checks=rules), limit_errors=rows)
    wrong = {found[0] for found in report.flatten(["rowNumber"])}
    assert len(wrong) == _messy.bad_rows(rows), len(wrong)
    print(len(wrong))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
