"""`policyengine schema`: the format of a kind of file, for editors and other programs."""

from __future__ import annotations

import click

from policyengine.cli.lazy import Documented
from policyengine.cli.options import packs_option

TABLES = "tables"
KINDS = ("scenario", "rule", "pack", "source", "test", TABLES)


@click.command(
    "schema",
    cls=Documented,
    short_help="The format of a kind of file, as JSON Schema.",
    examples=("policyengine schema rule", "policyengine schema scenario --pack {pack}"),
    notes="How editors use it stands in docs/editors.md. result-schema prints the format of results.",
)
@click.argument("kind", type=click.Choice(KINDS))
@packs_option
def schema(kind: str, packs: tuple[str, ...]) -> None:
    """Print the JSON Schema (2020-12) of scenario, rule, pack, source or test files, or of the tables of a batch.

    With --pack, only the words that the packs declare may stand where a file names words.
    """
    if kind == TABLES and packs:
        raise click.UsageError("--pack is for kinds of files; the columns of tables are the same for all packs")
    from policyengine.cli.output import deliver
    from policyengine.rulebook.file_schema import file_schema
    from policyengine.rulebook.loading import load_rulebook

    if kind == TABLES:
        from policyengine.batch.tidy.dictionary import tables_schema

        made = tables_schema()
    elif packs:
        rulebook = load_rulebook(packs)
        made = file_schema(kind, rulebook.vocabulary, rulebook.claims)
    else:
        made = file_schema(kind)
    deliver("json", lambda: made, list)
