"""`policyengine claims`: what sources say, and which rules carry it."""

from __future__ import annotations

from pathlib import Path

import click

from policyengine.cli.lazy import Documented, DocumentedGroup
from policyengine.cli.options import format_option, packs_option
from policyengine.cli.shipped_names import complete_source

_SOURCE = click.option(
    "--source", metavar="NAME", shell_complete=complete_source, help="Only the claims of this source."
)


@click.group(
    cls=DocumentedGroup,
    invoke_without_command=True,
    short_help="What sources say, and which rules carry it.",
    examples=(
        "policyengine claims",
        "policyengine claims --source {source} --uncarried",
        "policyengine claims --format json",
    ),
)
@_SOURCE
@click.option("--uncarried", is_flag=True, help="Only the claims that no rule and no parameter carries.")
@packs_option
@format_option("text", "json")
@click.pass_context
def claims(ctx: click.Context, source: str | None, uncarried: bool, packs: tuple[str, ...], form: str) -> None:
    """List each claim with the rules that carry it, or the reason why none does.

    Without --pack, the claims behind the packs of the current folder are listed, or else those behind all shipped ones.
    """
    if ctx.invoked_subcommand is None:
        from policyengine.cli.claim_lists import list_claims

        list_claims(source, packs, form, uncarried=uncarried)


@claims.command(
    cls=Documented,
    short_help="Check a register against a copy of its source.",
    examples=("policyengine claims verify --text copy.txt --source {source}",),
)
@click.option("--text", "file", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help="A copy of the source as plain text in UTF-8.")  # fmt: skip
@click.option("--source", metavar="NAME", shell_complete=complete_source,
              help="Which source it is a copy of; by default the one whose wording was recorded.")  # fmt: skip
@packs_option
@format_option("text", "json")
def verify(file: Path, source: str | None, packs: tuple[str, ...], form: str) -> int:
    """Check that a copy of a source still says what its register of claims recorded.

    The register holds no sentence of the source, only fingerprints of its statements. Ends with 1
    if any is changed, moved or missing, or if a statement of the copy is covered by no claim.
    """
    from policyengine.cli.claim_lists import verify_claims

    return verify_claims(file, source, packs, form)
