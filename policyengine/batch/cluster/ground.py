"""What a worker must have in common with whoever sends it work, looked at before any of it is done."""

from __future__ import annotations

import faulthandler
import os
import platform
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from secrets import token_hex
from threading import Lock
from time import monotonic
from typing import Any, Final

from policyengine.batch.cluster.marks import Mark, mark_of
from policyengine.source.addresses import Address
from policyengine.source.store_errors import StoreError
from policyengine.source.stores import check_driver
from policyengine.version import VERSION

_LIBRARIES: Final = ("numpy", "pyarrow")
"""Their versions show in results, or in the bytes of files."""
Work = Callable[[Callable[[], None]], Any]
"""What a worker does. It calls the function that it is given after each step, and before it writes."""
_ONE_AT_A_TIME: Final = Lock()


@dataclass(frozen=True, slots=True)
class Ground:
    """The versions, the current folder, the mark of the run, and what must be there; all paths from the root.

    Of `addresses` there is one for each driver that a worker needs.
    """

    versions: dict[str, str]
    home: str
    token: str
    mark: Mark
    paths: tuple[str, ...]
    addresses: tuple[Address, ...] = ()
    timeout: float = 0
    """How many seconds a step of the work may take; 0 for any number."""


class LackingError(Exception):
    """A worker lacks something."""


class RunIsOverError(Exception):
    """The run that sent the work is gone, and another one may have the folder."""


@contextmanager
def common_ground(out: Path | Address, needed: Iterable[str | Address], timeout: float) -> Iterator[Ground]:
    """The ground of one run, which holds `out`; something there marks that the run is not over."""
    token = token_hex(8)
    wanted = list(needed)
    paths = (each for each in wanted if isinstance(each, str) and os.path.exists(each))  # noqa: PTH110
    far = {each.scheme: each for each in wanted if isinstance(each, Address)}
    there = tuple(os.path.abspath(path) for path in paths)  # noqa: PTH100
    ground = Ground(versions(), str(Path.cwd()), token, mark_of(out, token), there, tuple(far.values()), timeout)
    ground.mark.put()
    try:
        yield ground
    finally:
        ground.mark.remove()


def give_up(ground: Ground) -> None:
    """Let workers see that nothing of the run is wanted any more."""
    ground.mark.remove()


def versions() -> dict[str, str]:
    """The versions that must be the same everywhere."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"policyengine": VERSION, "Python": python, **{name: _version(name) for name in _LIBRARIES}}


@lru_cache
def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def other_version(ground: Ground) -> str:
    """What this process has in another version than the run; nothing if all is the same."""
    here = versions()
    for name, wanted in ground.versions.items():
        if here.get(name) != wanted:
            return f"has {name} {here.get(name)}, and the batch {wanted}"
    return ""


def lacking(ground: Ground) -> str:
    """What this process lacks to work for a run; nothing if it can."""
    if other := other_version(ground):
        return other
    for path in (ground.home, *ground.paths):
        if not Path(path).exists():
            return f"does not see '{path}'"
    try:
        for address in ground.addresses:
            check_driver(address)
        there = ground.mark.is_there()
    except StoreError as error:
        return f"cannot use {error}"
    return "" if there else f"does not see what the batch writes to '{ground.mark.place}'"


def on_worker(ground: Ground, work: Work) -> Any:
    """Do the work in the folder of the run; what takes too long ends this process.

    A folder belongs to a whole process, so one piece of work is done at a time, however many threads there are.
    """
    with _ONE_AT_A_TIME:
        if said := lacking(ground):
            raise LackingError(f"the worker on {socket.gethostname()} {said}")
        seen = monotonic()

        def alive() -> None:
            nonlocal seen
            if monotonic() - seen >= ground.mark.seconds:
                if not ground.mark.is_there():
                    raise RunIsOverError
                seen = monotonic()
            if ground.timeout:
                faulthandler.dump_traceback_later(ground.timeout, exit=True)

        try:
            with chdir(ground.home):
                alive()
                return work(alive)
        finally:
            faulthandler.cancel_dump_traceback_later()
