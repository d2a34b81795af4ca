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
from typing import Any, Final

from policyengine.source.files import PARTIAL
from policyengine.version import VERSION

_LIBRARIES: Final = ("numpy", "pyarrow")
"""Their versions show in results, or in the bytes of files."""
Work = Callable[[Callable[[], None]], Any]
"""What a worker does. It calls the function that it is given after each step, and before it writes."""
_ONE_AT_A_TIME: Final = Lock()


@dataclass(frozen=True, slots=True)
class Ground:
    """The versions, the current folder, a file of the run, and paths that must be there; all paths from the root."""

    versions: dict[str, str]
    home: str
    token: str
    mark: str
    paths: tuple[str, ...]
    timeout: float = 0
    """How many seconds a step of the work may take; 0 for any number."""


class LackingError(Exception):
    """A worker lacks something."""


class RunIsOverError(Exception):
    """The run that sent the work is gone, and another one may have the folder."""


@contextmanager
def common_ground(out: Path, paths: Iterable[str], timeout: float) -> Iterator[Ground]:
    """The ground of one run, which holds `out`; a file marks that the run is not over."""
    for old in out.glob(f".*{PARTIAL}"):
        old.unlink(missing_ok=True)
    # Named like a file that is being written, so that whatever kills the run, the next one clears it away.
    token = token_hex(8)
    mark = out.resolve() / f".{token}{PARTIAL}"
    mark.write_text(token, "utf-8")
    try:
        there = tuple(os.path.abspath(path) for path in paths if os.path.exists(path))  # noqa: PTH100, PTH110
        yield Ground(versions(), str(Path.cwd()), token, str(mark), there, timeout)
    finally:
        mark.unlink(missing_ok=True)


def give_up(ground: Ground) -> None:
    """Let workers see that nothing of the run is wanted any more."""
    Path(ground.mark).unlink(missing_ok=True)


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
    return "" if _is_marked(ground) else f"does not see what the batch writes to '{Path(ground.mark).parent}'"


def _is_marked(ground: Ground) -> bool:
    try:
        return Path(ground.mark).read_text("utf-8") == ground.token
    except OSError:
        return False


def on_worker(ground: Ground, work: Work) -> Any:
    """Do the work in the folder of the run; what takes too long ends this process.

    A folder belongs to a whole process, so one piece of work is done at a time, however many threads there are.
    """
    with _ONE_AT_A_TIME:
        if said := lacking(ground):
            raise LackingError(f"the worker on {socket.gethostname()} {said}")

        def alive() -> None:
            if not _is_marked(ground):
                raise RunIsOverError
            if ground.timeout:
                faulthandler.dump_traceback_later(ground.timeout, exit=True)

        try:
            with chdir(ground.home):
                alive()
                return work(alive)
        finally:
            faulthandler.cancel_dump_traceback_later()
