"""Loaded by each worker that a batch starts on its own machine: a ctrl-C is for the batch, which then ends it."""

from __future__ import annotations

import signal


def dask_setup(worker: object) -> None:
    """Called by Dask when a worker starts."""
    del worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
