"""How far a long run is: a bar on a terminal, a line now and then in a pipe, nothing for a short one."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TextIO

from policyengine.report.paper import is_terminal

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_MOMENT: Final = 1.0
_PAUSE: Final = 5.0


class Meter:
    """Shows how many of how many are done, at which rate, and how long the rest will take."""

    def __init__(
        self, stream: TextIO, clock: Callable[[], float] = monotonic, what: str = "done",
        failing: str = "with problems",
    ) -> None:  # fmt: skip
        """Show nothing yet; `what` stands behind the numbers, `failing` behind that of those that failed."""
        self._stream = stream
        self._clock = clock
        self._what = what
        self._failing = failing
        self._begun: float | None = None
        self._before = 0
        self._told = 0.0
        self._bar: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Self:
        """Nothing is shown before something is done."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        self.close()

    def close(self) -> None:
        """Take the bar away; nothing more is to be shown."""
        if self._bar is not None:
            self._bar[0].stop()

    def show(self, done: int, total: int, failed: int) -> None:
        """Say how far it is; `done` counts those that failed as well."""
        now = self._clock()
        if self._begun is None:
            # What is done at the first sight was there before, and says nothing about the rate.
            self._begun = self._told = now
            self._before = done
        elif is_terminal(self._stream):
            self._draw(now, done, total, failed)
        elif now - self._told >= _PAUSE:
            self._told = now
            self._stream.write(f"{self.line(done, total, failed)}\n")
            self._stream.flush()

    def line(self, done: int, total: int, failed: int) -> str:
        """How far it is, on one line."""
        passed = self._clock() - (self._begun or 0)
        rate = (done - self._before) / passed if passed > 0 else 0
        bad = f", {failed:,} {self._failing}" if failed else ""
        ahead = f", {_rate(rate)} a second, {_time(round((total - done) / rate))} left" if rate else ""
        return f"{done:,} of {total:,} {self._what}{bad}{ahead}"

    def _draw(self, now: float, done: int, total: int, failed: int) -> None:
        if self._bar is None and now - (self._begun or 0) < _MOMENT:
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn

            bar = Progress(
                BarColumn(), TextColumn("{task.description}"), console=Console(file=self._stream), transient=True
            )
            self._bar = bar, bar.add_task("", total=total)
            bar.start()
        bar, task = self._bar
        bar.update(task, completed=done, description=self.line(done, total, failed))


def _rate(rate: float) -> str:
    return f"{rate:.3g}" if rate < 1_000 else f"{rate:,.0f}"


def _time(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
