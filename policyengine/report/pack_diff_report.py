"""Two versions of a pack side by side: what a reviewer of a change of rules wants to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from policyengine.analysis.pack_versions import PackDiff, Unread
from policyengine.analysis.result_changes import FiringChange
from policyengine.analysis.rule_changes import AspectChange, ParameterChange, RuleChange
from policyengine.analysis.vocabulary_changes import PackChange, WordChange
from policyengine.lang.show import number_text
from policyengine.report.blocks import (
    Block,
    Cell,
    Column,
    Group,
    Heading,
    Item,
    Items,
    Paragraph,
    Phrase,
    Table,
    Title,
    code,
    phrase,
    quiet,
    strong,
    warning,
)
from policyengine.report.change_advice import ARROW
from policyengine.report.change_data import change_data
from policyengine.report.change_words import sections
from policyengine.report.words import count, listing, words

_AS_CODE = frozenset({"condition", "points", "effects"})


def pack_diff_report(diff: PackDiff, most: int) -> Iterator[Block]:
    """All sections; only the first `most` scenarios in full, unless it is 0."""
    yield Title(f"From {diff.before.label} to {diff.after.label}")
    yield Paragraph(_in_short(diff))
    yield from _rules(diff)
    yield from _listed("Parameters", map(_parameter, diff.rules.parameters))
    yield from _listed("Vocabulary", map(_word, (each for each in diff.words if each.kind != "wording")))
    yield from _listed("Packs", map(_pack, diff.packs))
    yield from _wording(diff)
    yield from _firings(diff)
    if diff.changes:
        yield Heading("Scenarios that differ")
        yield from sections(diff.changes, most)
    yield from _not_compared(diff)


def meaning(diff: PackDiff) -> list[RuleChange]:
    """The rules that changed in meaning."""
    return [change for change in diff.rules.changed if not change.only_wording]


def _in_short(diff: PackDiff) -> Phrase:
    rules = diff.rules
    counts = (
        (len(rules.added), "rule added", "rules added"),
        (len(rules.removed), "rule removed", "rules removed"),
        (len(meaning(diff)), "rule changed in meaning", "rules changed in meaning"),
        (len(rules.parameters), "parameter", "parameters"),
        (sum(each.kind != "wording" for each in diff.words), "word of the vocabulary", "words of the vocabulary"),
        (len(diff.packs), "other thing about packs", "other things about packs"),
    )
    said = [count(number, one, several) for number, one, several in counts if number]
    what = f"What changes: {listing(said)}. " if said else "Nothing changes in meaning. "
    return phrase(what, _over(diff))


def _over(diff: PackDiff) -> Phrase:
    total = len(diff.changes) + diff.unchanged
    if not total:
        return phrase("No scenario was compared.")
    if not diff.changes:
        return phrase(strong("Nothing changes"), f" in {count(total, 'scenario')}.")
    leads = diff.leads
    other = len(diff.changes) - leads
    told = f"{count(leads, 'has', 'have')} other leads" if leads else "no lead changes"
    return phrase(
        f"Of {count(total, 'scenario')}, ",
        warning(told) if leads else strong(told),
        f"; {other} {'differs' if other == 1 else 'differ'} in something else" if other else "",
        f"; {count(diff.unchanged, 'is', 'are')} the same." if diff.unchanged else ".",
    )


def _listed(title: str, items: Iterable[Item]) -> Iterator[Block]:
    made = tuple(items)
    if made:
        yield Heading(title)
        yield Items(made)


def _rules(diff: PackDiff) -> Iterator[Block]:
    added = [Item(phrase(strong("added"), f" {name}")) for name in diff.rules.added]
    removed = [Item(phrase(strong("removed"), f" {name}")) for name in diff.rules.removed]
    changed = [Item(phrase(strong("changed"), f" {each.rule}"), _aspects(each)) for each in meaning(diff)]
    yield from _listed("Rules", [*removed, *added, *changed])


def _aspects(change: RuleChange) -> tuple[Item, ...]:
    return tuple(map(_aspect, change.aspects))


def _aspect(change: AspectChange) -> Item:
    before, after = (
        code(text) if change.aspect in _AS_CODE else phrase(text) for text in (change.before, change.after)
    )
    return Item(phrase(f"{change.aspect}: ", before, f" {ARROW} ", after))


def _wording(diff: PackDiff) -> Iterator[Block]:
    items = [Item(phrase(change.rule), _aspects(change)) for change in diff.rules.changed if change.only_wording]
    items += [_word(each) for each in diff.words if each.kind == "wording"]
    yield from _listed("Only other words or places: no meaning changes", items)


def _parameter(change: ParameterChange) -> Item:
    name, _, pack = change.parameter.partition("@")
    said = f": {_value(change.before)} {ARROW} {_value(change.after)}" if change.before != change.after else ""
    if None not in (change.before, change.after) and change.range_before != change.range_after:
        said += f"; range {_range(change.range_before)} {ARROW} {_range(change.range_after)}"
    return Item(phrase(strong(name), quiet(f" [{pack}]"), said))


def _value(value: float | None) -> str:
    return "not there" if value is None else number_text(value)


def _range(ends: tuple[float, float] | None) -> str:
    return "not there" if ends is None else f"{number_text(ends[0])} to {number_text(ends[1])}"


def _word(change: WordChange) -> Item:
    head = phrase(f"{words(change.section)}: ", strong(change.word))
    if change.kind in ("added", "removed"):
        return Item(phrase(head, f" {change.kind}"))
    return Item(phrase(head, f" {change.before} {ARROW} {change.after}"))


def _pack(change: PackChange) -> Item:
    return Item(phrase(strong(change.pack), f", {change.aspect}: {change.before} {ARROW} {change.after}"))


def _firings(diff: PackDiff) -> Iterator[Block]:
    found = firings_by_rule(diff)
    if not found:
        return
    yield Heading("Firings, by rule")
    columns = (
        Column("rule", "words"),
        *(Column(title, "number") for title in ("appear", "vanish", "change", "scenarios")),
    )
    rows = tuple(
        tuple(map(Cell, (change.rule, str(change.appear), str(change.vanish), str(change.differ), str(scenarios))))
        for change, scenarios in found
    )
    yield Table(columns, (Group(rows),))


def firings_by_rule(diff: PackDiff) -> list[tuple[FiringChange, int]]:
    """The firings that differ over all scenarios, by rule, with the number of scenarios; most first."""
    counts: dict[str, Counter[str]] = {}
    for change in diff.changes:
        for each in change.firings:
            one = {"appear": each.appear, "vanish": each.vanish, "differ": each.differ, "scenarios": 1}
            counts.setdefault(each.rule, Counter()).update(one)
    found = [(FiringChange(rule, n["appear"], n["vanish"], n["differ"]), n["scenarios"]) for rule, n in counts.items()]
    return sorted(found, key=lambda each: (-each[0].appear - each[0].vanish - each[0].differ, each[0].rule))


def _not_compared(diff: PackDiff) -> Iterator[Block]:
    """What cannot be read is named with the reason; shipped scenarios of another subject are only counted."""
    foreign = [each for each in diff.unread if _of_another_subject(each)]
    items = [_unread(each) for each in diff.unread if each not in foreign]
    if foreign:
        first = foreign[0]
        why = first.after.message if first.after else ""
        told = f"{count(len(foreign), 'shipped scenario')} of another subject: {first.name}, for one, since {why}"
        items.append(Item(phrase(told)))
    yield from _listed("Scenarios that were not compared", items)


def _of_another_subject(each: Unread) -> bool:
    """Whether neither version has the words that a shipped scenario uses."""
    vocabulary = ("N3",)
    problems = (each.before, each.after)
    return each.shipped and all(problem is not None and problem.code.startswith(vocabulary) for problem in problems)


def _unread(each: Unread) -> Item:
    under = "under both" if each.before and each.after else "under the newer" if each.after else "under the older"
    problem = each.after or each.before
    line = f" in line {problem.span.line}" if problem and problem.span and problem.span.line else ""
    why = f"{problem.message}{line}" if problem else ""
    tone = warning if each.before is None else strong
    return Item(phrase(tone(each.name), f" cannot be read {under}: {why}"))


def pack_diff_data(diff: PackDiff) -> dict[str, Any]:
    """The same as plain data."""
    rules = diff.rules
    return {
        "format": "policyengine-rules-diff/1",
        "before": diff.before.label,
        "after": diff.after.label,
        "leads_changed": diff.leads,
        "rules": {
            "added": list(rules.added),
            "removed": list(rules.removed),
            "changed": [_rule_data(change) for change in rules.changed],
        },
        "parameters": [_parameter_data(change) for change in rules.parameters],
        "vocabulary": [_plain(change, "section", "word", "kind", "before", "after") for change in diff.words],
        "packs": [_plain(change, "pack", "aspect", "before", "after") for change in diff.packs],
        "firings": [
            _plain(change, "rule", "appear", "vanish", "differ") | {"scenarios": scenarios}
            for change, scenarios in firings_by_rule(diff)
        ],
        "scenarios": [change_data(change) for change in diff.changes],
        "unchanged": diff.unchanged,
        "not_compared": [
            {"scenario": each.name, "before": _problem(each.before), "after": _problem(each.after)}
            for each in diff.unread
        ],
    }


def _rule_data(change: RuleChange) -> dict[str, Any]:
    aspects = [_plain(each, "aspect", "before", "after") for each in change.aspects]
    return {"rule": change.rule, "only_wording": change.only_wording, "aspects": aspects}


def _parameter_data(change: ParameterChange) -> dict[str, Any]:
    ranges = [list(ends) if ends else None for ends in (change.range_before, change.range_after)]
    values = _plain(change, "parameter", "before", "after")
    return values | {"range_before": ranges[0], "range_after": ranges[1]}


def _plain(change: object, *names: str) -> dict[str, Any]:
    return {name: getattr(change, name) for name in names}


def _problem(problem: Any) -> str | None:
    return None if problem is None else str(problem)
