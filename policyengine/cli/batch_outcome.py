"""How a batch went, in plain words: what keeps it from being run, how far it came, what is wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from policyengine.batch.cluster.interface import ClusterError, ClusterLostError
from policyengine.batch.folder import FolderInUseError, ForeignFolderError
from policyengine.batch.places import FolderLostError
from policyengine.batch.tally import MOST_TOLD, Tally
from policyengine.batch.workers import CannotStartError
from policyengine.cli.output import CannotWriteError
from policyengine.errors import InputError, Problem
from policyengine.errors.exit_codes import FINDINGS
from policyengine.errors.printable import printable
from policyengine.report.words import count
from policyengine.source.addresses import Address
from policyengine.source.store_errors import StoreError


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
