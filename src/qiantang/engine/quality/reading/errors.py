"""What can be wrong with a file that is sent, each said in both languages with the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiantang.kernel.errors import Invalid, NotFound, QiantangError, TooLarge
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

if TYPE_CHECKING:
    from qiantang.engine.quality.reading.recipe import Recipe
    from qiantang.engine.quality.reading.shapes import Doubt


class FileUnreadable(Invalid):
    """The file cannot be read as a table; ``found`` says what it is."""

    code = "reading.file_unreadable"
    title = Text(zh="文件无法读取", en="The file cannot be read")
    detail = Text(zh="无法作为数据表读取：{found}。", en="It cannot be read as a table: {found}.")
    hint = Text(
        zh="请提供 CSV、TSV、XLSX、XLS、JSON、NDJSON 或 Parquet 文件。",
        en="Send a CSV, TSV, XLSX, XLS, JSON, NDJSON or Parquet file.",
    )


class FileMissing(NotFound):
    code = "reading.file_missing"
    title = Text(zh="文件不存在", en="No such file")
    detail = Text(zh="没有文件“{found}”。", en='There is no file "{found}".')
    hint = Text(zh="请检查路径。", en="Check the path.")


class FolderGiven(Invalid):
    code = "reading.folder_given"
    title = Text(zh="给出的是目录", en="A folder was given")
    detail = Text(zh="“{found}”是目录，不是文件。", en='"{found}" is a folder, not a file.')
    hint = Text(zh="请给出其中的一个文件。", en="Give one of the files in it.")


class FileForbidden(Invalid):
    code = "reading.file_forbidden"
    title = Text(zh="没有读取权限", en="The file may not be read")
    detail = Text(zh="没有权限读取“{found}”。", en='There is no permission to read "{found}".')
    hint = Text(
        zh="请让文件所有者或管理员放开读取权限。",
        en="Ask its owner or the administrator for permission to read it.",
    )


class FileEmpty(Invalid):
    code = "reading.file_empty"
    title = Text(zh="文件为空", en="The file is empty")
    detail = Text(zh="文件中没有任何内容。", en="There is nothing in the file.")
    hint = Text(zh="请检查导出是否完成，再重新提交。", en="Check that the export was finished.")


class WrongKind(FileUnreadable):
    """It is a document, picture or programme; ``found`` says which."""

    code = "reading.wrong_kind"
    title = Text(zh="不是数据表", en="Not a table of data")
    detail = Text(zh="这是{found}，不是数据表。", en="This is {found}, not a table of data.")
    hint = Text(
        zh="请把其中的表格另存为 XLSX 或 CSV 后提交。",
        en="Save its table as XLSX or CSV and send that.",
    )


class FileDamaged(FileUnreadable):
    code = "reading.file_damaged"
    title = Text(zh="文件已损坏", en="The file is damaged")
    detail = Text(
        zh="{kind} 文件不完整或已损坏：{found}。",
        en="The {kind} file is incomplete or damaged: {found}.",
    )
    hint = Text(
        zh="请重新导出或重新传输后再提交。", en="Export or transfer it again, then send it."
    )


class PasswordProtected(FileUnreadable):
    code = "reading.password_protected"
    title = Text(zh="文件已加密", en="The file is protected by a password")
    detail = Text(zh="{kind} 文件设有打开密码。", en="The {kind} file needs a password to open.")
    hint = Text(zh="请取消密码后重新提交。", en="Remove the password and send it again.")


class EncodingBroken(FileUnreadable):
    """``offset`` counts bytes from 0, ``at`` characters of the line from 1; the place has the
    line."""

    code = "reading.encoding_broken"
    title = Text(zh="编码错误", en="Broken encoding")
    detail = Text(
        zh="文件按 {encoding} 编码，但该行第 {at} 个字符处的字节 {found}（第 {offset} 字节）"
        "不是有效的 {encoding}。",
        en="The file is {encoding}, but the bytes {found} at character {at} of the line (offset "
        "{offset}) are not valid {encoding}.",
    )
    hint = Text(
        zh="请用 UTF-8 重新导出，或改正该行后提交；该处若是文件末尾，文件可能没有传完。",
        en="Export it again as UTF-8, or correct that line; at its end, the file may have been "
        "cut off.",
    )


class QuoteUnclosed(FileUnreadable):
    code = "reading.quote_unclosed"
    title = Text(zh="引号没有闭合", en="A quotation mark is not closed")
    detail = Text(
        zh="此行有一个双引号直到文件末尾都没有闭合。",
        en="A quotation mark opened on this line is never closed.",
    )
    hint = Text(
        zh="请补上或去掉该引号；字段内的引号应写成两个。",
        en="Close or remove it; a quotation mark inside a field is written twice.",
    )


class JsonBroken(FileUnreadable):
    code = "reading.json_broken"
    title = Text(zh="JSON 格式错误", en="Broken JSON")
    detail = Text(zh="不是有效的 JSON：{found}。", en="This is not valid JSON: {found}.")
    hint = Text(
        zh="应为对象数组、含有一个对象数组的对象，或每行一个对象。",
        en="Send an array of objects, an object that holds one, or one object per line.",
    )


class ArchiveRefused(Invalid):
    """``found`` says what in the archive is not taken."""

    code = "reading.archive_refused"
    title = Text(zh="压缩包不予接收", en="The archive is not taken")
    detail = Text(zh="压缩包不予接收：{found}。", en="The archive is not taken: {found}.")
    hint = Text(zh="请只打包一个数据文件后提交。", en="Pack one data file only and send it again.")


class MemberUnclear(ArchiveRefused):
    """``members`` are the data files inside; the caller names one."""

    code = "reading.member_unclear"
    title = Text(zh="压缩包中有多个文件", en="The archive holds several files")
    detail = Text(
        zh="压缩包中有 {count} 个数据文件：{found}。",
        en="The archive holds {count} data files: {found}.",
    )
    hint = Text(zh="请指明读取哪一个（member）。", en="Say which one to read (member).")

    def __init__(self, *, members: tuple[str, ...], place: Place | None = None) -> None:
        self.members = members
        some = members[:10]
        found = Text(zh="、".join(some), en=", ".join(some))
        super().__init__(place=place, count=len(members), found=found)


class UnfoldsTooLarge(TooLarge):
    """An archive that grows beyond what is allowed, found while unfolding it."""

    code = "reading.unfolds_too_large"
    title = Text(zh="解压后过大", en="Too large when unfolded")
    detail = Text(
        zh="解压到 {found} 时停止：超过上限或压缩比异常。",
        en="Unfolding stopped at {found}: beyond the limit or the ratio of a bomb.",
    )
    hint = Text(
        zh="上限为 {expected}；请拆分，或直接提交未压缩的文件。",
        en="The limit is {expected}; split it, or send it unpacked.",
    )


class TooManyColumns(TooLarge):
    code = "reading.too_many_columns"
    title = Text(zh="列数过多", en="Too many columns")
    detail = Text(zh="有 {found} 列。", en="There are {found} columns.")
    hint = Text(
        zh="最多 {expected} 列；请检查分隔符，或拆分文件。",
        en="At most {expected} columns are read; check the delimiter or split the file.",
    )


class LineTooLong(TooLarge):
    code = "reading.line_too_long"
    title = Text(zh="单条记录过长", en="A record is too long")
    detail = Text(
        zh="从此行开始的一条记录超过 {found}。", en="The record that starts here passes {found}."
    )
    hint = Text(
        zh="单条记录上限为 {expected}；请检查换行符，以及是否有未闭合的双引号。",
        en="A record may have {expected}; check the line ends and unclosed quotation marks.",
    )


class SheetTooLarge(TooLarge):
    code = "reading.sheet_too_large"
    title = Text(zh="工作表过大", en="The sheet is too large")
    detail = Text(zh="工作表范围为 {found}。", en="The sheet spans {found}.")
    hint = Text(
        zh="上限为 {expected}；请删除多余的空白格式，或另存为 CSV。",
        en="The limit is {expected}; clear stray cells, or save it as CSV.",
    )


class XmlRefused(Invalid):
    code = "reading.xml_refused"
    title = Text(zh="工作簿含有不安全内容", en="Unsafe content in the workbook")
    detail = Text(
        zh="工作簿部件 {found} 含有文档类型或实体声明。",
        en="Part {found} of the workbook declares a document type or entities.",
    )
    hint = Text(
        zh="正常的 Excel 文件没有这类声明；请用 Excel 重新保存后提交。",
        en="No spreadsheet needs these; save it again with Excel and send it.",
    )


class SheetUnknown(Invalid):
    code = "reading.sheet_unknown"
    title = Text(zh="没有这个工作表", en="No such sheet")
    detail = Text(zh="没有工作表“{found}”。", en='There is no sheet "{found}".')
    hint = Text(zh="可选：{expected}。", en="Choose from: {expected}.")


class HeaderMissing(Invalid):
    """No row names any declared field, and the number of columns does not fit either."""

    code = "reading.header_missing"
    title = Text(zh="找不到表头", en="No header found")
    detail = Text(
        zh="前 {found} 行中没有一行写有“{resource}”的字段名。",
        en='None of the first {found} rows names fields of "{resource}".',
    )
    hint = Text(
        zh="表头应写字段名，例如：{expected}。也可指明表头所在行。",
        en="The header names the fields, for example {expected}. You may also say its row.",
    )


class RowsMissing(Invalid):
    code = "reading.rows_missing"
    title = Text(zh="没有数据行", en="No rows of data")
    detail = Text(zh="表头之后没有数据行。", en="There are no rows of data after the header.")
    hint = Text(zh="请检查导出是否完成。", en="Check that the export was finished.")


class RecipeBroken(Invalid):
    code = "reading.recipe_broken"
    title = Text(zh="读取方案无效", en="The recipe is not valid")
    detail = Text(zh="读取方案中 {found} 无效。", en="The recipe's {found} is not valid.")
    hint = Text(zh="请重新预览并保存读取方案。", en="Preview the file again and keep the recipe.")


class RecipeUnfit(Invalid):
    """The file no longer fits the recipe; ``comparison`` has the differences, structured."""

    code = "reading.recipe_unfit"
    title = Text(zh="文件与读取方案不符", en="The file no longer fits the recipe")
    detail = Text(
        zh="文件与读取方案不符：{found}", en="The file no longer fits the recipe: {found}"
    )
    hint = Text(
        zh="请核对差异；若文件无误，请重新预览并保存读取方案。",
        en="Compare them; if the file is right, preview it again and keep the new recipe.",
    )

    def __init__(self, *, comparison: object, found: Text, place: Place | None = None) -> None:
        self.comparison = comparison
        super().__init__(place=place, found=found)

    def problem(self, lang: str) -> dict[str, object]:
        """The machine form, with the comparison as an extension."""
        body = super().problem(lang)
        as_dict = getattr(self.comparison, "as_dict", None)
        if as_dict is not None:
            body["comparison"] = as_dict()
        return body


class UnitUnsettled(Invalid):
    """``recipe`` is the recipe with the factors that the file's units ask for, ``doubts`` say
    them."""

    code = "reading.unit_unsettled"
    title = Text(zh="列的单位没有写明", en="The unit of a column is not settled")
    detail = Text(
        zh="读取方案没有写倍数：{found}",
        en="The recipe says no factor: {found}",
    )
    hint = Text(
        zh="请确认倍数；数值本来就是字段单位时写明倍数 1。",
        en="Confirm the factor; say 1 where the figures are in the field's unit already.",
    )

    def __init__(self, *, recipe: Recipe, doubts: tuple[Doubt, ...], place: Place) -> None:
        self.recipe, self.doubts = recipe, doubts
        said = [doubt.text for doubt in doubts]
        found = Text("".join(t.zh for t in said), " ".join(t.en for t in said))
        super().__init__(place=place, found=found)


class SecondTableFound(Invalid):
    """Rows like a title and a header stand under the table, and the recipe does not say what to do
    with them."""

    code = "reading.second_table"
    title = Text(zh="表下还有另一张表", en="Another table under the first")
    detail = Text(
        zh="第 {row} 行起像是另一张表或另一种单位（“{found}”）。",
        en='From row {row} on there seems to be another table, or another unit ("{found}").',
    )
    hint = Text(
        zh="请确认只读到它之前，或改为当作数据继续读取。",
        en="Confirm that reading ends before it, or have it read on as data.",
    )

    def __init__(self, *, row: int, found: str, place: Place | None = None) -> None:
        self.row, self.found = row, found
        super().__init__(place=place, row=row, found=found)


class ReadingFailed(QiantangError):
    """The file went away or the disk failed while reading."""

    code = "reading.failed"
    status = 500
    title = Text(zh="读取中断", en="Reading was interrupted")
    detail = Text(zh="读取时出错：{found}。", en="Reading failed: {found}.")
    hint = Text(zh="请检查磁盘和文件后重试。", en="Check the disk and the file, then try again.")
