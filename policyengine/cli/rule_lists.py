"""List rules, show one, and show how they build on one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import click

from policyengine import shipped
from policyengine.analysis.occurrences import occurrences, occurrences_of
from policyengine.cli.inputs import named_packs
from policyengine.cli.output import deliver, write_out
from policyengine.errors import InputError
from policyengine.errors.near_names import near_or_list
from policyengine.report.mark_drawing import graph_svg
from policyengine.report.mark_graphs import graph_data, graph_dot, graph_report
from policyengine.report.rules import rule_data, rule_report, rules_data, rules_report
from policyengine.report.tables import table_data, table_report
from policyengine.rulebook.loading import load_apart, sorted_by_pack
from policyengine.rulebook.mark_graph import mark_graph
from policyengine.rulebook.rule import Rule, Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile, read_scenario


def list_rules(packs: Sequence[str], form: str) -> None:
    """List the rules of packs."""
    books = load_apart(packs or named_packs([]))
    rules = [rule for book in books for rule in sorted_by_pack(_all([book]), [pack.id for pack in book.packs])]
    off = [rule for book in books for rule in book.off]
    deliver(form, lambda: rules_data(rules, off), lambda: rules_report(rules, off))


def show_rule(name: str, packs: Sequence[str], form: str) -> None:
    """Show one rule in full, or the rows of a table."""
    books = load_apart(packs or named_packs([]))
    rows = _rows(books, name)
    rule = rows[0] if rows else _find(books, name)
    rulebook = next(book for book in books if rule in _all([book]))
    if rows:
        on = [row for row in rows if row not in rulebook.off]
        does = occurrences_of(rulebook, on, readable_scenarios(rulebook))
        deliver(form, lambda: table_data(rulebook, rows, does), lambda: table_report(rulebook, rows, does))
        return
    found = [] if rule in rulebook.off else occurrences(rulebook, rule, readable_scenarios(rulebook))
    deliver(form, lambda: rule_data(rulebook, rule, found), lambda: rule_report(rulebook, rule, found))


def graph_rules(packs: Sequence[str], name: str | None, form: str, output: Path | None) -> None:
    """Show how rules build on one another."""
    books = load_apart(named_packs(packs))
    rules = [rule for book in books for rule in book.rules]
    graph = mark_graph(rules, None if name is None else _find(books, name).name)
    if form in ("dot", "svg"):
        write_out(form, graph_dot(graph) if form == "dot" else graph_svg(graph), output)
        return
    others = len(rules) - len(graph.rules) if name is None else 0
    deliver(form, lambda: graph_data(graph), lambda: graph_report(graph, others), output)


def readable_scenarios(rulebook: Rulebook) -> Iterator[ScenarioFile]:
    """The scenarios of the project and the shipped ones, as far as they speak of the subject of these packs."""
    folders = (Path("scenarios"), shipped.folder("scenarios"))
    paths = [path.resolve() for folder in folders for path in sorted(folder.glob("*.yaml"))]
    for path in dict.fromkeys(paths):
        with suppress(InputError):
            yield read_scenario(path, rulebook.vocabulary)


def _all(books: Sequence[Rulebook]) -> list[Rule]:
    return [rule for book in books for rule in (*book.rules, *book.off)]


def _rows(books: Sequence[Rulebook], name: str) -> list[Rule]:
    """The rows of a table that is named like a rule; none if that is a rule, or if several packs have such a table."""
    rules = _all(books)
    rows = [rule for rule in rules if rule.table is not None and name in (rule.table, f"{rule.pack}/{rule.table}")]
    unclear = len({rule.pack for rule in rows}) > 1 or any(name in (rule.id, rule.name) for rule in rules)
    return [] if unclear else sorted(rows, key=lambda rule: rule.number)


def _find(books: Sequence[Rulebook], name: str) -> Rule:
    rules = _all(books)
    found = [rule for rule in rules if name in (rule.id, rule.name)]
    if not found:
        names = [rule.name for rule in rules] if "/" in name else [rule.id for rule in rules]
        raise click.UsageError(f"there is no rule '{name}'; {near_or_list(name, names)}")
    if len(found) > 1:
        raise click.UsageError(f"several packs have a rule '{name}': {', '.join(rule.name for rule in found)}")
    return found[0]
