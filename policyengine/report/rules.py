"""Rules as lists and in full."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from policyengine.analysis.occurrences import Occurrence
from policyengine.lang.english import Clause, clause, quantity
from policyengine.lang.nodes import Node
from policyengine.lang.show import number_text, show
from policyengine.report.blocks import (
    Block,
    Code,
    Facts,
    Heading,
    Item,
    Items,
    Paragraph,
    Phrase,
    Title,
    code,
    phrase,
    quiet,
    strong,
    warning,
)
from policyengine.report.links import NOWHERE, Links
from policyengine.report.words import count, what_was_read, words
from policyengine.rulebook.examples import examples_of, examples_of_table
from policyengine.rulebook.rule import Effect, Rule, Rulebook


def rules_data(rules: Sequence[Rule], off: Collection[Rule] = ()) -> list[dict[str, Any]]:
    """The rules as plain data, in short; those in `off` are switched off."""
    return [
        {
            "pack": rule.pack,
            "rule": rule.id,
            "nature": rule.nature,
            "claims": list(rule.claims),
            "effects": [_effect_data(effect) for effect in rule.effects],
            **({} if rule.table is None else {"table": rule.table, "row": rule.row}),
            **({"switched_off": True} if rule in off else {}),
        }
        for rule in rules
    ]


def rules_report(rules: Sequence[Rule], off: Collection[Rule] = ()) -> Iterator[Block]:
    """The rules, pack by pack; those in `off` are marked as switched off."""
    yield Title("Rules")
    for pack, found in groupby(rules, key=lambda rule: rule.pack):
        own = list(found)
        yield Heading(f"{pack}: {count(len(own), 'rule')}")
        yield Items(tuple(_in_short(rule, off=rule in off) for rule in own))


def _in_short(rule: Rule, *, off: bool) -> Item:
    by_kind: dict[str, dict[str, None]] = {}
    for effect in rule.effects:
        named = words(effect.written) if effect.kind in ("score", "bar", "mark", "favour") else ""
        by_kind.setdefault(effect.kind, {})[named] = None
    effects = [f"{kind} {', '.join(filter(None, targets))}".strip() for kind, targets in by_kind.items()]
    head = phrase(strong(rule.id), f" ({rule.nature}): {'; '.join(effects)}", warning("; switched off" if off else ""))
    return Item(head, (Item((quiet(", ".join(rule.claims)),)),))


def rule_data(rulebook: Rulebook, rule: Rule, found: Sequence[Occurrence] = ()) -> dict[str, Any]:
    """One rule as plain data, in full, with what it does in scenarios."""
    return {
        **rules_data([rule])[0],
        "why": rule.why,
        "weight": rule.weight,
        "file": rule.file,
        "when": rule.when_text.strip(),
        "in_words": str(clause(rule.when, rulebook.parameter_values.get)),
        "parameters": {
            name.partition("@")[0]: rulebook.parameters[name].model_dump(exclude_none=True)
            for name in parameters_of(rule)
        },
        "claims": {name: rulebook.claims[name].model_dump(exclude_none=True) for name in rule.claims},
        "examples": _examples(rule),
        "occurrences": [asdict(each) for each in found],
        "switched_off": [asdict(each) for each in rulebook.changes.switched_off if each.rule == rule.name],
        "overrides": [asdict(each) for each in rulebook.changes.overrides if each.parameter in parameters_of(rule)],
    }


def rule_report(
    rulebook: Rulebook, rule: Rule, found: Sequence[Occurrence] = (), links: Links = NOWHERE
) -> Iterator[Block]:
    """One rule: why, when, then, with what, on which claims, its examples, and what it does in scenarios."""
    yield Title(rule.name)
    yield Paragraph(phrase(rule.why))
    yield from _switched_off(rulebook, rule)
    weight = () if rule.weight == 1 else (("weight", phrase(number_text(rule.weight))),)
    row = () if rule.table is None else (("table", phrase(f"row {rule.row} of {rule.table}")),)
    yield Facts((("nature", phrase(rule.nature)), *weight, *row, ("file", phrase(rule.file))))
    yield Heading("When")
    yield Code(rule.when_text)
    yield Heading("In plain English")
    yield Items((_in_words(clause(rule.when, rulebook.parameter_values.get)),))
    yield Heading("Then")
    yield Items(tuple(effect_item(rulebook, effect) for effect in rule.effects))
    yield from parameters_and_claims(rulebook, [rule], links)
    yield Heading("Examples")
    yield Facts(
        tuple(
            (kind, (code(json.dumps(example, ensure_ascii=False)),))
            for kind, examples in _examples(rule).items()
            for example in examples
        )
    )
    if found:
        yield Heading("Where it fires")
        yield from _where(found)


def _examples(rule: Rule) -> dict[str, list[Any]]:
    """The examples of a rule by what must come of them, those of its whole table after its own."""
    found: dict[str, list[Any]] = {"fires": [], "silent": [], "undecided": []}
    for example in examples_of(rule):
        found[example.expected].append(example.given)
    for example in examples_of_table(rule):
        found.setdefault(f"table {example.expected}", []).append(example.given)
    return found


def _switched_off(rulebook: Rulebook, rule: Rule) -> Iterator[Block]:
    for each in rulebook.changes.switched_off:
        if each.rule == rule.name:
            yield Paragraph(phrase(warning(f"Switched off by the pack {each.by}: {each.because}")))


def _in_words(spoken: Clause) -> Item:
    head = f"{spoken.text}:" if spoken.parts else spoken.text
    return Item(phrase(head), tuple(map(_in_words, spoken.parts)))


def parameters_and_claims(rulebook: Rulebook, rules: Sequence[Rule], links: Links = NOWHERE) -> Iterator[Block]:
    """The parameters that rules use, and the claims that they carry."""
    parameters = dict.fromkeys(name for rule in rules for name in parameters_of(rule))
    if parameters:
        yield Heading("Parameters")
        yield Items(tuple(Item(parameter_phrase(rulebook, name, links)) for name in parameters))
    yield Heading("Claims")
    claims = dict.fromkeys(name for rule in rules for name in rule.claims)
    yield Items(tuple(Item(_claim(rulebook, name, links)) for name in claims))


def _where(found: Sequence[Occurrence]) -> Iterator[Block]:
    items, silent = where_it_fires(found)
    yield Items(items)
    if silent:
        yield Paragraph(phrase(f"It is {silent}."))


def where_it_fires(found: Sequence[Occurrence]) -> tuple[tuple[Item, ...], str]:
    """The scenarios in which a rule does something, and in how many it is silent."""
    active = [each for each in found if each.fires or each.undecided]
    items = tuple(Item(phrase(strong(each.scenario), ": ", _does(each))) for each in active)
    silent = len(found) - len(active)
    return items, f"silent in {count(silent, 'other scenario' if active else 'scenario')}" if silent else ""


def _does(each: Occurrence) -> str:
    parts = ("fires for", each.fires), ("undecided for", each.undecided)
    return "; ".join(f"{what} {_shortened(subjects)}" for what, subjects in parts if subjects)


def _shortened(subjects: Sequence[tuple[str, ...]], most: int = 6) -> str:
    """The first subjects, and how many more there are; a rule about the whole scenario has none to name."""
    shown = [" and ".join(subject) or "the whole scenario" for subject in subjects[:most]]
    more = [f"{len(subjects) - most} more"] if len(subjects) > most else []
    return ", ".join(shown + more)


def _effect_data(effect: Effect) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": effect.kind, "target": effect.written}
    if effect.points is not None:
        data["points"] = show(effect.points)
    if effect.kind == "bar":
        data["from"] = "lead" if effect.lead_only else "layer"
    if effect.kind == "measure":
        data["parties"] = list(effect.parties)
    return data


def effect_item(rulebook: Rulebook, effect: Effect) -> Item:
    """An effect of a rule, with its points in words where that says more."""
    if effect.points is None:
        return Item(_without_points(effect))
    written = phrase(
        f"{effect.kind} ", strong(words(effect.written)), ": ", code(show(effect.points)), _points(effect.points)
    )
    spoken = quantity(effect.points, rulebook.parameter_values.get)
    return Item(written, () if spoken == show(effect.points) else (Item(phrase(quiet(f"that is: {spoken}"))),))


def _points(node: Node) -> str:
    return " point" if node.op == "literal" and node.value in (1, -1) else " points"


def _without_points(effect: Effect) -> Phrase:
    target = strong(words(effect.written))
    if effect.kind == "bar":
        return phrase("bar from leading " if effect.lead_only else "bar from any part in ", target)
    parties = f" ({', '.join(effect.parties)})" if effect.parties else ""
    return phrase(f"{effect.kind} ", target, quiet(parties))


def parameters_of(rule: Rule) -> list[str]:
    """The parameters that the condition and the points use, as `name@pack`."""
    trees = [rule.when, *(effect.points for effect in rule.effects if effect.points is not None)]
    named = (node.value for tree in trees for node in tree.walk() if node.op == "name")
    return list(dict.fromkeys(path[1] for path in named if path[0] == "param"))


def parameter_phrase(rulebook: Rulebook, name: str, links: Links = NOWHERE) -> Phrase:
    """A parameter, held as `name@pack`: its value, range and meaning."""
    parameter = rulebook.parameters[name]
    low, value, high = map(number_text, (parameter.low, parameter.value, parameter.high))
    unit = f" {parameter.unit}" if parameter.unit else ""
    short, _, pack = name.partition("@")
    named = strong(short)._replace(link=links.parameter(name))
    changed = "".join(
        f" Set by the pack {each.by} instead of {number_text(each.instead_of)}: {each.because}"
        for each in rulebook.changes.overrides
        if each.parameter == name
    )
    head = f" = {value}{unit} (from {low} to {high}): {parameter.means}"
    return phrase(named, head, quiet(f" [{pack}]"), warning(changed))


def _claim(rulebook: Rulebook, name: str, links: Links) -> Phrase:
    claim, source = rulebook.claims[name], rulebook.sources[name.partition("/")[0]]
    where = f"“{claim.heading}”; {source.citation}; {what_was_read(source.seen)}"
    return phrase(strong(name)._replace(link=links.claim(name)), f": {claim.paraphrase} ", quiet(f"({where})"))
