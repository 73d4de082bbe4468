"""What an installation can set: environment variables and the keys of ``zone.toml``.

For the reference page; tests hold the first table against the names that the source uses and the
second against what `Zone` reads and writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from qiantang.kernel.text import Text
from qiantang.site.zone import DEFAULT_HOSTS, FORMAT, LARGEST_DELIVERY, QUERY_MEMORY, SPARK_ABOVE_GB


@dataclass(frozen=True, slots=True)
class Setting:
    """``standard``: what holds when it is not set."""

    name: str
    standard: str
    meaning: Text


ENVIRONMENT: Final = (
    Setting(
        "QIANTANG_ZONE",
        "-",
        Text(
            "示范区文件夹；命令行的 --zone 优先",
            "folder of the zone; the command line's --zone comes first",
        ),
    ),
    Setting(
        "QIANTANG_DATABASE_URL",
        "SQLite",
        Text(
            "用 PostgreSQL 代替示范区内的 SQLite 文件：postgresql://…",
            "PostgreSQL instead of the SQLite file in the zone: postgresql://...",
        ),
    ),
    Setting(
        "QIANTANG_DATABASE_POOL",
        "1",
        Text(
            "0：每个线程各开连接，不用连接池（PostgreSQL）",
            "0: a connection for each thread instead of a pool (PostgreSQL)",
        ),
    ),
    Setting(
        "QIANTANG_DEBUG",
        "0",
        Text(
            "1：在页面上显示程序出错的细节；不可用于对外服务",
            "1: show tracebacks in the page; never for others' eyes",
        ),
    ),
    Setting(
        "QIANTANG_API_ANONYMOUS_PER_MINUTE",
        "240",
        Text(
            "每个匿名地址每分钟可请求接口的次数；0 为不限",
            "requests to the API that each anonymous address may make in a minute; 0: no limit",
        ),
    ),
    Setting(
        "QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE",
        "600",
        Text(
            "每个匿名地址每分钟可请求机器接口（DCAT、CKAN、OAI-PMH、开放数据）的次数；0 为不限",
            "requests to the machine feeds (DCAT, CKAN, OAI-PMH, open data) that each anonymous "
            "address may make in a minute; 0: no limit",
        ),
    ),
    Setting(
        "QIANTANG_API_PROXIES",
        "0",
        Text(
            "前面有几层可信的反向代理；据其 X-Forwarded-For 区分读者",
            "trusted proxies in front, by whose X-Forwarded-For readers are told apart",
        ),
    ),
    Setting(
        "QIANTANG_SPARK",
        "-",
        Text(
            "Spark Connect 地址 sc://主机:端口；优先于 zone.toml 的 engine.spark",
            "Spark Connect, sc://host:port; comes before engine.spark of zone.toml",
        ),
    ),
    Setting(
        "QIANTANG_ENGINE",
        "auto",
        Text(
            "auto：按大小选择；duckdb 或 spark：总是用它；优先于 zone.toml 的 engine.engine",
            "auto: by size; duckdb or spark: always that one; comes before engine.engine of "
            "zone.toml",
        ),
    ),
    Setting(
        "QIANTANG_LANG",
        "LC_ALL, LANG",
        Text("命令行的语言：zh 或 en", "language of the command line: zh or en"),
    ),
    Setting(
        "QIANTANG_USER",
        "-",
        Text(
            "命令行以哪个账号的身份交付和审定；不给则为本机管理者",
            "account in whose name the command line delivers and decides; without it, the "
            "machine's operator",
        ),
    ),
)
"""For those who run the product."""

INTERNAL: Final = (
    Setting(
        "QIANTANG_SUPERVISED",
        "-",
        Text(
            "serve 命令给它的进程作的标记，不必设置",
            "mark that serve gives its processes; not to be set",
        ),
    ),
    Setting(
        "QIANTANG_TEST_SPARK",
        "-",
        Text(
            "装有 Spark 的虚拟环境；测试在其上启动 Spark，否则用 Sail",
            "virtual environment that holds Spark, which the tests start; without it they use Sail",
        ),
    ),
    Setting(
        "QIANTANG_CKAN",
        "-",
        Text(
            "装有 CKAN 的 Python，供 make test-ckan 核对目录接口",
            "a Python that has CKAN, with which make test-ckan reads the catalogue's feed",
        ),
    ),
    Setting(
        "QIANTANG_TEST_POSTGRES",
        "0",
        Text("1：测试自行启动 PostgreSQL", "1: the tests start a PostgreSQL of their own"),
    ),
    Setting(
        "QIANTANG_TEST_HOME",
        "-",
        Text("并行测试的临时文件夹，不必设置", "folder that test workers share; not to be set"),
    ),
    Setting(
        "QIANTANG_COLLECTION",
        "-",
        Text(
            "收集资料所在文件夹，供领域包测试核对",
            "folder of the collected material that the packs' tests compare with",
        ),
    ),
    Setting(
        "QIANTANG_LOOKUP_CATALOGUE",
        "-",
        Text(
            "制作快照查询文件的子进程由此得知湖目录的地址，不必设置",
            "where the process that makes look-up files finds the lake's catalogue; not to be set",
        ),
    ),
    Setting(
        "QIANTANG_NO_SKIPS",
        "0",
        Text("1：跳过的测试也算失败", "1: a skipped test is a failure"),
    ),
)
"""For tests, and between the product's own processes."""

ZONE_FILE: Final = (
    Setting("format", str(FORMAT), Text("文件的格式版本", "version of the file's form")),
    Setting(
        "id", "zhejiang", Text("示范区标识：小写字母、数字、连字符", "id: a-z, digits, hyphens")
    ),
    Setting("name", "-", Text("名称 { zh, en }", "name { zh, en }")),
    Setting("division", "330000", Text("六位行政区划代码", "six-digit code of its division")),
    Setting(
        "server.hosts",
        ", ".join(DEFAULT_HOSTS),
        Text("对外服务的主机名", "host names under which it is served"),
    ),
    Setting(
        "server.https",
        "false",
        Text("前面有提供 HTTPS 的反向代理时为 true", "true behind a proxy that provides HTTPS"),
    ),
    Setting(
        "intake.allow_hosts",
        "-",
        Text("允许数据来源访问的内部主机名", "inner hosts that sources may reach"),
    ),
    Setting(
        "intake.largest_mb",
        str(LARGEST_DELIVERY),
        Text("单个交付文件的上限（MB）", "the largest delivered file, in MB"),
    ),
    Setting(
        "engine.engine",
        "auto",
        Text(
            "计算引擎：auto 按大小选择，duckdb 或 spark 总是用它",
            "where SQL runs: auto is by size, duckdb or spark is always that one",
        ),
    ),
    Setting(
        "engine.spark",
        "-",
        Text("Spark Connect 地址 sc://主机:端口", "Spark Connect, sc://host:port"),
    ),
    Setting(
        "engine.spark_above_gb",
        str(SPARK_ABOVE_GB),
        Text(
            "auto 时，计划读取的文件超过此大小（GB）即由 Spark 计算",
            "with auto, planned files beyond this size (GB) go to Spark",
        ),
    ),
    Setting(
        "engine.query_memory_mb",
        str(QUERY_MEMORY),
        Text(
            "读者自写 SQL 所在进程可增长的内存（MB，至少 64）；同时最多两个",
            "by how much the process of a reader's own SQL may grow (MB, 64 at least); two at once",
        ),
    ),
)
