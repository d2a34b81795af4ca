"""`policyengine batch`: many scenario files at once."""

from __future__ import annotations

from pathlib import Path

import click

from policyengine.cli.evaluate import ENGINES
from policyengine.cli.lazy import Documented
from policyengine.cli.options import packs_option

FORMATS = ("html", "json", "markdown", "csv", "parquet", "xlsx")


@click.command(
    cls=Documented,
    short_help="Evaluate many scenarios and write a report.",
    examples=(
        "policyengine batch scenarios --out report",
        "policyengine batch 'scenarios/t*.yaml' --out report --format html --format json",
        "policyengine batch scenarios --out report --resume",
        "policyengine batch scenarios --out report --format html,csv",
        "policyengine batch scenarios --out report --cluster local --workers 2",
    ),
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", required=True,
              help="A new or empty folder, or one with an older batch.")  # fmt: skip
@packs_option
@click.option("--format", "forms", multiple=True, metavar="NAME[,NAME]", default=("html,json",), show_default=True,
              help=f"Any of {', '.join(FORMATS)}; the last three are tables over all. May be repeated.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 256), metavar="N",
              help="How many processes evaluate; by default as many as there are processors.")  # fmt: skip
@click.option("--timeout", type=click.FloatRange(0), default=300, show_default=True, metavar="SECONDS",
              help="Give a file up that takes longer; 0 waits for ever.")  # fmt: skip
@click.option("--resume", is_flag=True, help="Keep results that are there and still right.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first file that has problems.")
@click.option("--engine", type=click.Choice(ENGINES), default=ENGINES[0], show_default=True,
              help="Which engine runs the rules; all give the same.")  # fmt: skip
@click.option("--cluster", metavar="local|HOST:PORT|ray", default="",
              help="Evaluate on Dask (on this machine, or with the scheduler at HOST:PORT) or on Ray.")  # fmt: skip
def batch(
    paths: tuple[str, ...], out: Path, packs: tuple[str, ...], forms: tuple[str, ...], workers: int | None,
    timeout: float, resume: bool, fail_fast: bool, engine: str, cluster: str,
) -> None:  # fmt: skip
    """Evaluate all scenarios that PATH means, and write a page for each and an index over all.

    With --format csv, parquet or xlsx, tables of all rows stand in DIR/tables, with a dictionary of their columns.

    PATH is a file, a folder with everything below it, a pattern in quotes, @FILE for a list of paths,
    or - for paths on the standard input. Folders of packs, hidden files and what a .policyengineignore
    names are passed over. A bad file is told of, in errors.json and in the index, and the others go on.
    """
    from policyengine.cli.batching import run

    run(
        paths, out, packs, forms, workers, timeout,
        resume=resume, fail_fast=fail_fast, engine=engine, cluster=cluster,
    )  # fmt: skip
