"""A folder of distinct scenario files: `policyengine batch` beside a loop over the Python API, in one run.

The loop is what a user writes: read a file, evaluate it with `rete`, write its result as JSON, on one core. It is
measured twice, with `evaluate` of the API, which makes an engine each time, and with one engine kept by hand. It goes
over every so-many-th file, before and after the batch, since it is as long as it is dull. Results are compared first.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from policyengine.api import evaluate, load_packs, load_scenario
from policyengine.assess.result import plain
from policyengine.engines.interface import make_engine
from policyengine.evaluation import evaluate_scenario
from policyengine.report.data import render_json
from policyengine.shipped import folder
from policyengine.version import VERSION

HARBOUR = Path(__file__).parent.parent / "docs" / "examples" / "harbour"
COMMAND = str(Path(sys.executable).with_name("policyengine"))
Row = dict[str, Any]


def write_files(top: Path, count: int, kind: str) -> list[Path]:
    """So many distinct files in folders of a hundred: the shipped scenarios, or a small one, under other names."""
    shipped = sorted(folder("scenarios").glob("*.yaml"))
    texts = [(HARBOUR.parent / "harbour-fire.yaml").read_text("utf-8")] if kind == "small" else []
    texts = texts or [path.read_text("utf-8") for path in shipped]
    paths = []
    for number in range(count):
        path = top / f"{number // 100:04}" / f"s{number:06}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        head, _, rest = texts[number % len(texts)].partition("title: ")
        name = head.rpartition("scenario: ")[0] + f"scenario: s{number:06}\n"
        path.write_text(f"{name}title: {number} {rest}".replace("severity: 0.", f"severity: 0.{number % 9}"), "utf-8")
        paths.append(path)
    return paths


def loop(paths: Sequence[Path], out: Path, packs: Sequence[Path] | None) -> None:
    """What a user writes."""
    rulebook = load_packs(packs)
    for path in paths:
        result = evaluate(load_scenario(path, rulebook), rulebook)
        (out / f"{path.stem}.json").write_text(render_json(plain(result)), "utf-8")


def loop_with_one_engine(paths: Sequence[Path], out: Path, packs: Sequence[Path] | None) -> None:
    """What a user writes who knows the inside of the package."""
    rulebook = load_packs(packs)
    choice = make_engine("rete", rulebook)
    for path in paths:
        file = load_scenario(path, rulebook)
        result = evaluate_scenario(file.scenario, file.sha256, rulebook, choice)
        (out / f"{path.stem}.json").write_text(render_json(plain(result)), "utf-8")


class Taken(NamedTuple):
    """How long a piece of work takes: on the clock, and of all processors, children included."""

    clock: float
    processor: float


def taken(work: Callable[[], object]) -> Taken:
    """Measure a piece of work. Where others use the machine, only processor time says something."""
    start, used = time.perf_counter(), processor()
    work()
    return Taken(time.perf_counter() - start, processor() - used)


def processor() -> float:
    """Seconds of processor time of this process and of the children that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


@contextmanager
def watched() -> Iterator[dict[str, float]]:
    """The most memory of the command that runs meanwhile and of its workers, each by itself, in MiB (on Linux)."""
    peaks = {"parent": 0.0, "worker": 0.0}
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.25):
            for parent in children(os.getpid()):
                peaks["parent"] = max(peaks["parent"], peak_of(parent))
                peaks["worker"] = max(peaks["worker"], *map(peak_of, offspring(parent)), 0)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peaks
    finally:
        ended.set()
        thread.join()


def children(process: int) -> list[int]:
    """The processes that a process has started."""
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text("ascii").split()]
    except OSError:
        return []


def offspring(process: int) -> list[int]:
    """The processes that a process has started, and those that they have."""
    return [each for child in children(process) for each in (child, *offspring(child))]


def peak_of(process: int) -> float:
    """The most memory that a process had so far, in MiB."""
    try:
        lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    except OSError:
        return 0
    return max((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), default=0)


def batch(top: Path, out: Path, packs: Sequence[Path] | None, engine: str, workers: int) -> Row:
    """One batch of the folder, with the seconds it takes and the memory."""
    options = [part for pack in packs or () for part in ("--pack", str(pack))]
    command = [COMMAND, "batch", str(top), "--out", str(out), "--format", "json", "--engine", engine]
    with watched() as peaks:
        used = taken(
            lambda: subprocess.run([*command, "--workers", str(workers), *options], check=True, capture_output=True)
        )
    return {"taken": used, **{f"{name}_mib": round(size) for name, size in peaks.items()}}


def compare(paths: Sequence[Path], alone: Path, out: Path) -> None:
    """Raise AssertionError unless the batch says what the loop said, but for the engine's name."""
    for path in paths:
        one = json.loads((alone / f"{path.stem}.json").read_bytes())
        (other_path,) = out.glob(f"results/**/{path.stem}.json")
        other = json.loads(other_path.read_bytes())
        if one | {"engine": None} != other | {"engine": None}:
            raise AssertionError(f"{path} differs")


def measure(kind: str, count: int, sample: int, batches: Sequence[tuple[str, int]]) -> list[Row]:
    """Rows of figures for one kind of files."""
    packs = [HARBOUR] if kind == "small" else None
    with tempfile.TemporaryDirectory() as place:
        top, alone = Path(place) / "in", Path(place) / "alone"
        alone.mkdir()
        paths = write_files(top, count, kind)
        some = paths[:: max(1, count // sample)]
        rows: list[Row] = []
        loops: dict[str, list[Taken]] = {"api": [], "one engine": []}

        def both() -> None:
            for name, work in (("api", loop), ("one engine", loop_with_one_engine)):
                loops[name].append(taken(partial(work, some, alone, packs)))

        both()
        for engine, workers in batches:
            out = Path(place) / "out"
            figures = batch(top, out, packs, engine, workers)
            compare(some[:50], alone, out)
            shutil.rmtree(out)
            both()
            each = Taken(*(part / count for part in figures["taken"]))
            api, one = (_mean(loops[name][-2:], len(some)) for name in ("api", "one engine"))
            rows.append({
                "files": kind, "count": count, "engine": engine, "workers": workers,
                "per_second": round(1 / each.clock), "processor_ms": round(1000 * each.processor, 2),
                "loop_processor_ms": round(1000 * api.processor, 2),
                "to_loop": round(api.clock / each.clock, 2),
                "to_loop_by_processor": round(api.processor / each.processor, 2),
                "to_loop_with_one_engine": round(one.clock / each.clock, 2),
                "to_loop_with_one_engine_by_processor": round(one.processor / each.processor, 2),
                "parent_mib": figures["parent_mib"], "worker_mib": figures["worker_mib"],
            })  # fmt: skip
        return rows


def _mean(loops: Sequence[Taken], files: int) -> Taken:
    """What a file takes, in the loops before and after a batch."""
    return Taken(*(sum(part) / len(loops) / files for part in zip(*loops, strict=True)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of Markdown")
    parser.add_argument("--files", type=int, nargs="+", default=[1_000, 20_000], help="how many files")
    parser.add_argument("--sample", type=int, default=300, help="how many of them the loop goes over, each time")
    parser.add_argument("--kinds", nargs="+", choices=["shipped", "small"], default=["shipped", "small"])
    parser.add_argument("--engines", nargs="+", default=["columnar", "rete"])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    chosen = parser.parse_args()
    batches = [(engine, workers) for engine in chosen.engines for workers in chosen.workers]
    rows = [
        row for kind in chosen.kinds for count in chosen.files for row in measure(kind, count, chosen.sample, batches)
    ]
    about = (
        f"policyengine {VERSION}, Python {platform.python_version()}, {os.cpu_count()} cores of {platform.machine()}"
    )
    if chosen.json:
        print(json.dumps({"about": about, "rows": rows}, indent=1))
        return
    print(f"{about}\n\n| {' | '.join(rows[0])} |\n|{'---|' * len(rows[0])}")
    print("\n".join(f"| {' | '.join(map(str, row.values()))} |" for row in rows))


if __name__ == "__main__":
    main()
