"""What the command line says before it touches a zone: help, languages, wrong use, packs."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qiantang import __version__
from qiantang.doors.cli import language, verdict_table
from qiantang.doors.cli.main import COMMANDS, cli


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QIANTANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words), prog_name="qiantang")


def test_it_speaks_chinese_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "从已公布的规划" in run("--help").output
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert "published plan" in run("--help").output
    monkeypatch.setenv("QIANTANG_LANG", "zh")
    assert "从已公布的规划" in run("--help").output


@pytest.mark.parametrize("words", [("--lang", "en"), ("--lang=en",)])
def test_the_option_wins_wherever_it_stands(words: tuple[str, ...]) -> None:
    assert "Commands:" in run(*words, "--help").output
    assert "Commands:" in run("--help", *words).output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_in_both_languages(name: str) -> None:
    zh, en = run(name, "--help"), run("--lang", "en", name, "--help")
    assert (zh.exit_code, en.exit_code) == (0, 0)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in zh.output)
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in en.output)


@pytest.mark.parametrize(
    ("parent", "names"),
    [
        ("plan", ("assess", "list", "history")),
        ("pack", ("new", "check", "test", "show", "diff", "list", "install")),
        ("user", ("add", "list", "grant", "password", "token")),
    ],
)
def test_every_subcommand_has_help_in_both_languages(parent: str, names: tuple[str, ...]) -> None:
    for name in names:
        en = run("--lang", "en", parent, name, "--help")
        assert en.exit_code == 0
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in en.output)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in run(parent, name, "--help").output)


def test_version_needs_no_zone() -> None:
    assert run("version").output == f"qiantang {__version__}\n"
    assert "duckdb" in run("version", "--all").output


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (("bless",), "没有命令", "No such command"),
        (("version", "--loud"), "没有选项 --loud", "--loud"),
        (("plan", "assess", "--as-of", "2018-13-01"), "--as-of 的值无效：应为形如", "--as-of"),
        (("plan", "assess", "--format", "poem"), "应为 table、json、xlsx、pdf 之一", "--format"),
        (("pack", "show"), "缺少参数", "Missing argument"),
    ],
)
def test_wrong_use_says_so_with_exit_code_2(words: tuple[str, ...], zh: str, en: str) -> None:
    for lang, said in (("zh", zh), ("en", en)):
        result = run("--lang", lang, *words)
        assert result.exit_code == 2
        assert said in result.stderr
        assert "--help" in result.stderr


@pytest.mark.parametrize("command", ["serve", "plan list", "user list", "plan assess"])
def test_a_folder_that_is_no_zone_is_refused_with_the_way_out(command: str, tmp_path: Path) -> None:
    result = run("--lang", "en", "--zone", str(tmp_path / "none"), *command.split())
    assert result.exit_code == 1
    assert "qiantang init" in result.stderr
    assert "Traceback" not in result.output


def test_init_refuses_a_folder_in_use(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    result = run("init", str(tmp_path))
    assert result.exit_code == 1
    assert (tmp_path / "letter.txt").read_text() == "dear"
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_a_new_pack_passes_its_own_check_and_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("pack", "new", "tourism", "--zh", "旅游", "--en", "Tourism").exit_code == 0
    assert "没有错误" in run("pack", "check", "tourism").output
    tested = run("pack", "test", "tourism")
    assert tested.exit_code == 0
    assert "✓" in tested.output
    assert "Tourism" in run("--lang", "en", "pack", "show", "tourism").output
    assert run("pack", "new", "tourism").exit_code == 1


def test_a_broken_pack_is_told_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("pack", "new", "tourism")
    manifest = tmp_path / "tourism" / "pack.toml"
    manifest.write_text(manifest.read_text().replace("version", "vershun", 1))
    result = run("--lang", "en", "pack", "check", "tourism")
    assert result.exit_code == 1
    assert "tourism/pack.toml" in result.output
    assert run("pack", "show", "tourism").exit_code == 1


def test_shipped_packs_are_known_by_their_id() -> None:
    assert "geography" in run("pack", "list").output
    assert "没有变化" in run("pack", "diff", "geography", "geography").output
    missing = run("pack", "show", "no-such-pack")
    assert missing.exit_code == 1
    assert "geography" in missing.stderr


def test_figures_read_as_people_say_them() -> None:
    language.use("zh")
    assert verdict_table.measured(5500, "亿元") == "5500 亿元"
    language.use("en")
    assert verdict_table.measured(5500, "亿元") == "550 bn yuan"
    assert verdict_table.figure(2.1925) == "2.19"
    assert verdict_table.figure(43000.0) == "43000"
    target = {"low": 2, "high": 3}
    assert verdict_table.asked({"limits": target, "comparator": "range", "unit": "%"}) == "2–3 %"
    assert verdict_table.asked({"limits": {"low": None, "high": None}, "unit": "%"}) == "–"
    bound = {"low": 7905, "high": None}
    found = {"value": None, "period": None, "unit": "亿元", "bound": bound}
    assert verdict_table.found(found) == "≥ 790.5 bn yuan"
    both = {**found, "bound": {"low": 7905, "high": 10760.29}}
    assert verdict_table.found(both) == "790.5–1076.03 bn yuan"
    language.use("zh")
