"""A ctrl-C goes to all processes of a terminal. It is for the batch, which then ends those that it started."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def deaf() -> Iterator[None]:
    """Ignore ctrl-C for a moment: processes that are started meanwhile ignore it for good."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def dask_setup(worker: object) -> None:
    """Called by Dask when a worker starts, be it after another one was lost."""
    del worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
