"""Who holds a lock: enough to tell a user, and to see whether that process of this machine is gone."""

from __future__ import annotations

import getpass
import json
import os
import socket
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Final, Self

_OF_THE_MACHINE: Final = (Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid"))


@dataclass(frozen=True, slots=True)
class Holder:
    """A process and since when it holds a lock; `beat` counts up while it lives."""

    who: str
    process: int
    machine: str
    since: str
    token: str
    beat: int = 0

    @classmethod
    def this(cls) -> Self:
        """This process, from now on."""
        since = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(f"{_user()}@{socket.gethostname()}", os.getpid(), _machine(), since, token_hex(8))

    @classmethod
    def read(cls, data: bytes) -> Self | None:
        """The holder that stands in a lock, if it is one of ours."""
        try:
            found = json.loads(data)
            holder = cls(**found)
        except (ValueError, TypeError):
            return None
        good = isinstance(holder.process, int) and isinstance(holder.machine, str) and isinstance(holder.token, str)
        return holder if good else None

    def later(self) -> Self:
        """The same, a beat later."""
        return replace(self, beat=self.beat + 1)

    def data(self) -> bytes:
        """What stands in a lock."""
        return json.dumps(asdict(self), sort_keys=True).encode()

    def is_gone(self) -> bool:
        """Whether this process was one of this very machine, and is not there any more."""
        if not self.machine or self.machine != _machine() or self.process <= 0:
            return False
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return True
        except (OSError, OverflowError):
            return False
        return False

    def __str__(self) -> str:
        """For a message."""
        return f"{self.who}, process {self.process}, since {self.since}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _machine() -> str:
    """This start of this machine, and the processes that can be seen from here; names of machines are given twice."""
    boot, space = _OF_THE_MACHINE
    try:
        return f"{boot.read_text('ascii').strip()}/{space.readlink()}"
    except OSError:
        return ""
