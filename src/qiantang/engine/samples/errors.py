"""Why a sample cannot be written."""

from __future__ import annotations

from qiantang.kernel.errors import Invalid
from qiantang.kernel.text import Text


class SampleTooLarge(Invalid):
    code = "samples.too_large"
    title = Text(zh="行数过多", en="Too many rows")
    detail = Text(
        zh="{id} 最多能生成 {expected} 行各不相同的数据，不能生成 {found} 行。",
        en="{id} has {expected} different rows at most, not {found}.",
    )
    hint = Text(
        zh="请减少行数；有引用的资源，可增大被引用资源的行数（--pool）。",
        en="Ask for fewer rows, or give the resources referred to more rows (--pool).",
    )


class SampleUnknown(Invalid):
    code = "samples.unknown_resource"
    status = 404
    title = Text(zh="没有这个信息资源", en="No such resource")
    detail = Text(zh="没有信息资源“{found}”。", en='There is no resource "{found}".')
    hint = Text(zh="可用的有：{expected}。", en="There are: {expected}.")


class SheetTooLong(Invalid):
    code = "samples.sheet_too_long"
    title = Text(zh="超过 Excel 的行数上限", en="More rows than Excel holds")
    detail = Text(
        zh="一张工作表最多 {expected} 行数据，不能写 {found} 行。",
        en="A sheet holds {expected} rows at most, not {found}.",
    )
    hint = Text(zh="请减少行数，或用 --format csv。", en="Ask for fewer rows, or use --format csv.")


class EncodingUnknown(Invalid):
    code = "samples.unknown_encoding"
    title = Text(zh="不认识的编码", en="Unknown encoding")
    detail = Text(zh="没有名为“{found}”的编码。", en='There is no encoding "{found}".')
    hint = Text(
        zh="请用 utf-8、utf-8-sig、gb18030 或 utf-16。",
        en="Use utf-8, utf-8-sig, gb18030 or utf-16.",
    )


class NowhereToWrite(Invalid):
    code = "samples.nowhere_to_write"
    title = Text(zh="无法写入此处", en="Cannot write there")
    detail = Text(
        zh="“{found}”所在的文件夹不存在，或者它本身是文件夹。",
        en='The folder of "{found}" does not exist, or it is a folder itself.',
    )
    hint = Text(
        zh="请先建立文件夹，或换一个文件名。", en="Make the folder first, or choose another name."
    )
