"""`policyengine batch`: many scenario files at once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click
from click.core import ParameterSource

from policyengine.cli.evaluate import ENGINES
from policyengine.cli.lazy import Documented
from policyengine.cli.options import SecondsRange, packs_option
from policyengine.cli.places import a_place, check_addresses
from policyengine.errors.near_names import near_or_list
from policyengine.source.addresses import Address

_ENGINE: Final = "columnar"
"""It evaluates files together; a single scenario it evaluates no faster than the engine of `evaluate`."""
_OF_FILES = {"forms", "engine"}
_OF_TABLES = {"wide", "fired", "bare", "max_memory"}
_OPTIONS = {"forms": "format", "max_memory": "max-memory"}
FORMATS = ("html", "json", "markdown", "csv", "parquet", "xlsx")


def _formats(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """The formats that are named, each once."""
    names = tuple(dict.fromkeys(name.strip() for each in given for name in each.split(",")))
    for name in names:
        if name not in FORMATS:
            what = f"there is no format '{name}'" if name else "a format has no name"
            message = f"{what}; {near_or_list(name, FORMATS)}"
            raise click.BadParameter(message, ctx=context, param=parameter, param_hint="--format")
    return names


@click.command(
    cls=Documented,
    short_help="Evaluate many scenarios and write a report.",
    examples=(
        "policyengine batch scenarios --out report",
        "policyengine batch 'scenarios/t*.yaml' --out report --format html --format json",
        "policyengine batch scenarios --out report --resume",
        "policyengine batch scenarios --out report --format html,csv",
        "policyengine batch scenarios --out report --cluster local --workers 2",
        "policyengine batch variations.parquet --base {scenario} --out variations",
        "policyengine batch 's3://bucket/in/*.parquet' --base {scenario} --out s3://bucket/out --resume",
    ),
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--out", type=click.Path(file_okay=False), metavar="DIR|ADDRESS", required=True, callback=a_place,
              help="A new or empty folder, or one with an older batch; with --base, an address as well.")  # fmt: skip
@click.option("--base", metavar="SCENARIO",
              help="The paths are tables of variations of this scenario.")  # fmt: skip
@packs_option
@click.option("--format", "forms", multiple=True, metavar="NAME[,NAME]", default=("html,json",), show_default=True,
              callback=_formats,
              help=f"Any of {', '.join(FORMATS)}; the last three are tables over all. May be repeated.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 256), metavar="N",
              help="How many processes evaluate; by default as many as there are processors.")  # fmt: skip
@click.option("--timeout", type=SecondsRange(), default=300, show_default=True, metavar="SECONDS",
              help="Give a file up that takes longer; 0 waits for ever, as it is with tables.")  # fmt: skip
@click.option("--resume", is_flag=True, help="Keep results that are there and still right.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first file that has problems.")
@click.option("--engine", type=click.Choice(ENGINES), default=_ENGINE, show_default=True,
              help="Which engine runs the rules; all give the same, and this one is fast with many files.")  # fmt: skip
@click.option("--cluster", metavar="local|HOST:PORT|ray", default="",
              help="Evaluate on Dask (on this machine, or with the scheduler at HOST:PORT) or on Ray.")  # fmt: skip
@click.option("--wide", is_flag=True, help="With --base: scores and shares of every jurisdiction as well.")
@click.option("--fired", is_flag=True, help="With --base: which rules fired in each row, as bits.")
@click.option("--bare", is_flag=True, help="With --base: leave what varied out of the results.")
@click.option("--max-memory", type=click.IntRange(1), metavar="MIB",
              help="With --base: refuse what would take a process more; 1024 without.")  # fmt: skip
@click.pass_context
def batch(
    context: click.Context, paths: tuple[str, ...], out: Path | Address, base: str | None, packs: tuple[str, ...],
    forms: tuple[str, ...], workers: int | None, timeout: float, resume: bool, fail_fast: bool, engine: str,
    cluster: str, wide: bool, fired: bool, bare: bool, max_memory: int | None,
) -> None:  # fmt: skip
    """Evaluate all scenarios that PATH means, and write a page for each and an index over all.

    With --format csv, parquet or xlsx, tables of all rows stand in DIR/tables, with a dictionary of their columns.

    PATH is a file, a folder with everything below it, a pattern in quotes, @FILE for a list of paths,
    or - for paths on the standard input. Folders of packs, hidden files and what a .policyengineignore
    names are passed over. A bad file is told of, in errors.json and in the index, and the others go on.

    With --base, PATH means tables (Parquet, Arrow, CSV) whose columns are named by path, as in sweep. They are
    evaluated in parts, of which each gives one Parquet file in DIR/results, its rows in the same order.
    """
    given = {name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    for name in sorted(given & (_OF_FILES if base is not None else _OF_TABLES)):
        where = "tables, with --base" if base is None else "scenario files, without --base"
        raise click.UsageError(f"--{_OPTIONS.get(name, name)} is for {where}")
    check_addresses(paths, base, packs, out)
    if not cluster:
        from policyengine.batch.processes import FOR_FILES, FOR_TABLES, begin

        # Processes import what they need while this one reads what it is to do.
        begin(FOR_TABLES if base is not None else FOR_FILES)
    if base is not None:
        from policyengine.batch.hashes import BegunHashes

        hashes = BegunHashes(paths)  # beside what is imported below
        from policyengine.cli.table_batching import Asked
        from policyengine.cli.table_batching import run as run_table

        seconds = timeout if "timeout" in given else 0
        asked = Asked(base, packs, workers, seconds, resume, fail_fast, wide, fired, bare, max_memory, cluster, hashes)
        run_table(paths, out, asked)
        return
    from policyengine.cli.batching import run

    assert isinstance(out, Path)  # noqa: S101 - an address was refused
    run(
        paths, out, packs, forms, workers, timeout,
        resume=resume, fail_fast=fail_fast, engine=engine, cluster=cluster,
    )  # fmt: skip
