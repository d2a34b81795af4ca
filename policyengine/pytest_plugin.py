"""A plugin for pytest: in a project with packs, `pytest` also runs the examples and tests of their rules.

It looks at nothing but files named `pack.yaml`, and imports the engine only where there is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from policyengine.ruletests.outcome import Outcome


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a project turn the plugin off."""
    help_ = "run the examples and tests of the rules of packs (true by default)"
    parser.addini("policyengine_packs", help_, type="bool", default=True)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> PackFile | None:
    """Take each `pack.yaml`."""
    if file_path.name != "pack.yaml" or not parent.config.getini("policyengine_packs"):
        return None
    return PackFile.from_parent(parent, path=file_path)


class PackError(Exception):
    """A pack, or a test of it, that cannot be read."""


class PackFile(pytest.File):
    """A pack: what it holds is one test item for each example and each test."""

    def collect(self) -> Iterator[OutcomeItem]:
        """Run the pack once, and give an item for each outcome."""
        from policyengine.engines.interface import ENGINES
        from policyengine.errors import Problems, render_problems
        from policyengine.ruletests.suite import read_suites, run_suite

        problems = Problems()
        suites = read_suites([str(self.path.parent)], problems)
        if problems.items:
            raise PackError(render_problems(problems.items))
        for suite in suites:
            for outcome in run_suite(suite, tuple(ENGINES)):
                name = f"{outcome.group}::{outcome.name}"
                yield OutcomeItem.from_parent(self, name=name, outcome=outcome)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **kwargs: Any) -> Any:
        """Show what is wrong with the files, without a traceback."""
        return (
            str(excinfo.value)
            if isinstance(excinfo.value, PackError)
            else super().repr_failure(excinfo, *args, **kwargs)
        )


class NotAsExpectedError(Exception):
    """An example or a test that came out otherwise."""


class OutcomeItem(pytest.Item):
    """One example or test."""

    def __init__(self, *, outcome: Outcome, **kwargs: Any) -> None:
        """Keep what came out."""
        super().__init__(**kwargs)
        self.outcome = outcome

    def runtest(self) -> None:
        """Fail if something came out otherwise."""
        if not self.outcome.passed:
            raise NotAsExpectedError

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **kwargs: Any) -> Any:
        """Show what `policyengine rules test` shows."""
        if not isinstance(excinfo.value, NotAsExpectedError):
            return super().repr_failure(excinfo, *args, **kwargs)
        from policyengine.report.ruletest_report import miss_lines

        lines = [line for miss in self.outcome.misses for line in miss_lines(miss)]
        return "\n".join([str(self.outcome.span), *lines])

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the example or test stands."""
        return Path(self.outcome.span.file), (self.outcome.span.line or 1) - 1, self.name
