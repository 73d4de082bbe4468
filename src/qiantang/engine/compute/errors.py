"""What can go wrong with an engine; its own words go to the log under a number."""

from __future__ import annotations

from typing import Final

from qiantang.kernel.errors import Conflict, Invalid, TooLarge, Unavailable
from qiantang.kernel.text import Text


class SparkUnreachable(Unavailable):
    code = "compute.spark_unreachable"
    title = Text(zh="无法连接 Spark", en="Spark cannot be reached")
    detail = Text(zh="无法连接 Spark（{found}）。", en="Spark at {found} cannot be reached.")
    hint = Text(
        zh="请检查 QIANTANG_SPARK 的地址和 Spark Connect 服务；或改用 DuckDB。",
        en="Check the address in QIANTANG_SPARK and the Spark Connect server; or use DuckDB.",
    )


class SparkMissing(Unavailable):
    code = "compute.spark_missing"
    transient = False
    title = Text(zh="未安装 Spark 客户端", en="Spark's client is not installed")
    detail = Text(zh="本机未安装 pyspark-client。", en="pyspark-client is not installed here.")
    hint = Text(zh="请安装 qiantang[spark]。", en="Install qiantang[spark].")


class SparkAddressInvalid(Invalid):
    code = "compute.spark_address_invalid"
    title = Text(zh="Spark 地址无效", en="Spark's address is not valid")
    detail = Text(zh="“{found}”不是 Spark Connect 地址。", en='"{found}" is no address of Spark.')
    hint = Text(zh="写作 sc://主机:端口。", en="Write it as sc://host:port.")


UNTOLD: Final = Text("引擎无法执行", "the engine could not run it")


class TaskFailed(Invalid):
    """``found`` is a reason in our words, `UNTOLD` where there is none."""

    code = "compute.task_failed"
    title = Text(zh="计算失败", en="The task failed")
    detail = Text(
        zh="{engine} 计算失败：{found}（编号 {trace}）。",
        en="{engine} failed: {found} (number {trace}).",
    )
    hint = Text(
        zh="请检查数据类型和除数；系统日志中有该编号的详细信息。",
        en="Check types and divisors; the log has the details under that number.",
    )


class TaskTooSlow(Unavailable):
    code = "compute.too_slow"
    transient = False
    title = Text(zh="计算超时", en="The task took too long")
    detail = Text(zh="计算超过 {expected} 秒，已停止。", en="Stopped after {expected} seconds.")
    hint = Text(
        zh="请缩小范围、简化算法，或给出更长的时限。",
        en="Ask for less, simplify it, or allow more time.",
    )


class TaskTooLarge(Unavailable):
    code = "compute.too_large"
    transient = False
    title = Text(zh="计算超出内存上限", en="The task needs too much memory")
    detail = Text(
        zh="计算超出 {expected} 内存上限，已停止。", en="Stopped at the limit of {expected}."
    )
    hint = Text(
        zh="请缩小范围、简化算法，或配置 Spark（QIANTANG_SPARK）。",
        en="Ask for less, simplify it, or configure Spark (QIANTANG_SPARK).",
    )


class TaskLost(Unavailable):
    """The process in which a statement ran is gone, and nobody knows why."""

    code = "compute.lost"
    title = Text(zh="计算进程中断", en="The process of the task was lost")
    detail = Text(
        zh="计算所在的进程中断（{found}），未得出结果。",
        en="The process that ran the task ended ({found}) without a result.",
    )
    hint = Text(
        zh="请重试；若再次中断，请缩小范围或简化算法。",
        en="Try again; if it is lost again, ask for less or simplify it.",
    )


class AnswerTooLarge(TooLarge):
    code = "indicators.answer_too_large"
    title = Text(zh="结果过大", en="The answer is too large")
    detail = Text(
        zh="结果有 {found} MB，上限为 {expected} MB。",
        en="The answer has {found} MB; {expected} MB are allowed.",
    )
    hint = Text(
        zh="请减少列或行，或用命令行写入文件：qiantang query --output。",
        en="Ask for fewer columns or rows, or write a file: qiantang query --output.",
    )


class TaskCancelled(Conflict):
    code = "compute.cancelled"
    title = Text(zh="计算已取消", en="The task was cancelled")
    detail = Text(
        zh="计算已取消，未写入任何结果。", en="The task was cancelled; nothing is written."
    )
    hint = Text(zh="可以重新运行。", en="It can be run again.")


class EngineUnknown(Invalid):
    code = "compute.engine_unknown"
    title = Text(zh="没有这个计算引擎", en="No such engine")
    detail = Text(zh="没有计算引擎“{found}”。", en='There is no engine "{found}".')
    hint = Text(zh="可用：auto、duckdb、spark。", en="Use auto, duckdb or spark.")


class FolderTaken(Conflict):
    code = "compute.folder_taken"
    title = Text(zh="结果文件夹非空", en="The result's folder is not empty")
    detail = Text(zh="文件夹“{found}”已有文件。", en='The folder "{found}" has files already.')
    hint = Text(zh="请用新的文件夹。", en="Use a new folder.")
