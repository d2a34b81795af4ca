"""`policyengine rules doc`: a book of packs."""

from __future__ import annotations

from pathlib import Path

import click

from policyengine.cli.lazy import Documented
from policyengine.cli.options import packs_argument


@click.command(
    cls=Documented,
    short_help="Write a browsable book of packs.",
    examples=("policyengine rules doc {pack} --out book",),
)
@packs_argument
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", required=True,
              help="A new or empty folder, or one with an older book.")  # fmt: skip
def doc(packs: tuple[str, ...], out: Path) -> None:
    """Write HTML pages of every source, claim, rule, parameter, mark and word, with links between them.

    The pages need no network and no script; begin with index.html. Without arguments, the packs of
    the current folder are told, or else all shipped ones.
    """
    from policyengine.cli.book import write_book

    write_book(packs, out)
