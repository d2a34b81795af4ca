"""Every parameter is used by a rule or by the formulas."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import Study

OF_FORMULAS = ("co_lead_margin", "side_lead_margin", "support_threshold", "burden_tolerance")
"""Parameters with a meaning of their own, whether a rule names them or not."""


def check(study: Study) -> Iterator[Finding]:
    """Report parameters that nothing uses."""
    used = {path[-1] for path in study.named if path[0] == "param"}
    for pack in study.packs:
        if not study.reads_whole(pack.id):
            continue
        for name in pack.file.parameters:
            if f"{name}@{pack.id}" not in used and name not in OF_FORMULAS:
                message = f"no rule uses the parameter '{name}'"
                hint = f"write param.{name} in the rule that needs it, or take the parameter out"
                yield Finding(pack.id, "", ("parameters", name), "R104", message, hint, within="pack", key=True)
