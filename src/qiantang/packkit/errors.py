"""What packkit raises; what it finds in a pack's files is a `PackProblem` instead."""

from __future__ import annotations

from collections.abc import Sequence

from qiantang.kernel.errors import Conflict, Invalid, NotFound
from qiantang.kernel.text import Text
from qiantang.packkit.problems import PackProblem


class PackInvalid(Invalid):
    """A pack that cannot be loaded; ``problems`` holds everything that is wrong with it."""

    code = "packkit.pack_invalid"
    title = Text(zh="领域包有误", en="The pack is not valid")
    detail = Text(
        zh="领域包“{found}”有 {count} 处问题：{first}",
        en='The pack "{found}" has {count} problem(s): {first}',
    )
    hint = Text(
        zh="请运行 qiantang pack check 查看全部问题并逐一改正。",
        en="Run qiantang pack check to see every problem, and correct them.",
    )

    def __init__(self, found: str, problems: Sequence[PackProblem]) -> None:
        self.problems = tuple(problems)
        first = problems[0].line_text() if problems else Text("", "")
        super().__init__(found=found, count=len(problems), first=first)


class PackFolderTaken(Conflict):
    """The folder in which a pack is to be written holds something already."""

    code = "packkit.folder_taken"
    title = Text(zh="文件夹已存在", en="The folder is in use")
    detail = Text(zh="“{found}”已存在且不为空。", en='"{found}" exists and is not empty.')
    hint = Text(
        zh="请另选文件夹，或先移走其中的文件。",
        en="Choose another folder, or move its files away first.",
    )


class PackIdMalformed(Invalid):
    code = "packkit.pack_id_malformed"
    title = Text(zh="领域包编号格式错误", en="Malformed pack id")
    detail = Text(zh="“{found}”不能作为领域包编号。", en='"{found}" cannot be the id of a pack.')
    hint = Text(
        zh="请用小写英文单词，以连字符相连，如 urban-tourism。",
        en="Use lower-case words joined by hyphens, such as urban-tourism.",
    )


class RunnerMissing(NotFound):
    """Nothing that can run examples is installed."""

    code = "packkit.runner_missing"
    title = Text(zh="缺少示例运行器", en="No runner for examples")
    detail = Text(zh="无法载入示例运行器“{found}”。", en='The runner "{found}" cannot be loaded.')
    hint = Text(
        zh="请完整安装 qiantang，或以 --qiantang-runner 指定“模块：函数”。",
        en="Install qiantang whole, or name module:function with --qiantang-runner.",
    )
