"""Every rule shows a case in which it fires and one in which it does not; a decision table does so as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import Study


def check(study: Study) -> Iterator[Finding]:
    """Report rules and tables without an example of either kind."""
    tables: set[tuple[str, str]] = set()
    for rule in study.rules:
        missing = [kind for kind in ("fires", "silent") if not getattr(rule.examples, kind)]
        if missing and (rule.pack, rule.table) not in tables:
            told = f"has no example in which it {' and none in which it '.join(map(_does, missing))}"
            hint = (
                f"add one under 'examples': the facts of one case, as in {missing[0]}: [{{threat: {{severity: 0.8}}}}]"
            )
            if rule.table is None:
                yield Finding(rule.pack, rule.id, ("rule",), "R102", f"this rule {told}", hint)
            else:
                tables.add((rule.pack, rule.table))
                yield Finding(rule.pack, rule.id, ("table",), "R102", f"this table {told}", hint, key=True)


def _does(kind: str) -> str:
    return "fires" if kind == "fires" else "stays silent"
