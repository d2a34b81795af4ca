"""`policyengine result-schema`: the published format of a result."""

from __future__ import annotations

import click

from policyengine.cli.lazy import Documented


@click.command(
    "result-schema",
    cls=Documented,
    short_help="The format of a result, as JSON Schema.",
    examples=("policyengine result-schema",),
)
def result_schema() -> None:
    """Print the JSON Schema of the results that `evaluate --format json` gives."""
    from policyengine.cli.output import deliver
    from policyengine.report import schema

    deliver("json", schema.result_schema, list)
