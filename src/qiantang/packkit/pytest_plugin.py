"""The pytest plug-in for packs: every ``examples/*.toml`` beneath a ``pack.toml`` is a test.

It comes with the product through the entry point ``pytest11`` and loads nothing of the pack
language before it meets an example; an ordinary test run notices nothing. Fixtures ``pack`` and
``pack_runner`` serve tests that a pack's author writes in Python.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from qiantang.packkit.compiled import Pack
    from qiantang.packkit.running import ExampleResult, Runner

_PACKS = pytest.StashKey[dict[Path, Any]]()


class ExampleFailed(Exception):
    """An example whose result differs from what it expects."""

    def __init__(self, result: ExampleResult) -> None:
        self.result = result
        super().__init__(result.report("en"))


class ExampleFile(pytest.File):
    """One ``examples/*.toml``."""

    def collect(self) -> Iterable[pytest.Item]:
        yield ExampleItem.from_parent(self, name=self.path.stem)


class ExampleItem(pytest.Item):
    """One example, run by the engine."""

    def runtest(self) -> None:
        from qiantang.packkit.running import run_example

        folder = self.path.parent.parent
        pack, others = load_once(self.config, folder)
        example = next(e for e in pack.examples if e.id == self.name)
        result = run_example(pack, example, runner_of(self.config), others)
        if not result.passed:
            raise ExampleFailed(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The difference, or the pack's problems, instead of a traceback."""
        error = excinfo.value
        lang = language()
        if isinstance(error, ExampleFailed):
            return error.result.report(lang)
        problems = getattr(error, "problems", None)
        if problems:
            return "\n".join(problem.report(lang) for problem in problems)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, 0, f"{self.path.parent.parent.name}: {self.name}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option and the setting that name another runner."""
    said = "what runs the examples of packs, as module:attribute"
    parser.getgroup("qiantang").addoption("--qiantang-runner", default="", help=said)
    parser.addini("qiantang_runner", said, default="")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take ``PACK/examples/NAME.toml``; leave everything else alone."""
    folder = file_path.parent
    if file_path.suffix != ".toml" or folder.name != "examples":
        return None
    if not (folder.parent / "pack.toml").is_file():
        return None
    return ExampleFile.from_parent(parent, path=file_path)


@pytest.fixture
def pack(request: pytest.FixtureRequest) -> Pack:
    """The pack around the test's file."""
    for folder in request.path.parents:
        if (folder / "pack.toml").is_file():
            return load_once(request.config, folder)[0]
    raise pytest.UsageError(f"no pack.toml above {request.path}")


@pytest.fixture
def pack_runner(request: pytest.FixtureRequest) -> Runner:
    """What runs measures and plans in this test run."""
    return runner_of(request.config)


def load_once(config: pytest.Config, folder: Path) -> tuple[Pack, dict[str, Pack]]:
    """The pack in ``folder`` and those that it requires, loaded once in a test run."""
    from qiantang.packkit.loading import load_pack, neighbours

    loaded = config.stash.setdefault(_PACKS, {})
    if folder not in loaded:
        others = neighbours(folder)
        loaded[folder] = (load_pack(folder, others), others)
    found: tuple[Pack, dict[str, Pack]] = loaded[folder]
    return found


def runner_of(config: pytest.Config) -> Runner:
    """The runner named on the command line or in the settings, else the product's own."""
    from qiantang.packkit.runners import find_runner

    return find_runner(config.getoption("--qiantang-runner") or config.getini("qiantang_runner"))


def language() -> str:
    """The language of the terminal."""
    from qiantang.kernel.text import lang_of

    return lang_of(os.environ.get("LC_ALL") or os.environ.get("LANG"))
