"""How far a long run is."""

from __future__ import annotations

import io
import re

from policyengine.report.meter import Meter


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    """A clock that a test sets."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def lines(*moments: tuple[float, int, int]) -> list[str]:
    """What stands in a pipe after these seconds, with so many done and so many of them failed, of a thousand."""
    stream, clock = io.StringIO(), Clock()
    with Meter(stream, clock) as meter:
        meter.show(0, 1000, 0)
        for seconds, done, failed in moments:
            clock.now = 100 + seconds
            meter.show(done, 1000, failed)
    return stream.getvalue().splitlines()


def test_a_short_run_says_nothing() -> None:
    assert lines((1, 400, 0), (2, 1000, 1)) == []


def test_a_pipe_gets_a_line_every_few_seconds() -> None:
    assert lines((1, 10, 0), (5, 50, 0), (6, 60, 0), (9, 90, 1), (10, 100, 2)) == [
        "50 of 1,000 done, 10 a second, 1 min 35 s left",
        "100 of 1,000 done, 2 with problems, 10 a second, 1 min 30 s left",
    ]


def test_what_was_there_before_does_not_count_for_the_rate() -> None:
    stream, clock = io.StringIO(), Clock()
    meter = Meter(stream, clock)
    meter.show(900, 1000, 0)
    clock.now += 10
    assert meter.line(920, 1000, 0) == "920 of 1,000 done, 2 a second, 40 s left"


def test_a_terminal_gets_a_bar_that_goes_away() -> None:
    stream, clock = Terminal(), Clock()
    with Meter(stream, clock) as meter:
        meter.show(0, 10, 0)
        meter.show(1, 10, 0)
        assert stream.getvalue() == ""
        clock.now += 2
        meter.show(4, 10, 1)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", stream.getvalue())
    assert "4 of 10 done, 1 with problems, 2 a second, 3 s left" in shown
