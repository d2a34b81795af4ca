"""Every rule shows a case in which it fires and one in which it does not."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import Study


def check(study: Study) -> Iterator[Finding]:
    """Report rules without an example of either kind."""
    for rule in study.rules:
        missing = [kind for kind in ("fires", "silent") if not getattr(rule.examples, kind)]
        if missing:
            message = f"this rule has no example in which it {' and none in which it '.join(map(_does, missing))}"
            hint = "add one under 'examples': the facts of one case, as in fires: [{threat: {severity: 0.8}}]"
            yield Finding(rule.pack, rule.id, ("rule",), "R102", message, hint)


def _does(kind: str) -> str:
    return "fires" if kind == "fires" else "stays silent"
