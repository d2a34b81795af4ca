"""The outcome of examples and tests, in the manner of a test runner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from policyengine.errors import printable
from policyengine.report.blocks import (
    Block,
    Code,
    Heading,
    Item,
    Items,
    Paragraph,
    Phrase,
    phrase,
    quiet,
    strong,
    warning,
)
from policyengine.report.words import count
from policyengine.ruletests.coverage import Branch, Coverage, RuleCoverage
from policyengine.ruletests.outcome import Miss, Outcome

_MOST_BRANCHES = 200


def outcomes_report(
    outcomes: Sequence[Outcome], unread: int, coverage: Coverage | None, *, verbose: bool
) -> Iterator[Block]:
    """A line for each rule and file of tests, each failure in full, and the count.

    `unread` is how many problems of files were told before.
    """
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.group, []).append(outcome)
    yield Code("\n".join(line for group, found in groups.items() for line in _group(group, found, verbose=verbose)))
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in failed:
        yield from _failure(outcome)
    if coverage is not None:
        yield from _coverage(coverage)
    yield Paragraph(_closing(len(outcomes) - len(failed), len(failed), unread))


def _group(group: str, found: Sequence[Outcome], *, verbose: bool) -> Iterator[str]:
    if verbose:
        yield from (f"{outcome.id} {'passed' if outcome.passed else 'FAILED'}" for outcome in found)
    else:
        yield f"{group} {''.join('.' if outcome.passed else 'F' for outcome in found)}"


def _closing(passed: int, failed: int, unread: int) -> Phrase:
    parts = [f"{passed} passed", f"{failed} failed", *([count(unread, "problem")] if unread else [])]
    text = ", ".join(parts)
    return phrase(warning(text) if failed or unread else strong(text))


def _failure(outcome: Outcome) -> Iterator[Block]:
    yield Heading(f"FAILED {outcome.id}")
    yield Paragraph(phrase(quiet(f"{outcome.span} (on {' and '.join(outcome.engines)})")))
    yield Code("\n".join(line for miss in outcome.misses for line in miss_lines(miss)))


def miss_lines(miss: Miss) -> list[str]:
    """One thing that came out otherwise, as lines."""
    return [f"{miss.what}:", f"- expected {miss.expected}", f"+ found {miss.found}", *map(printable, miss.reasons)]


def outcomes_data(outcomes: Sequence[Outcome], coverage: Coverage | None) -> dict[str, Any]:
    """The outcomes as plain data."""
    data: dict[str, Any] = {
        "passed": sum(outcome.passed for outcome in outcomes),
        "failed": sum(not outcome.passed for outcome in outcomes),
        "outcomes": [
            {
                "id": outcome.id, "kind": outcome.kind, "passed": outcome.passed, "place": str(outcome.span),
                "engines": list(outcome.engines),
                "misses": [
                    {
                        "what": miss.what, "expected": miss.expected, "found": miss.found,
                        "reasons": [line.strip() for line in miss.reasons],
                    }
                    for miss in outcome.misses
                ],
            }
            for outcome in outcomes
        ],
    }  # fmt: skip
    return data if coverage is None else data | {"coverage": coverage_data(coverage)}


def junit(outcomes: Sequence[Outcome], problems: Sequence[str]) -> str:
    """The outcomes as JUnit XML; each problem of a file is an error."""
    root = Element("testsuites")
    suite = SubElement(
        root, "testsuite", name="policyengine", tests=str(len(outcomes) + len(problems)), errors=str(len(problems)),
        failures=str(sum(not outcome.passed for outcome in outcomes)), skipped="0",
    )  # fmt: skip
    for outcome in outcomes:
        case = SubElement(suite, "testcase", classname=outcome.group, name=printable(outcome.name))
        if not outcome.passed:
            lines = [line for miss in outcome.misses for line in miss_lines(miss)]
            told = SubElement(case, "failure", message=printable(lines[0]))
            told.text = "\n".join([str(outcome.span), *map(printable, lines)])
    for problem in problems:
        case = SubElement(suite, "testcase", classname="files", name=printable(problem)[:200])
        SubElement(case, "error", message=printable(problem))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def coverage_data(coverage: Coverage) -> dict[str, Any]:
    """What was exercised, as plain data."""
    seen, everything = sum(rule.hit for rule in coverage.rules), sum(rule.total for rule in coverage.rules)
    return {
        "branches": {"seen": seen, "all": everything},
        "rules": [
            {
                "rule": rule.rule, "fired": rule.fired, "seen": rule.hit, "all": rule.total,
                "not_seen": [
                    {"text": each.text, "lacks": list(each.lacks), "place": str(each.span)}
                    for each in rule.branches if each.lacks
                ],
            }
            for rule in coverage.rules
        ],
        "marks_never_set": coverage.unset_marks,
        "parameters_never_used": coverage.unused_parameters,
    }  # fmt: skip


def share_covered(coverage: Coverage) -> int:
    """Branches seen, in whole per cents rounded down, so that 100 means all."""
    everything = sum(rule.total for rule in coverage.rules)
    return 100 * sum(rule.hit for rule in coverage.rules) // everything if everything else 100


def _coverage(coverage: Coverage) -> Iterator[Block]:
    yield Heading("Coverage")
    seen, everything = sum(rule.hit for rule in coverage.rules), sum(rule.total for rule in coverage.rules)
    silent = [rule.rule for rule in coverage.rules if not rule.fired]
    told = f"{share_covered(coverage)} % of branches ({seen} of {everything}); {count(len(silent), 'rule')} never fired"
    yield Paragraph(phrase(f"{told}."))
    items = [item for rule in coverage.rules for item in _not_seen(rule)][:_MOST_BRANCHES]
    items += [Item(phrase("mark never set: ", strong(mark))) for mark in coverage.unset_marks]
    items += [Item(phrase("parameter never used: ", strong(name))) for name in coverage.unused_parameters]
    if items:
        yield Items(tuple(items))


def _not_seen(rule: RuleCoverage) -> Iterator[Item]:
    lacking = [branch for branch in rule.branches if branch.lacks]
    if lacking or not rule.fired:
        head = phrase(strong(rule.rule), "" if rule.fired else warning(" never fires in any of them"))
        where = "" if lacking else quiet(f" ({printable(str(rule.path))})")
        yield Item(phrase(*head, where), tuple(map(_branch, lacking)))


def _branch(branch: Branch) -> Item:
    return Item(phrase(f"{branch.text}: never {' nor '.join(branch.lacks)} ", quiet(f"({branch.span})")))
