"""Make or read a table of variations, evaluate it, write it, and tell how often who leads."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import click

from policyengine.analysis.sampling import MOST_ROWS, Axis, full, full_rows, sampled, stepped
from policyengine.cli.inputs import read_scenarios
from policyengine.cli.output import CannotWriteError, deliver
from policyengine.cli.sweep_manifest import manifest_of, store_manifest
from policyengine.errors import InputError, Problem, Span
from policyengine.report.meter import Meter
from policyengine.report.paper import is_terminal
from policyengine.report.sweep_report import sweep_report
from policyengine.source.addresses import Address


class Wanted(NamedTuple):
    """What the command line asks for."""

    scenario: str
    axes: tuple[str, ...]
    table: Path | Address | None
    design: str
    rows: int | None
    seed: int
    wide: bool
    out: Path
    packs: tuple[str, ...]

    @property
    def variations(self) -> dict[str, Any]:
        """How the rows are made, or which table gives them."""
        if self.table is not None:
            from policyengine.batch.table_inputs import hash_of_table

            return {"table": str(self.table), "sha256": hash_of_table(self.table)}
        sample = {} if self.design == "full" else {"rows": self.rows, "seed": self.seed}
        return {"design": self.design, "vary": list(self.axes), **sample}


def run(wanted: Wanted) -> None:
    """Evaluate all rows; nothing is written unless all are well."""
    (ready,) = read_scenarios([wanted.scenario], wanted.packs)
    try:
        from policyengine.tables.evaluate import Evaluation
        from policyengine.tables.files import TableFile, write_table
        from policyengine.tables.made import MadeTable

        table = _table(wanted, TableFile, MadeTable)
    except ImportError as error:
        raise InputError([Problem("E304", str(error), "install the extra and run again")]) from error
    form = {"wide": wanted.wide, "fired": False}
    tally: dict[str, Counter[str]] = {}
    try:
        with _placed(wanted.table):
            evaluation = Evaluation(ready.file.scenario, ready.rulebook, table, form, 2 << 30)
            batches = _counted(evaluation.batches(), tally, table.rows)
            rows = write_table(wanted.out, batches)
        variations = wanted.variations
        store_manifest(wanted.out, rows, (ready.argument, ready.file), ready.rulebook, variations, wanted.wide)
    except OSError as error:
        raise CannotWriteError(f"cannot write '{wanted.out}': {error.strerror or error}") from error
    about = (ready.file, ready.rulebook.packs, variations)
    deliver("text", dict, lambda: sweep_report(about, rows, (str(wanted.out), str(manifest_of(wanted.out))), tally))


@contextmanager
def _placed(table: Path | Address | None) -> Iterator[None]:
    """What is wrong with the columns and rows of a file is told with its name."""
    try:
        yield
    except InputError as error:
        if table is None:
            raise
        span = Span.whole(str(table))
        raise InputError(each if each.span else each._replace(span=span) for each in error.problems) from error


def _table(wanted: Wanted, from_file: Callable[[Path | Address], Any], made: Callable[[Any, int], Any]) -> Any:
    if (wanted.table is None) == (not wanted.axes):
        raise click.UsageError("give either --vary, once for each value that varies, or --table")
    if wanted.table is not None:
        return from_file(wanted.table)
    axes = [_axis(text, wanted.design) for text in wanted.axes]
    twice = [path for path, times in Counter(axis.path for axis in axes).items() if times > 1]
    if twice:
        raise click.UsageError(f"--vary names '{twice[0]}' twice; give all its values at once")
    if wanted.design == "full":
        rows = full_rows(axes)
        if rows > MOST_ROWS:
            raise click.UsageError(f"these are {rows:,} combinations; at most {MOST_ROWS:,} are evaluated")
        return made(lambda: full(axes), rows)
    if wanted.rows is None:
        raise click.UsageError(f"--n is needed: say how many rows the {wanted.design} sample has")
    rows = wanted.rows
    return made(lambda: sampled(axes, wanted.design, rows, wanted.seed), rows)


def _axis(text: str, design: str) -> Axis:
    path, equals, written = text.partition("=")
    if not equals or not path or not written:
        raise click.UsageError(f"--vary '{text}' should be PATH=a,b,c or PATH=low:high:step")
    parts = written.split(":")
    try:
        if len(parts) == 3:
            return Axis(path, stepped(*parts))
        if len(parts) == 2:
            return _range(path, float(parts[0]), float(parts[1]), design)
    except (ValueError, ArithmeticError) as error:
        told = str(error) if "write" in str(error) or "these are" in str(error) else "these are no numbers"
        raise click.UsageError(f"--vary '{text}': {told}") from error
    values = tuple(map(_value, written.split(",")))
    twice = [value for value, times in Counter(values).items() if times > 1]
    if twice:
        # Its rows would count double, and so tilt how often who leads.
        raise click.UsageError(f"--vary '{text}' gives {_shown(twice[0])} twice; give each value once")
    return Axis(path, values)


def _shown(value: Any) -> str:
    return "unknown" if value is None else f"{value:g}" if isinstance(value, float) else str(value).lower()


def _range(path: str, low: float, high: float, design: str) -> Axis:
    if design == "full":
        raise ValueError("write low:high:step, since all combinations need single values")
    if not low < high:
        raise ValueError("write low:high, with low below high")
    return Axis(path, ends=(low, high))


def _value(text: str) -> Any:
    word = text.strip()
    if word in ("true", "false"):
        return word == "true"
    if word == "unknown":
        return None
    try:
        return float(word)
    except ValueError:
        return word


def _counted(batches: Iterator[Any], tally: dict[str, Counter[str]], rows: int | None) -> Iterator[Any]:
    """The batches, with a count of each layer's leads, and on a terminal a bar for `rows`, if that is known."""
    from policyengine.tables.arrow import count_names

    done = 0
    with Meter(sys.stderr, what="rows done") as meter:
        for batch in batches:
            count_names(batch, ".leads", tally)
            done += batch.num_rows
            if is_terminal(sys.stderr):
                meter.show(done, max(done, rows or done), 0)
            yield batch
