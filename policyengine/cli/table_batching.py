"""Run a table of variations in parts and say how it went."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from policyengine.batch.hashes import BegunHashes
from policyengine.cli.batch_arguments import lines_of, processors
from policyengine.cli.batch_outcome import how_far, refusals, tell
from policyengine.cli.clusters import check_cluster
from policyengine.cli.inputs import read_scenarios
from policyengine.errors import InputError, Problem
from policyengine.report.meter import Meter
from policyengine.report.words import count
from policyengine.source.addresses import Address

_MEMORY_MIB = 1024


class Asked(NamedTuple):
    """What the command line asks for."""

    base: str
    packs: tuple[str, ...]
    workers: int | None
    timeout: float
    resume: bool
    fail_fast: bool
    wide: bool
    fired: bool
    bare: bool
    max_memory: int | None
    cluster: str
    hashes: BegunHashes


def run(paths: Sequence[str], out: Path | Address, asked: Asked) -> None:
    """Evaluate all rows; ends with 1 if any part has problems."""
    check_cluster(asked.cluster, asked.workers)
    (base,) = read_scenarios([asked.base], asked.packs)
    try:
        from policyengine.batch.table_parts import TableForm
        from policyengine.batch.table_run import TableTally, TableWanted, run_table
    except ImportError as error:
        raise InputError([Problem("E304", str(error), "install the extra and run again")]) from error
    form = TableForm(asked.wide, asked.fired, not asked.bare, (asked.max_memory or _MEMORY_MIB) << 20)
    wanted = TableWanted(
        tuple(paths), asked.base, asked.packs, base.file, base.rulebook, form,
        asked.workers or processors(), asked.timeout, asked.resume, asked.fail_fast, asked.cluster, asked.hashes,
    )  # fmt: skip
    tally = TableTally()
    with (
        refusals(out, lambda: how_far(tally, "part")),
        Meter(sys.stderr, what="rows done", failing="parts with problems") as rows,
        Meter(sys.stderr, what="parts done") as parts,
    ):

        def watch(now: TableTally) -> None:
            nonlocal tally
            tally = now
            if now.all_rows is None:
                parts.show(now.done, now.total, now.bad)
            else:
                rows.show(now.rows, now.all_rows, now.bad)

        run_table(wanted, out, lines_of, watch, _say)
    tell(tally, out, "part", count(tally.good_rows, "row"))


def _say(what: str) -> None:
    click.echo(f"policyengine: {what}", err=True)
