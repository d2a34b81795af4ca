"""Run a batch and say how it went."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from policyengine.batch.cluster.interface import ClusterError, ClusterLostError
from policyengine.batch.folder import FolderInUseError, ForeignFolderError
from policyengine.batch.places import FolderLostError
from policyengine.batch.run import MOST_TOLD, Tally, run_batch
from policyengine.batch.settings import Settings
from policyengine.batch.tidy.forms import FORMS
from policyengine.batch.workers import CannotStartError
from policyengine.batch.writers import ROWS, WRITERS
from policyengine.cli.clusters import check_cluster
from policyengine.cli.output import CannotWriteError
from policyengine.errors import InputError, Problem
from policyengine.errors.exit_codes import FINDINGS
from policyengine.errors.printable import printable
from policyengine.report.meter import Meter
from policyengine.report.words import count
from policyengine.source.addresses import Address
from policyengine.source.store_errors import StoreError

_MOST_LIST: Final = 50_000_000


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


@contextmanager
def refusals(out: Path | Address, how_far: Callable[[], str]) -> Iterator[None]:
    """Say in plain words what keeps a batch from being run, or from going on; `how_far` says what there is of it."""
    try:
        yield
    except FolderInUseError as error:
        who = f": {error}" if str(error) else ""
        raise RefusedError(f"another batch is writing to '{out}'{who}; wait for it, or choose another folder") from None
    except FolderLostError as error:
        raise RefusedError(f"{error}; {how_far()}") from None
    except ForeignFolderError:
        raise RefusedError(f"'{out}' holds files that no batch made; choose a new or empty folder") from None
    except CannotStartError as error:
        raise RefusedError(str(error)) from error
    except ClusterLostError as error:
        hint = f"{error.hint}, then start the same command again with --resume"
        raise InputError([Problem("E306", f"{error}; {how_far()}", hint)]) from error
    except ClusterError as error:
        raise InputError([Problem("E305", str(error), error.hint)]) from error
    except StoreError as error:
        message = f"{error.problem.message}; {how_far()}"
        raise InputError([error.problem._replace(message=message)]) from error
    except OSError as error:
        where = f"'{error.filename}'" if error.filename else f"a file in '{out}'"
        raise CannotWriteError(f"cannot use {where}: {error.strerror or error}; {how_far()}") from error
    except KeyboardInterrupt:
        click.echo(f"policyengine: interrupted; {how_far()}", err=True)
        raise


class RefusedError(click.ClickException):
    """The batch cannot be run in this folder, or at all."""

    exit_code = FINDINGS


def how_far(tally: Tally, noun: str) -> str:
    """What is done when a run ends before its time."""
    if not tally.total:
        return "nothing was evaluated"
    return f"{tally.done:,} of {count(tally.total, noun)} are done and whole, and --resume carries on from there"


def tell(tally: Tally, out: Path | Address, noun: str, what: str) -> None:
    """What came of it; the first problems of the first that are bad. Ends with 1 if any is."""
    for source, problem, others in sorted(tally.problems):
        click.echo(f"{problem if problem.span else f'{printable(source)}: {problem}'}", err=True)
        if problem.hint:
            click.echo(f"  hint: {printable(problem.hint)}", err=True)
        if others:
            click.echo(f"  (and {others:,} more, see errors.json)", err=True)
    if tally.bad > MOST_TOLD:
        click.echo(f"and {tally.bad - MOST_TOLD:,} more {noun}s with problems", err=True)
    stopped = tally.total - tally.done

    def told(number: int, more: str = "") -> str:
        return f"{number:,}{more}" if noun == "file" else count(number, noun)

    click.echo(
        f"{what} evaluated"
        + (f", {told(tally.kept, ' of them')} kept from before" if tally.kept else "")
        + (f", {told(tally.bad)} with problems: see {out / 'errors.json'}" if tally.bad else "")
        + (f", {told(stopped)} not begun" if stopped else "")
        + f". Open {out / 'index.html'}"
    )
    if tally.bad:
        sys.exit(FINDINGS)


def _formats(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is written for each file, and for all together."""
    tables = tuple(form for form in FORMS if form in names)
    return tuple(form for form in WRITERS if form in names or (form == ROWS and tables)), tables


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def lines_of(argument: str) -> list[str]:
    """The paths of a list: one a line, or with zero bytes between them; empty lines and comments do not count."""
    if argument == "-":
        data = sys.stdin.buffer.read(_MOST_LIST)
    else:
        with Path(argument[1:]).open("rb") as file:
            data = file.read(_MOST_LIST)
    if b"\0" in data:
        return [os.fsdecode(part) for part in data.split(b"\0") if part]
    lines = [line.strip() for line in data.splitlines()]
    return [os.fsdecode(line) for line in lines if line and not line.startswith(b"#")]
