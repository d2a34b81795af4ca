"""A progress bar for runs that take more than a moment."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import ExitStack
from time import monotonic
from typing import Final, TextIO, TypeVar

from policyengine.report.paper import is_terminal

_MOMENT: Final = 1.0
Thing = TypeVar("Thing")


def with_progress(things: Sequence[Thing], label: str, stream: TextIO | None) -> Generator[Thing]:
    """The things one by one; a bar shows up on a terminal once they have taken more than a second."""
    if not is_terminal(stream) or len(things) < 2:
        yield from things
        return
    start, task = monotonic(), None
    with ExitStack() as opened:
        bar = None
        for done, thing in enumerate(things):
            if bar is None and monotonic() - start > _MOMENT:
                from rich.console import Console
                from rich.progress import Progress

                bar = opened.enter_context(Progress(console=Console(file=stream), transient=True))
                task = bar.add_task(label, total=len(things))
            if bar is not None and task is not None:
                bar.update(task, completed=done)
            yield thing
