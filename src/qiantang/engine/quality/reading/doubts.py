"""The doubts that the reader may raise, each in both languages with what to do."""

from __future__ import annotations

from collections.abc import Sequence

from qiantang.engine.quality.reading.shapes import Doubt
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Field

_CONFIRM = Text("请核对预览，不对时请改正。", "Check the preview and correct it if it is wrong.")


def some(names: Sequence[str], lang: str) -> str:
    shown = [f"“{n}”" if lang == "zh" else f'"{n}"' for n in names[:8]]
    rest = len(names) - len(shown)
    if lang == "zh":
        return "、".join(shown) + (f" 等 {len(names)} 列" if rest else "")
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def stray_quotes(line: int) -> Doubt:
    return Doubt(
        "stray_quotes",
        Text(
            f"第 {line} 行之后有不规范的双引号，已按字面读取。",
            f"After line {line} there are stray quotation marks; they are read literally.",
        ),
        Text("请抽查含双引号的行。", "Look at some rows with quotation marks."),
    )


def close_match(source: str, field: str, name: Text) -> Doubt:
    return Doubt(
        "close_match",
        Text(
            f"“{source}”列按相近名称对应字段“{name.zh}”（{field}）。",
            f'Column "{source}" is taken for field "{name.en}" ({field}), a name like it.',
        ),
        Text("请确认是否同一数据项。", "Confirm that they mean the same."),
    )


def duplicate_header(name: str, count: int) -> Doubt:
    return Doubt(
        "duplicate_header",
        Text(
            f"表头“{name}”出现 {count} 次，后面的以序号区分。",
            f'Header "{name}" stands {count} times; the later ones are told apart by a number.',
        ),
        Text("请确认哪一列才是所需字段。", "Say which of them is the field."),
    )


def field_twice(source: str, field: str) -> Doubt:
    return Doubt(
        "field_twice",
        Text(
            f"“{source}”列也像字段 {field}，但该字段已取自另一列。",
            f'Column "{source}" also looks like field {field}, which another column gives.',
        ),
        Text("请确认取哪一列。", "Say which column to take."),
    )


def no_header() -> Doubt:
    return Doubt(
        "no_header",
        Text(
            "没有找到表头；列数与字段数相同，按顺序对应。",
            "No header was found; there are as many columns as fields, taken in order.",
        ),
        Text("请逐列确认，或补上表头。", "Confirm each column, or add a header."),
    )


def header_partly(named: int, fields: int) -> Doubt:
    return Doubt(
        "header_partly",
        Text(
            f"表头只对上 {fields} 个字段中的 {named} 个。",
            f"The header names only {named} of {fields} fields.",
        ),
        _CONFIRM,
    )


def shares_as_fractions(source: str) -> Doubt:
    return Doubt(
        "shares_as_fractions",
        Text(
            f"“{source}”列按百分比填报，但各值都不超过 1：XLS 把 12.5% 存为 0.125，"
            "读取时看不到单元格格式。",
            f'Column "{source}" is in per cent, but no value is above 1: an XLS stores 12.5% '
            "as 0.125, and the format of cells cannot be read.",
        ),
        Text(
            "如果表中显示的是百分比，请另存为 XLSX 再提交，或把该列的倍数设为 100。",
            "If the sheet shows percentages, save it as XLSX and send that, or set the column's "
            "factor to 100.",
        ),
    )


def names_for_codes(source: str, field: Text, pairs: Sequence[tuple[str, str]]) -> Doubt:
    some_pairs = pairs[:6]
    more = len(pairs) > len(some_pairs)
    zh = "、".join(f"{name} → {code}" for name, code in some_pairs) + (" 等" if more else "")
    en = ", ".join(f"{name} → {code}" for name, code in some_pairs) + (" ..." if more else "")
    return Doubt(
        "names_for_codes",
        Text(
            f"“{source}”列填的是名称，而“{field.zh}”要填代码：将按代码表换成代码（{zh}）。",
            f'Column "{source}" holds names where "{field.en}" asks for codes: they become the '
            f"codes of its list ({en}).",
        ),
        Text(
            "请核对；不应换的，去掉该列的“名称换成代码”。",
            "Check it; untick “names become codes” of the column where it is wrong.",
        ),
    )


def more_places(source: str, count: int, places: int) -> Doubt:
    return Doubt(
        "more_places",
        Text(
            f"“{source}”列在样本中有 {count} 个数值超过 {places} 位小数，入库时将被剔出。",
            f'Column "{source}" has {count} figures with more than {places} decimal places in the '
            "sample; their rows will be set aside.",
        ),
        Text(
            "如系公式计算所得、可以舍入，请对该列选“小数位过多时四舍五入”；否则请在原表中处理。",
            "If they are computed and may be rounded, let the column be rounded; else mend them in "
            "the sheet.",
        ),
    )


def note_marks(source: str, count: int, example: str) -> Doubt:
    return Doubt(
        "note_marks",
        Text(
            f"“{source}”列在样本中有 {count} 个数字后面带注号（如“{example}”）：将去掉注号读取。",
            f'Column "{source}" has {count} figures with a note mark behind them in the sample '
            f'(such as "{example}"): they are read without it.',
        ),
        Text(
            "请核对；不应去掉的，取消该列的“去掉注号”，这些行将被剔出。",
            "Check it; untick “leave note marks out” of the column where it is wrong, and the rows "
            "are set aside.",
        ),
    )


def other_sheets(names: Sequence[str], chosen: str) -> Doubt:
    return Doubt(
        "other_sheets",
        Text(
            f"只读取工作表“{chosen}”；另有 {some(names, 'zh')} 也像数据表。",
            f'Only sheet "{chosen}" is read; {some(names, "en")} also look like data.',
        ),
        Text("其他工作表请另行提交，或改选。", "Send the others separately, or choose another."),
    )


def hidden_sheet(name: str) -> Doubt:
    return Doubt(
        "hidden_sheet",
        Text(f"工作表“{name}”是隐藏的。", f'Sheet "{name}" is hidden.'),
        Text("请确认是否应当提交。", "Confirm that it is meant to be sent."),
    )


def formulas_without_values(count: int, first: str) -> Doubt:
    place = first if count == 1 else f"首个 {first}"
    return Doubt(
        "formulas_without_values",
        Text(
            f"有 {count} 个公式单元格没有计算结果（{place}），读作空值。",
            f"{count} formula cell has no stored result ({first}); it is read as empty."
            if count == 1
            else f"{count} formula cells have no stored result (first {first}); "
            "they are read as empty.",
        ),
        Text(
            "请用 Excel 打开并保存一次再提交。",
            "Open and save the file in Excel, then send it again.",
        ),
    )


def digits_lost(count: int, first: str) -> Doubt:
    return Doubt(
        "digits_lost",
        Text(
            f"有 {count} 个长数字被 Excel 存为数值，末位数字已丢失（首个 {first}）。",
            f"Excel stored {count} long numbers as figures: their last digits are gone "
            f"(first {first}).",
        ),
        Text(
            "请从源系统按文本格式重新导出。",
            "Export them again from the source system, as text.",
        ),
    )


def notes_left_out(count: int, first: str, note: str) -> Doubt:
    return Doubt(
        "notes_left_out",
        Text(
            f"有 {count} 个单元格的文字后有上标的注号，未作为内容读取（首个 {first}：“{note}”）。",
            f"{count} cells have a raised mark of a note behind their words; it is not read as "
            f'part of them (first {first}: "{note}").',
        ),
        Text(
            "如是内容的一部分，请改为普通文字后重新提交。",
            "If it is part of them, make it plain text and send the file again.",
        ),
    )


def struck_left_out(count: int, first: str, struck: str) -> Doubt:
    shown = struck.strip()[:40]
    return Doubt(
        "struck_left_out",
        Text(
            f"有 {count} 个单元格的部分文字带删除线，只读取其余文字"
            f"（首个 {first}：已删“{shown}”）。",
            f"In {count} cells part of the text is struck out; only the rest is read "
            f'(first {first}: "{shown}" is struck out).',
        ),
        Text(
            "请确认改动属实；否则请去掉删除线后重新提交。",
            "Confirm the change; else remove the strike-through and send the file again.",
        ),
    )


def struck_cells(count: int, first: str) -> Doubt:
    return Doubt(
        "struck_cells",
        Text(
            f"有 {count} 个单元格整格带删除线，仍按原内容读取（首个 {first}）。",
            f"{count} cells are struck out as a whole; they are read as they stand "
            f"(first {first}).",
        ),
        Text(
            "如已作废，请删去这些单元格或整行后重新提交；如有效，请确认。",
            "If they no longer hold, delete them or their rows and send the file again; "
            "else confirm.",
        ),
    )


def blank_keys(source: str, count: int) -> Doubt:
    return Doubt(
        "blank_keys",
        Text(
            f"“{source}”列在样本中有 {count} 个空格，像是合并单元格拆开后留下的。",
            f'Column "{source}" has {count} blanks in the sample, as merged cells leave behind.',
        ),
        Text(
            "若应沿用上一行的值，请在读取方案中对该列选“空格取上一行”。",
            "If the value above applies, set the column to fill down in the recipe.",
        ),
    )


def merged_filled(sources: Sequence[str]) -> Doubt:
    return Doubt(
        "merged_filled",
        Text(
            f"{some(sources, 'zh')}列有纵向合并的单元格，各行取合并单元格的值。",
            f"{some(sources, 'en')}: vertically merged cells; each row takes the merged value.",
        ),
        _CONFIRM,
    )


def encoding_guessed(encoding: str) -> Doubt:
    return Doubt(
        "encoding_guessed",
        Text(
            f"按 {encoding} 编码读取，这是根据常用字推断的。",
            f"Read as {encoding}, inferred from everyday characters.",
        ),
        Text("请看预览中的汉字是否正确。", "See whether the characters in the preview are right."),
    )


def encoding_odd(shown: str, likely: str) -> Doubt:
    zh = f"更像是 {likely} 编码。" if likely else "可能是其他编码。"
    en = f"It rather looks like {likely}." if likely else "It may be another encoding."
    return Doubt(
        "encoding_odd",
        Text(
            f"按 GB18030 编码读取，但得到的文字不成文（如“{shown}”）；{zh}",
            f'Read as GB18030, but what comes out is no text (such as "{shown}"). {en}',
        ),
        Text(
            "请看预览中的文字是否正确；不对时请用 UTF-8 重新导出后提交。",
            "See whether the text in the preview is right; if not, export it again as UTF-8.",
        ),
    )


def delimiter_guessed(delimiter: str) -> Doubt:
    shown = {"\t": "Tab"}.get(delimiter, delimiter)
    return Doubt(
        "delimiter_guessed",
        Text(
            f"分隔符不明确，按“{shown}”读取。",
            f'The delimiter is not clear; "{shown}" is taken.',
        ),
        _CONFIRM,
    )


def beside_table(rows: int) -> Doubt:
    return Doubt(
        "beside_table",
        Text(
            f"有 {rows} 行在表头最后一列右侧还有内容，未读取。",
            f"{rows} rows have something to the right of the header's last column; it is not read.",
        ),
        Text("如是数据，请为该列加上表头。", "If it is data, give that column a header."),
    )


def more_cells(row: int) -> Doubt:
    return Doubt(
        "more_cells",
        Text(
            f"有的行单元格多于表头列数（首个为第 {row} 行），这些行将被剔出。",
            f"Some rows have more cells than the header (first: row {row}); they are set aside.",
        ),
        Text(
            "字段内含分隔符时应加双引号。",
            "A field that contains the delimiter needs quotation marks.",
        ),
    )


def columns_unmapped(
    sources: Sequence[str], fields: Sequence[Text], nearest: tuple[str, Field] | None
) -> Doubt:
    zh, en = "、".join(f.zh for f in fields[:8]), ", ".join(f.en for f in fields[:8])
    like_zh = like_en = ""
    if nearest:
        source, field = nearest[0], nearest[1].name
        like_zh = f"名称最接近的是“{source}”列与字段“{field.zh}”。"
        like_en = f' The names most alike: column "{source}" and field "{field.en}".'
    return Doubt(
        "columns_unmapped",
        Text(
            f"文件中的 {some(sources, 'zh')} 没有对应字段，不读取；"
            f"而这些字段没有列：{zh}。{like_zh}",
            f"{some(sources, 'en')} of the file give no field and are not read, while no column "
            f"gives: {en}.{like_en}",
        ),
        Text(
            "请指明各列对应的字段；确实无关时确认即可。",
            "Say which column is which field; if they have nothing to do with each other, confirm.",
        ),
    )


def total_unlike(rows: Sequence[int]) -> Doubt:
    return Doubt(
        "total_unlike",
        Text(
            f"有 {len(rows)} 行名为合计（首个为第 {rows[0]} 行），"
            "但数值不是上面各行之和，按数据读取。",
            f"{len(rows)} rows are called a total (first: row {rows[0]}), but their figures are "
            "not the sums of the rows above; they are read as data.",
        ),
        Text(
            "如是合计行，请删去后重新提交；如是数据，请确认；若每次都有，请在读取方式中取消跳过合计行。",
            "If they are totals, delete them and send the file again; if they are data, confirm, "
            "or keep a reading that leaves no totals out.",
        ),
    )


def month_zero(source: str, row: int, month: str) -> Doubt:
    return Doubt(
        "month_zero",
        Text(
            f"“{source}”列第 {row} 行的“{month}”按 1 月读取，但像是 {month}0（10 月）："
            "按数字存储时末尾的 0 会丢失。",
            f'"{month}" in column "{source}", row {row}, is read as January and may be October '
            f"({month}0): stored as a number it loses its last zero.",
        ),
        Text(
            "是 10 月的，请写成 2019-10 或设为文本后重新提交；确是 1 月的，请确认。",
            "If it is October, write 2019-10 or make the column text and send the file again; if "
            "it is January, confirm.",
        ),
    )


def last_rows_lone(rows: Sequence[int]) -> Doubt:
    return Doubt(
        "last_rows_lone",
        Text(
            f"最后有 {len(rows)} 行只有一个单元格有文字（首个为第 {rows[0]} 行），按数据读取。",
            f"At the end, {len(rows)} rows have words in one cell alone (first: row {rows[0]}); "
            "they are read as data.",
        ),
        Text(
            "如是表尾说明，请删去后重新提交，或在读取方案的表尾用语中写明；如是数据，请确认。",
            "If they are notes, delete them and send the file again, or add their first words to "
            "the recipe's footer words; if they are data, confirm.",
        ),
    )


def second_table(row: int, title: str) -> Doubt:
    shown = title[:40]
    return Doubt(
        "second_table",
        Text(
            f"第 {row} 行起像是另一张表或另一种单位（“{shown}”）：只读到它之前，其后的行不读取。",
            f'From row {row} on there seems to be another table, or another unit ("{shown}"): '
            "reading ends before it.",
        ),
        Text(
            "如确是另一张表或另一种单位，请确认，并另行提交；如是同一张表、同一单位的数据，"
            "请在读取方案中改为继续读取。",
            "If so, confirm, and send it separately; if it is data of the same table in the same "
            "unit, have the recipe read on.",
        ),
    )


def followed(code: str, zh: str, en: str) -> Doubt:
    """A harmless difference from the recipe that was followed."""
    return Doubt(
        code,
        Text(zh, en),
        Text("如非有意更改，请告知报送单位。", "Tell the sender if it was not meant."),
    )


def new_key(name: str, row: int) -> Doubt:
    return Doubt(
        "new_key",
        Text(
            f"从第 {row} 条记录起出现新的键“{name}”，未读取。",
            f'From record {row} on there is a new key "{name}"; it is not read.',
        ),
        Text("如需入库，请先在资源中声明。", "Declare it in the resource if it is to be kept."),
    )


def other_array(path: str, taken: str) -> Doubt:
    return Doubt(
        "other_array",
        Text(
            f"JSON 中还有另一个对象数组“{path}”，只读取“{taken}”。",
            f'The JSON holds another array of objects, "{path}"; only "{taken}" is read.',
        ),
        _CONFIRM,
    )


def fields_missing(names: Sequence[Text]) -> Doubt:
    return Doubt(
        "fields_missing",
        Text(
            f"没有对应的列：{'、'.join(n.zh for n in names)}（必填）。",
            f"No column gives: {', '.join(n.en for n in names)} (required).",
        ),
        Text("请补上这些列，或指明对应的列。", "Add them, or say which columns they are."),
    )
