"""Where something was found: the file, sheet, row, column or field that an error names."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from qiantang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Place:
    """A position that a person can go to. Lines and rows count from 1, as editors and Excel do."""

    file: str | None = None
    line: int | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    field: str | None = None

    def as_text(self) -> Text:
        """``a.toml:12`` or ``第 3 行“value”列`` / ``row 3, column "value"``; empty for no place."""
        head = self.file or ""
        if self.line is not None:
            head = f"{head}:{self.line}" if head else f"{self.line}"
        zh, en = [head] if head else [], [head] if head else []
        if self.sheet:
            zh.append(f"工作表“{self.sheet}”")
            en.append(f'sheet "{self.sheet}"')
        if self.row is not None:
            zh.append(f"第 {self.row} 行")
            en.append(f"row {self.row}")
        if self.column:
            zh.append(f"“{self.column}”列")
            en.append(f'column "{self.column}"')
        if self.field:
            zh.append(f"字段 {self.field}")
            en.append(f"field {self.field}")
        return Text(zh="，".join(zh), en=", ".join(en))

    def as_dict(self) -> dict[str, str | int]:
        """Only what is known, for JSON."""
        return {k: v for k, v in asdict(self).items() if v is not None}
