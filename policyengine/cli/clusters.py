"""What may stand after `--cluster`, and what may stand beside it."""

from __future__ import annotations

import os

import click

from policyengine.batch.cluster.opening import LOCAL, RAY, RAY_ADDRESS, is_cluster


def check_cluster(name: str, workers: int | None) -> None:
    """Refuse what names no cluster, and a number of workers for one that has its own."""
    if not name:
        return
    if not is_cluster(name):
        message = f"'{name}' is no cluster; give '{LOCAL}', '{RAY}', or the address of a scheduler of Dask: HOST:PORT"
        raise click.BadParameter(message, param_hint="--cluster")
    runs = name not in {LOCAL, RAY} or (name == RAY and os.environ.get(RAY_ADDRESS, LOCAL) != LOCAL)
    if runs and workers is not None:
        raise click.UsageError("a cluster that runs already has the workers that it has; leave --workers out")
