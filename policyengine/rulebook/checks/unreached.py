"""A kind of threat, a level or a layer that no scoring rule reaches gets no points, whatever the facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policyengine.lang.nodes import Node, apply, literal, name
from policyengine.lang.types import Word
from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import Study
from policyengine.rulebook.rule import Rule
from policyengine.rulebook.vocabulary import singular

_FIELDS = {"threat_kinds": ("threat", "kind"), "levels": ("jurisdiction", "level")}


def check(study: Study) -> Iterator[Finding]:
    """Report words that no rule with a score can reach, if there are such rules at all."""
    scoring = [rule for rule in study.rulebook.rules if any(effect.kind == "score" for effect in rule.effects)]
    if not scoring or any(pack.id in study.broken for pack in study.rulebook.packs):
        return
    reached = {effect.target for rule in scoring for effect in rule.effects if effect.kind == "score"}
    for section, words in (("layers", reached), *((section, None) for section in _FIELDS)):
        for word in study.rulebook.vocabulary.words(section):
            owner = study.rulebook.vocabulary.owner(section, word)
            if owner in study.asked and not (
                word in words if words is not None else _reached(study, scoring, section, word)
            ):
                message = f"no rule can give points for the {singular(section)} '{word}'"
                hint = "write a rule for it, or take the word out"
                yield Finding(owner, "", ("vocabulary", section, word), "R207", message, hint, "pack", key=True)


def _reached(study: Study, scoring: Sequence[Rule], section: str, word: str) -> bool:
    return any(_may(study, rule, _FIELDS[section], word) for rule in scoring)


def _may(study: Study, rule: Rule, path: tuple[str, str], word: str) -> bool:
    """Whether a rule may fire for a word."""
    named: Node | None = next((part for part in rule.when.walk() if part.op == "name" and part.value == path), None)
    if named is None:
        named = name(path, Word(path[1]))
        return not study.prover.cannot((rule.when, True))
    return not study.prover.cannot((rule.when, True), (apply("==", (named, literal(word, named.type))), True))
