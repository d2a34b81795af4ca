"""From what stands after `--cluster` to a cluster that answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from policyengine.batch.cluster.interface import Cluster
from policyengine.errors import InputError, Problem

LOCAL: Final = "local"
RAY: Final = "ray"
RAY_ADDRESS: Final = "RAY_ADDRESS"
"""The variable that names a cluster of Ray, as Ray's own commands know it."""
_ADDRESS: Final = re.compile(r"(?:(?:tcp|tls)://)?(?:\[[0-9A-Fa-f:.]+\]|[\w.-]{1,253}):(\d{1,5})", re.ASCII)
_LAST_PORT: Final = 65_535


def is_cluster(name: str) -> bool:
    """Whether this names a kind of cluster, or an address."""
    if name in {LOCAL, RAY}:
        return True
    address = _ADDRESS.fullmatch(name)
    return address is not None and 0 < int(address[1]) <= _LAST_PORT


@contextmanager
def opened(name: str, workers: int) -> Iterator[Cluster | None]:
    """The cluster of this name, or none for no name; one that is started here gets so many workers.

    Raises ClusterError where none answers, InputError where its library is not installed.
    """
    if not name:
        yield None
        return
    with _ray(workers) if name == RAY else _dask(name, workers) as cluster:
        yield cluster


def _dask(name: str, workers: int) -> AbstractContextManager[Cluster]:
    try:
        from policyengine.batch.cluster import on_dask
    except ModuleNotFoundError as error:
        raise _not_installed("dask", "cluster", error) from error
    return on_dask.local(workers) if name == LOCAL else on_dask.connected(name)


def _ray(workers: int) -> AbstractContextManager[Cluster]:
    try:
        from policyengine.batch.cluster import on_ray
    except ModuleNotFoundError as error:
        raise _not_installed("ray", "ray", error) from error
    return on_ray.started(workers)


def _not_installed(library: str, extra: str, error: ModuleNotFoundError) -> InputError:
    message = f"this cluster needs {library}, and {error.name} is not installed"
    hint = f"install the extra and run again: pip install 'layered-policyengine[{extra}]'"
    return InputError([Problem("E304", message, hint)])
