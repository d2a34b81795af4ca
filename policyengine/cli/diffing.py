"""Compare two versions of a pack and write what comes out."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from policyengine.analysis.pack_versions import PackDiff, compare_versions
from policyengine.cli.candidates import candidates
from policyengine.cli.output import deliver
from policyengine.cli.versions import two_versions
from policyengine.errors import FINDINGS, GOOD
from policyengine.report.pack_diff_report import pack_diff_data, pack_diff_report
from policyengine.report.progress import with_progress


def run(old: str, new: str, scenarios: Sequence[str], packs: Sequence[str], most: int, form: str) -> int:
    """Read both versions and all scenarios, compare, write; gives the exit code."""
    found = candidates(scenarios)
    with two_versions(old, new, packs) as (before, after):
        diff = compare_versions(before, after, with_progress(found, "Comparing", sys.stderr))
        deliver(form, lambda: pack_diff_data(diff), lambda: pack_diff_report(diff, most))
    return FINDINGS if diff.leads or diff.lost or (scenarios and _unreadable(diff)) else GOOD


def _unreadable(diff: PackDiff) -> bool:
    """Whether a scenario cannot be read under either version: bad input, if it was named."""
    return any(each.before and each.after for each in diff.unread)
