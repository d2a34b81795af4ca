"""`policyengine scenarios`: what comes with the package."""

from __future__ import annotations

import click

from policyengine.cli.lazy import Documented, DocumentedGroup
from policyengine.cli.options import format_option


@click.group(
    cls=DocumentedGroup, short_help="The scenarios that are shipped.", examples=("policyengine scenarios list",)
)
def scenarios() -> None:
    """See which scenarios come with the package."""


@scenarios.command("list", cls=Documented, short_help="List them with what each shows.",
                   examples=("policyengine scenarios list", "policyengine scenarios list --format json"))  # fmt: skip
@format_option("text", "json")
def list_(form: str) -> None:
    """List the shipped scenarios: name, year, title and what each shows."""
    from policyengine.cli.output import deliver
    from policyengine.report.scenarios import scenarios_data, scenarios_report
    from policyengine.shipped import folder
    from policyengine.source import read_document

    data = scenarios_data(read_document(path) for path in sorted(folder("scenarios").glob("*.yaml")))
    deliver(form, lambda: data, lambda: scenarios_report(data))
