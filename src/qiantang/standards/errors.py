"""What the codecs refuse. A door turns these into its protocol's own words."""

from __future__ import annotations

from qiantang.kernel.errors import Invalid, TooLarge
from qiantang.kernel.text import Text


class DocumentUnreadable(Invalid):
    code = "standards.document_unreadable"
    title = Text(zh="文档无法读取", en="The document cannot be read")
    detail = Text(
        zh="按 {form} 格式无法读取文档：{found}",
        en="The document cannot be read as {form}: {found}",
    )
    hint = Text(
        zh="请检查地址是否为目录文件。", en="Check that the address leads to a catalogue file."
    )


class DocumentTooLarge(TooLarge):
    code = "standards.document_too_large"
    detail = Text(zh="文档过大：{found}。", en="The document is too large: {found}.")
    hint = Text(
        zh="上限为 {expected}；请上游目录分页。",
        en="The limit is {expected}; ask for smaller pages.",
    )


class DocumentReachesOut(Invalid):
    """The document wants something fetched from elsewhere to be understood."""

    code = "standards.document_reaches_out"
    title = Text(zh="文档引用外部内容", en="The document refers to something outside")
    detail = Text(
        zh="文档要求读取外部内容（{found}），已拒绝。",
        en="The document asks for something from outside ({found}); this is refused.",
    )
    hint = Text(
        zh="请改用 Turtle 格式，或把上下文写在文档内。",
        en="Use Turtle, or put the context into the document.",
    )


class FormUnknown(Invalid):
    code = "standards.form_unknown"
    title = Text(zh="格式不支持", en="Form not supported")
    detail = Text(zh="不支持格式“{found}”。", en='The form "{found}" is not supported.')
    hint = Text(zh="可用格式：{expected}。", en="It may be {expected}.")


class QueryNotUnderstood(Invalid):
    """A query of the CKAN action API uses more of Solr's language than is spoken here."""

    code = "standards.query_not_understood"
    title = Text(zh="查询语法不支持", en="Query not understood")
    detail = Text(
        zh="参数“{parameter}”中的“{found}”不受支持。",
        en='"{found}" in the parameter "{parameter}" is not supported.',
    )
    hint = Text(zh="可用写法：{expected}。", en="It may be {expected}.")


class ArgumentWrong(Invalid):
    """An argument of a protocol is missing or has a wrong value."""

    code = "standards.argument_wrong"
    title = Text(zh="参数无效", en="Argument not valid")
    detail = Text(
        zh="参数“{parameter}”无效：“{found}”。",
        en='The argument "{parameter}" is wrong: "{found}".',
    )
    hint = Text(zh="应为：{expected}。", en="It should be {expected}.")
