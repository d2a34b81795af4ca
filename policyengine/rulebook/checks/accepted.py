"""Findings that a rule or a pack accepts, with the reason, are not reported; acceptances without a finding are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import Study


def without_accepted(
    study: Study, rules: dict[tuple[str, str], frozenset[str]], found: Iterable[Finding]
) -> Iterator[Finding]:
    """Pass on what is not accepted; `rules` holds the codes that each rule accepts, by pack and name."""
    packs = {pack.id: frozenset(pack.file.accepts) for pack in study.packs}
    # What the file of a table accepts, it accepts for any of its rows.
    files = {(rule.pack, rule.id): rule.file for rule in study.rules}
    used: set[tuple[str, str, str]] = set()
    for finding in found:
        rule = finding.rule if finding.within == "rule" else ""
        if finding.code in rules.get((finding.pack, rule), ()):
            used.add((finding.pack, files[finding.pack, rule], finding.code))
        elif finding.code in packs.get(finding.pack, ()):
            used.add((finding.pack, "", finding.code))
        else:
            yield finding
    yield from _unused(packs, {name: (files[name], codes) for name, codes in rules.items()}, used)


def _unused(
    packs: dict[str, frozenset[str]],
    rules: dict[tuple[str, str], tuple[str, frozenset[str]]],
    used: set[tuple[str, str, str]],
) -> Iterator[Finding]:
    accepted = {(pack, "", code): "" for pack, codes in packs.items() for code in codes}
    for (pack, rule), (file, codes) in rules.items():
        accepted |= {(pack, file, code): rule for code in codes}
    for pack, file, code in sorted(accepted.keys() - used):
        rule = accepted[pack, file, code]
        message, hint = f"{code} is accepted here, and is not found", "take the entry out of 'accepts'"
        yield Finding(pack, rule, ("accepts", code), "R107", message, hint, "rule" if rule else "pack", key=True)
