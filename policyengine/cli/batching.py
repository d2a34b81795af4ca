"""Run a batch of scenario files and say how it went."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from policyengine.batch.run import run_batch
from policyengine.batch.settings import Settings
from policyengine.batch.tally import Tally
from policyengine.batch.tidy.forms import FORMS
from policyengine.batch.writers import ROWS, WRITERS
from policyengine.cli.batch_arguments import lines_of, processors
from policyengine.cli.batch_outcome import how_far, refusals, tell
from policyengine.cli.clusters import check_cluster
from policyengine.report.meter import Meter
from policyengine.report.words import count


def run(
    paths: Sequence[str], out: Path, packs: Sequence[str], forms: Sequence[str], workers: int | None, timeout: float,
    *, resume: bool, fail_fast: bool, engine: str, cluster: str,
) -> None:  # fmt: skip
    """Evaluate all files; ends with 1 if any has problems."""
    check_cluster(cluster, workers)
    each, tables = _formats(forms)
    settings = Settings(
        tuple(packs), engine, each, workers or processors(), timeout, fail_fast, resume, tables, cluster
    )
    tally = Tally()
    with (
        refusals(out, lambda: how_far(tally, "file")),
        Meter(sys.stderr) as meter,
        Meter(sys.stderr, what="in the tables") as tables_meter,
    ):

        def watch(now: Tally) -> None:
            nonlocal tally
            tally = now
            if now.tabled:
                meter.close()
                tables_meter.show(now.tabled, now.total, 0)
            else:
                meter.show(now.done, now.total, now.bad)

        run_batch(paths, settings, out, lines_of, watch)
    tell(tally, out, "file", count(tally.good + tally.kept, "scenario"))


def _formats(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is written for each file, and for all together."""
    tables = tuple(form for form in FORMS if form in names)
    return tuple(form for form in WRITERS if form in names or (form == ROWS and tables)), tables
