"""One run at a time at an address, where no system sees to it: a lock that its holder has to renew.

A lock is an object `.lock/NNNNN.json`, put on condition that there is none yet, which a store grants to one of several.
Its holder writes it anew every few seconds. Who finds one watches it: if it changes, the holder lives, and the newcomer
is refused; if it stays as it is for long enough, or its process is known to be gone, the newcomer puts the lock with
the next number, which again only one of several can. So nobody waits for ever for a holder that is gone, no clocks are
compared, and a holder that was only asleep sees the higher number and stops.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from time import monotonic
from typing import Final, Self

from policyengine.batch.folder import FolderInUseError
from policyengine.batch.places import FolderLostError
from policyengine.batch.remote.holder import Holder
from policyengine.source.addresses import Address
from policyengine.source.store_errors import StoreError
from policyengine.source.stores import below, create, read, remove, write

LOCKS: Final = ".lock"
BEAT: Final = 5.0
"""So many seconds lie between two renewals."""
PATIENCE: Final = 30.0
"""So many seconds a lock stays as it is when its holder is gone."""
_LOOK: Final = 1.0
_NAME: Final = re.compile(r"(\d{5})\.json")


class Lease:
    """The lock of a folder, held from `__enter__` to `__exit__`. Raises FolderInUseError and StoreError."""

    def __init__(
        self, folder: Address, say: Callable[[str], None], beat: float = BEAT, patience: float = PATIENCE
    ) -> None:
        """Take nothing yet; that it has to wait is told to `say`."""
        self._locks = folder / LOCKS
        self._say = say
        self._beat = beat
        self._patience = patience
        self._holder = Holder.this()
        self._number = 0
        self._renewed = 0.0
        self._lost = ""
        self._over = Event()
        self._thread = Thread(target=self._renew, name="lease", daemon=True)

    def __enter__(self) -> Self:
        """Take the lock, or the one of a holder that is gone."""
        while not self._number:
            newest = max(self._numbers(), default=0)
            if newest and not self._is_gone(self._lock(newest)):
                continue
            self._take(newest + 1)
        remove(self._lock(number) for number in self._numbers() if number < self._number)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Give the lock back, if it is still this one's."""
        self._over.set()
        self._thread.join(self._beat)  # a store that is silent may keep it for ever
        if not self._lost and not self._thread.is_alive():
            with suppress(StoreError):  # it is found to be gone by whoever comes next
                remove([self._lock(self._number)])

    def check(self) -> None:
        """Raise FolderLostError if somebody else has the folder."""
        if not self._lost and monotonic() - self._renewed > 2 * self._beat:  # this process may have slept
            self._look()
        if self._lost:
            raise FolderLostError(self._lost)

    def _lock(self, number: int) -> Address:
        return self._locks / f"{number:05}.json"

    def _numbers(self) -> list[int]:
        found = (_NAME.fullmatch(name) for name in below(self._locks))
        return [int(each[1]) for each in found if each]

    def _take(self, number: int) -> None:
        """Try to put a lock. A store that knows no conditions lets several do so, and the last one has it."""
        lock = self._lock(number)
        if create(lock, self._holder.data()):
            found = Holder.read(read(lock) or b"")
            if found is None or found.token != self._holder.token:
                return
            if max(self._numbers()) > number:
                remove([lock])
                return
            self._number, self._renewed = number, monotonic()

    def _is_gone(self, lock: Address) -> bool:
        """Whether the holder of a lock is gone; raises FolderInUseError when it is seen to live."""
        first = read(lock)
        holder = Holder.read(first or b"")
        if first is None or (holder is not None and holder.is_gone()):
            return first is not None
        told, started = False, monotonic()
        while monotonic() - started < self._patience:
            if self._over.wait(min(_LOOK, self._beat)):
                break
            now = read(lock)
            if now is None:
                return False
            if now != first:
                raise FolderInUseError(f"{holder or 'somebody'}, says {lock}")
            if not told and monotonic() - started > 2 * self._beat:
                self._say(f"waiting whether anybody renews {lock}, held by {holder or 'somebody'}")
                told = True
        return True

    def _renew(self) -> None:
        """Write the lock anew until it is given back; whoever cannot for too long has lost it."""
        while not self._lost and not self._over.wait(self._beat):
            try:
                self._look()
                if not self._lost:
                    self._holder = self._holder.later()
                    write(self._lock(self._number), self._holder.data())
                    self._renewed = monotonic()
            except StoreError as error:
                if monotonic() - self._renewed > self._patience / 2:
                    self._lost = f"{self._lock(self._number)} could not be renewed: {error.problem.message}"

    def _look(self) -> None:
        numbers = self._numbers()
        if self._number not in numbers or max(numbers) > self._number:
            self._lost = f"another run has taken {self._locks} over"
