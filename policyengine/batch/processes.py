"""How processes of this machine begin: on Linux as forks of a server that has imported what they need, else afresh.

The server does nothing but import and fork, and has no thread but its own, so no fork holds a lock or a C core that is
at work. It can be started before it is known what the processes will do, and imports while the command reads its input.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import forkserver, get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from time import sleep
from typing import Any, Final

_FORKED: Final = sys.platform == "linux"
"""Elsewhere libraries of the system do not survive a fork."""

_AFTER_PROCESSES: Final = -50
"""When multiprocessing has ended what it started, and before it takes away the folder in which the server listens."""

_TRIES: Final = 5
_PAUSE: Final = 0.1
_ALONE: Final = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
"""With these, NumPy and Arrow begin no threads when they are imported. What evaluates wants none of them."""

FOR_FILES: Final = (
    "policyengine.cli.main", "policyengine.batch.work", "policyengine.report.html",
    "policyengine.report.page.evaluation",
)  # fmt: skip
FOR_TABLES: Final = ("policyengine.cli.main", "policyengine.batch.table_crews")
"""What processes import for their work. Names, since whoever starts the server has not imported them yet."""


def begin(modules: Sequence[str]) -> None:
    """Have the server import these modules, unless it runs already; returns at once."""
    if _FORKED:
        forkserver.set_forkserver_preload(list(modules))
        _server_runs()
        Finalize(None, _end, exitpriority=_AFTER_PROCESSES)


def _server_runs() -> bool:
    """See to it that there is a server; it listens in a folder for temporary files, and not every folder will do."""
    if not _FORKED:
        return False
    try:
        with _no_interrupts(), _environment(_ALONE):
            forkserver.ensure_running()
    except OSError:  # there is no such folder, or its name is too long for a socket
        return False
    return True


def _end() -> None:
    """Nothing outlives the command, and what processes took counts as its own."""
    server: Any = forkserver._forkserver  # noqa: SLF001 - nothing else ends it
    process = server._forkserver_pid  # noqa: SLF001
    if process is not None:
        # It has nothing to put in order, and would take a twentieth of a second for it.
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        server._stop()  # noqa: SLF001


def started(work: Callable[..., None], *given: Any) -> tuple[BaseProcess, Connection]:
    """A process that does this work with a pipe and what is given, and our end of the pipe.

    A ctrl-C is for us, who then end it: it takes none.
    """
    for _ in range(_TRIES - 1):
        try:
            return _started(work, *given)
        except (EOFError, OSError):  # whoever forks has just been killed, and is not seen to be gone yet
            sleep(_PAUSE)
    return _started(work, *given)


def _started(work: Callable[..., None], *given: Any) -> tuple[BaseProcess, Connection]:
    context: Any = get_context("forkserver" if _server_runs() else "spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, *given), daemon=True)
    try:
        with _no_interrupts():
            process.start()
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()
    return process, ours


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """A ctrl-C waits, and no process that begins meanwhile ever gets one: it would tell of it with a traceback."""
    resource_tracker.ensure_running()  # which begins here and then takes interrupts again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """What begins meanwhile has these variables; those that somebody has set already stay as they are."""
    added = {name: value for name, value in values.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]
