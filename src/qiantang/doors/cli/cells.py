"""Values of rows as the terminal and CSV show them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qiantang.kernel.digits import digits


def cell(value: Any) -> Any:
    """Figures without the zeros that the lake fills them up with; yes and no in lower case."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return digits(value)
    return value
