"""A zone's folder: everything that one installation keeps, in one place that can be copied.

    zone.toml           who the zone is; the only file meant to be edited
    control.sqlite3     the control plane (unless QIANTANG_DATABASE_URL names PostgreSQL)
    lake/               the data plane
    packs/              packs installed from outside
    static/             files written for pages, such as the chart library
    spool/              delivered files, findings and set-aside rows; readable by its owner only
    credentials/        passwords of sources, a file each; readable by its owner only
    secret.key          signs sessions; readable by its owner only

Knows nothing of Django, so that settings and the command line can read it first.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from qiantang.kernel.places import Place
from qiantang.kernel.text import Text
from qiantang.site.errors import BadZoneFile, FolderTaken, NewerZone, NotAZone, NotWritable

FORMAT: Final = 1
FILE: Final = "zone.toml"
DEFAULT_NAME: Final = Text(zh="浙江信息经济示范区", en="Zhejiang Information Economy Zone")
DEFAULT_HOSTS: Final = ("localhost", "127.0.0.1", "[::1]")
LARGEST_DELIVERY: Final = 20_480
ENGINES: Final = ("auto", "duckdb", "spark")
SPARK_ABOVE_GB: Final = 20
QUERY_MEMORY: Final = 1024
_SUBFOLDERS: Final = ("lake", "packs", "static", "editions")
_PRIVATE: Final = ("spool", "credentials")


@dataclass(frozen=True, slots=True)
class Zone:
    """An opened zone. ``division`` is the code of the government it belongs to."""

    folder: Path
    id: str
    name: Text
    division: str = "330000"
    hosts: tuple[str, ...] = DEFAULT_HOSTS
    https: bool = False
    allow_hosts: tuple[str, ...] = ()
    """Hosts inside the network from which sources may fetch."""
    largest_delivery: int = LARGEST_DELIVERY
    """The largest delivered file, in MB."""
    engine: str = "auto"
    """Where SQL runs: auto (by size), duckdb or spark."""
    spark: str = ""
    """Address of Spark Connect, empty for none."""
    spark_above_gb: float = SPARK_ABOVE_GB
    """Planned files beyond this go to Spark with ``auto``."""
    query_memory: int = QUERY_MEMORY
    """By how much the process of a reader's own SQL may grow, in MB."""

    @classmethod
    def create(
        cls,
        folder: Path | str,
        *,
        id: str = "zhejiang",
        name: Text = DEFAULT_NAME,
        division: str = "330000",
    ) -> Zone:
        """Make a zone in a new or empty folder. Raises `FolderTaken`, `NotWritable`."""
        root = Path(folder).expanduser().absolute()
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise FolderTaken(found=root)
        try:
            # Password hashes live here: nobody else reads the folder.
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            _furnish(root)
            _write_once(root / FILE, _toml(id, name, division), 0o644)
        except OSError as error:
            raise NotWritable(found=root, cause=error.strerror or error) from error
        return cls.open(root)

    @classmethod
    def open(cls, folder: Path | str) -> Zone:
        """Read a zone. Raises `NotAZone`, `BadZoneFile`, `NewerZone`, `NotWritable`."""
        root = Path(folder).expanduser().absolute()
        if not (root / FILE).is_file():
            raise NotAZone(found=root)
        zone = _read(root)
        if not os.access(root, os.W_OK):
            raise NotWritable(found=root, cause="permission denied")
        try:
            _furnish(root)
        except OSError as error:
            raise NotWritable(found=root, cause=error.strerror or error) from error
        return zone

    @property
    def database(self) -> Path:
        return self.folder / "control.sqlite3"

    @property
    def lake(self) -> Path:
        return self.folder / "lake"

    @property
    def packs(self) -> Path:
        return self.folder / "packs"

    @property
    def static(self) -> Path:
        return self.folder / "static"

    def secret(self) -> str:
        """The key that signs sessions."""
        return (self.folder / "secret.key").read_text(encoding="ascii").strip()


def _furnish(root: Path) -> None:
    for name in _SUBFOLDERS:
        (root / name).mkdir(exist_ok=True)
    for name in _PRIVATE:
        (root / name).mkdir(mode=0o700, exist_ok=True)
    key = root / "secret.key"
    if not key.exists():
        _write_once(key, secrets.token_urlsafe(48), 0o600)


def _write_once(path: Path, text: str, mode: int) -> None:
    """Put a whole file in place or none; if another process was first, its file stays."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, path)
        except FileExistsError:
            return
    finally:
        Path(name).unlink()


def _toml(id: str, name: Text, division: str) -> str:
    quoted = {k: v.replace("\\", "\\\\").replace('"', '\\"') for k, v in name.as_dict().items()}
    hosts = ", ".join(f'"{host}"' for host in DEFAULT_HOSTS)
    return (
        f'format = {FORMAT}\nid = "{id}"\n'
        f'name = {{ zh = "{quoted["zh"]}", en = "{quoted["en"]}" }}\n'
        f'division = "{division}"\n\n'
        "# 对外服务时，把主机名加入 hosts；由反向代理提供 HTTPS 时，把 https 改为 true。\n"
        "# To serve others, add host names; behind an HTTPS proxy set https = true.\n"
        f"[server]\nhosts = [{hosts}]\nhttps = false\n\n"
        "# 数据来源默认不得访问内部网络；需要时把主机名加入 allow_hosts。"
        "largest_mb 为单个交付文件上限。\n"
        "# Sources reach no inner host unless named here; largest_mb bounds one delivered file.\n"
        f"[intake]\nallow_hosts = []\nlargest_mb = {LARGEST_DELIVERY}\n\n"
        "# 计算引擎：auto 按大小选择。spark 为 Spark Connect 地址，如 sc://主机:15002。\n"
        "# Where SQL runs: auto is by size. spark: its address, such as sc://host:15002.\n"
        f'[engine]\nengine = "auto"\nspark = ""\nspark_above_gb = {SPARK_ABOVE_GB}\n'
        "# 读者自写 SQL 所在进程可增长的内存（MB）。By how much a reader's own SQL may grow.\n"
        f"query_memory_mb = {QUERY_MEMORY}\n"
    )


def _read(root: Path) -> Zone:
    place = Place(file=str(root / FILE))
    try:
        data = tomllib.loads((root / FILE).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadZoneFile(place=place, found=error, expected="TOML, UTF-8") from error
    version = data.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise NewerZone(place=place, found=version, expected=FORMAT)
    server = data.get("server", {})
    if not isinstance(server, dict):
        raise BadZoneFile(place=place, found=f"server = {server!r}", expected="[server]")
    intake = data.get("intake", {})
    if not isinstance(intake, dict):
        raise BadZoneFile(place=place, found=f"intake = {intake!r}", expected="[intake]")
    engine = data.get("engine", {})
    if not isinstance(engine, dict):
        raise BadZoneFile(place=place, found=f"engine = {engine!r}", expected="[engine]")
    return Zone(
        folder=root,
        id=_matching(data.get("id"), "id", r"[a-z][a-z0-9-]*", place),
        name=_name(data.get("name"), place),
        division=_matching(data.get("division", "330000"), "division", r"\d{6}", place),
        hosts=tuple(_texts(server.get("hosts", list(DEFAULT_HOSTS)), "server.hosts", place)),
        https=server.get("https", False) is True,
        allow_hosts=tuple(_texts(intake.get("allow_hosts", []), "intake.allow_hosts", place)),
        largest_delivery=_megabytes(
            intake.get("largest_mb", LARGEST_DELIVERY), "intake.largest_mb", 1, place
        ),
        engine=_engine(engine.get("engine", "auto"), place),
        spark=_spark(engine.get("spark", ""), place),
        spark_above_gb=_gigabytes(engine.get("spark_above_gb", SPARK_ABOVE_GB), place),
        query_memory=_megabytes(
            engine.get("query_memory_mb", QUERY_MEMORY), "engine.query_memory_mb", 64, place
        ),
    )


def _engine(value: Any, place: Place) -> str:
    if value not in ENGINES:
        expected = f"engine.engine: {' | '.join(ENGINES)}"
        raise BadZoneFile(place=place, found=f"engine.engine = {value!r}", expected=expected)
    return str(value)


def _spark(value: Any, place: Place) -> str:
    if not isinstance(value, str) or (value and not value.startswith("sc://")):
        expected = 'engine.spark: "sc://host:15002"'
        raise BadZoneFile(place=place, found=f"engine.spark = {value!r}", expected=expected)
    return value


def _gigabytes(value: Any, place: Place) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1e6:
        found = f"engine.spark_above_gb = {value!r}"
        raise BadZoneFile(place=place, found=found, expected="engine.spark_above_gb: 0 – 1000000")
    return float(value)


def _megabytes(value: Any, field: str, least: int, place: Place) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= 10_000_000:
        expected = f"{field}: {least} – 10000000"
        raise BadZoneFile(place=place, found=f"{field} = {value!r}", expected=expected)
    return value


def _matching(value: Any, field: str, pattern: str, place: Place) -> str:
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise BadZoneFile(place=place, found=f"{field} = {value!r}", expected=f"{field}: {pattern}")
    return value


def _name(value: Any, place: Place) -> Text:
    right = isinstance(value, dict) and all(isinstance(value.get(k), str) for k in ("zh", "en"))
    if not right:
        expected = 'name = { zh = "...", en = "..." }'
        raise BadZoneFile(place=place, found=f"name = {value!r}", expected=expected)
    return Text(zh=value["zh"], en=value["en"])


def _texts(value: Any, field: str, place: Place) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise BadZoneFile(place=place, found=f"{field} = {value!r}", expected='["localhost"]')
    return value
