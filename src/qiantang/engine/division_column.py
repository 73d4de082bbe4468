"""The column that says which division sent a row, where divisions keep copies of their own.

It stands by itself so that whoever filters by it loads no reader of files.
"""

from __future__ import annotations

from typing import Final

DIVISION: Final = "_division"
