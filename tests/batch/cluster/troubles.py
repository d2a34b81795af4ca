"""Work that ends its process, for clusters that have to live with it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path


def work(name: str, notes: Path, alive: Callable[[], None]) -> str:
    """Note the try, and do what the name says."""
    alive()
    tries = len(list(notes.glob(f"{name}-*")))
    (notes / f"{name}-{tries}").touch()
    if name.startswith("kills") or (name == "once" and not tries):
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "full":
        raise OSError(28, "No space left on device", "somewhere")
    return name
