"""The mark by which a worker sees that the run that sent it work is not over, wherever the run writes to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from policyengine.source.addresses import Address
from policyengine.source.files import PARTIAL
from policyengine.source.stores import read, remove, write

_SECONDS: Final = 2.0


class Mark(Protocol):
    """Something at the place of a run that is there as long as the run is."""

    @property
    def seconds(self) -> float:
        """How long what was seen holds: so that a look costs little beside the work."""

    @property
    def place(self) -> str:
        """Where it is, for messages."""

    def put(self) -> None:
        """Begin. Raises OSError."""

    def is_there(self) -> bool:
        """Whether the run is not over. Raises OSError where that cannot be seen."""

    def remove(self) -> None:
        """End."""


def mark_of(out: Path | Address, token: str) -> Mark:
    """The mark of a run, in the folder that it writes to.

    It is named like a file that is being written, so that whatever kills the run, the next one clears it away.
    """
    name = f".{token}{PARTIAL}"
    return FileMark(str(out.resolve() / name), token) if isinstance(out, Path) else StoreMark(out / name, token)


@dataclass(frozen=True, slots=True)
class FileMark:
    """A file."""

    path: str
    token: str

    @property
    def seconds(self) -> float:
        """Each look is a new one."""
        return 0

    @property
    def place(self) -> str:
        """The folder."""
        return str(Path(self.path).parent)

    def put(self) -> None:
        """Write it, when those of runs that are over are gone."""
        for old in Path(self.path).parent.glob(f".*{PARTIAL}"):
            old.unlink(missing_ok=True)
        Path(self.path).write_text(self.token, "utf-8")

    def is_there(self) -> bool:
        """Whether it can be read."""
        try:
            return Path(self.path).read_text("utf-8") == self.token
        except OSError:
            return False

    def remove(self) -> None:
        """Unlink it."""
        Path(self.path).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class StoreMark:
    """An object; whoever holds the folder has cleared those of runs that are over."""

    address: Address
    token: str

    @property
    def seconds(self) -> float:
        """One request in this time."""
        return _SECONDS

    @property
    def place(self) -> str:
        """The folder."""
        return str(self.address).rpartition("/")[0]

    def put(self) -> None:
        """Put it."""
        write(self.address, self.token.encode())

    def is_there(self) -> bool:
        """Whether the store has it."""
        return read(self.address) == self.token.encode()

    def remove(self) -> None:
        """Take it away."""
        remove([self.address])
