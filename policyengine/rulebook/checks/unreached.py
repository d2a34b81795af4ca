"""A kind of threat, a level or a layer that no scoring rule reaches gets no points, whatever the facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policyengine.lang.bounds import bounds
from policyengine.lang.nodes import Node, apply, literal
from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import Study
from policyengine.rulebook.rule import Effect, Rule
from policyengine.rulebook.vocabulary import singular

_FIELDS = {"threat_kinds": ("threat", "kind"), "levels": ("jurisdiction", "level")}


def check(study: Study) -> Iterator[Finding]:
    """Report words that no rule with a score can reach, if there are such rules at all."""
    given = [(rule, effect.target) for rule in study.all_rules for effect in rule.effects if _gives(rule, effect)]
    scoring = list({rule.name: rule for rule, _ in given}.values())
    if not scoring or any(pack.id in study.broken for pack in study.rulebook.packs):
        return
    never = {rule.name for rule in scoring if study.prover.cannot((rule.when, True))}
    layers = {layer for rule, layer in given if rule.name not in never}
    yield from _told(study, "layers", layers)
    for section, path in _FIELDS.items():
        yield from _told(study, section, _reached(study, scoring, path, study.rulebook.vocabulary.words(section)))


def _gives(rule: Rule, effect: Effect) -> bool:
    """Whether an effect may give points to somebody; who has none or less has no part."""
    if effect.kind != "score" or effect.points is None:
        return False
    return rule.weight > 0 and bounds(effect.points).high > 0


def _told(study: Study, section: str, reached: set[str]) -> Iterator[Finding]:
    vocabulary = study.rulebook.vocabulary
    for word in vocabulary.words(section):
        owner = vocabulary.owner(section, word)
        if owner in study.asked and word not in reached:
            message = f"no rule can give points for the {singular(section)} '{word}'"
            hint = "write a rule for it, take the word out, or accept R207 with the reason"
            yield Finding(owner, "", ("vocabulary", section, word), "R207", message, hint, "pack", key=True)


def _reached(study: Study, rules: Sequence[Rule], path: tuple[str, str], words: Sequence[str]) -> set[str]:
    """The words for which a rule may fire.

    A rule is asked only about words that are not reached yet and that its comparisons leave open, so that rules each
    about a word of its own take time by their number, not by that times the number of words.
    """
    left = set(words)
    for rule in rules:
        named = next((part for part in rule.when.walk() if part.op == "name" and part.value == path), None)
        if named is None:
            left = left if study.prover.cannot((rule.when, True)) else set()
        else:
            left -= {word for word in study.prover.words_left(rule.when, named, left) if _may(study, rule, named, word)}
        if not left:
            break
    return set(words) - left


def _may(study: Study, rule: Rule, named: Node, word: str) -> bool:
    """Whether a rule may fire for a word."""
    return not study.prover.cannot((rule.when, True), (apply("==", (named, literal(word, named.type))), True))
