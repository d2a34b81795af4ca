"""A bar for runs that take more than a moment, and nothing for those that do not."""

import io

import pytest

from policyengine.report import progress


class Terminal(io.StringIO):
    """Text that somebody looks at."""

    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO, seconds: float, monkeypatch: pytest.MonkeyPatch, things: int = 4) -> str:
    """What stands on the stream after things that take so many seconds each."""
    clock = iter(range(10_000))
    monkeypatch.setattr(progress, "monotonic", lambda: next(clock) * seconds)
    assert list(progress.with_progress(range(things), "Evaluating", stream)) == list(range(things))
    return stream.getvalue()


def test_a_long_run_shows_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert "Evaluating" in shown(Terminal(), 2.0, monkeypatch)


def test_a_short_run_or_a_single_thing_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(Terminal(), 0.01, monkeypatch) == ""
    assert shown(Terminal(), 2.0, monkeypatch, things=1) == ""


def test_a_pipe_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(io.StringIO(), 2.0, monkeypatch) == ""
