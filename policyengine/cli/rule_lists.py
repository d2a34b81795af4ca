"""List rules, and show one."""

from __future__ import annotations

from collections.abc import Sequence

import click

from policyengine.cli.output import deliver
from policyengine.errors.near_names import near_or_list
from policyengine.report.rules import rule_data, rule_report, rules_data, rules_report
from policyengine.rulebook.loading import load_rulebook, shipped_packs
from policyengine.rulebook.rule import Rule, Rulebook


def list_rules(packs: Sequence[str], form: str) -> None:
    """List the rules of packs."""
    rulebook = load_rulebook(packs or shipped_packs())
    deliver(form, lambda: rules_data(rulebook.rules), lambda: rules_report(rulebook.rules))


def show_rule(name: str, packs: Sequence[str], form: str) -> None:
    """Show one rule in full."""
    rulebook = load_rulebook(packs or shipped_packs())
    rule = _find(rulebook, name)
    deliver(form, lambda: rule_data(rulebook, rule), lambda: rule_report(rulebook, rule))


def _find(rulebook: Rulebook, name: str) -> Rule:
    found = [rule for rule in rulebook.rules if name in (rule.id, rule.name)]
    if not found:
        names = [rule.name for rule in rulebook.rules] if "/" in name else [rule.id for rule in rulebook.rules]
        raise click.UsageError(f"there is no rule '{name}'; {near_or_list(name, names)}")
    if len(found) > 1:
        raise click.UsageError(f"several packs have a rule '{name}': {', '.join(rule.name for rule in found)}")
    return found[0]
