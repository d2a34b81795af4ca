"""List the packs that can be named."""

from __future__ import annotations

from policyengine.cli.output import deliver
from policyengine.report.packs import packs_data, packs_report
from policyengine.rulebook.pack_list import listed_packs


def list_packs(form: str) -> None:
    """List them with where each comes from; one that cannot be read is listed with the reason."""
    found = listed_packs()
    deliver(form, lambda: packs_data(found), lambda: packs_report(found))
