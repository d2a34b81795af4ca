"""A command with what it takes: seconds by the clock and of processors, and memory. Linux only: it reads /proc."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PAUSE = 0.02


@dataclass(frozen=True)
class Figure:
    """What one run gave: seconds by the clock and of processors, and the most memory that its processes held together.

    `pss_mib` counts memory that processes share once, `rss_mib` once for each. `chain_s` is the processor time of the
    first process and of the busiest that it started: what the run takes where each of them has a processor of its own.
    Memory is 0 where nobody looked at it.
    """

    seconds: float
    cpu_s: float
    pss_mib: float
    rss_mib: float
    chain_s: float


def watched(command: list[str], *, memory: bool = True) -> Figure:
    """Run a command; its seconds, and the most memory of it and all that it started.

    Looking at memory again and again takes a quarter of a processor, for which a run of as many processes as there are
    processors has to wait: where seconds by the clock count, leave it out.
    """
    started, before, pss, rss = time.perf_counter(), spent_by_children(), 0, 0
    busy: dict[int, float] = {}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        while process.poll() is None:
            family = list(_family(process.pid))
            found = [_memory(pid) for pid in family] if memory else [(0, 0)]
            busy |= {pid: seconds for pid in family if (seconds := _processor_time(pid))}
            pss, rss = max(pss, sum(each[0] for each in found)), max(rss, sum(each[1] for each in found))
            with suppress(subprocess.TimeoutExpired):
                process.wait(PAUSE if memory else 2 * PAUSE)
        seconds = time.perf_counter() - started
        assert process.stderr is not None
        if process.returncode:
            raise AssertionError(
                f"{command} ended with {process.returncode}: {process.stderr.read().decode()[-2_000:]}"
            )
    chain = round(busy.pop(process.pid, 0.0) + max(busy.values(), default=0.0), 3)
    return Figure(
        round(seconds, 3), round(spent_by_children() - before, 3), round(pss / 1024, 1), round(rss / 1024, 1), chain
    )


def _processor_time(pid: int) -> float:
    with suppress(OSError):
        values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def spent_by_children() -> float:
    """Processor time of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _family(int(child))


def _memory(pid: int) -> tuple[int, int]:
    """Kilobytes of memory, shared parts divided among those who share them, and as if nobody shared."""
    found = {"Pss": 0, "Rss": 0}
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name in found:
                found[name] = int(rest.split()[0])
    return found["Pss"], found["Rss"]
