"""From a rule file to a checked rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from policyengine.domain.reading import Location, place
from policyengine.errors import Problems
from policyengine.errors.near_names import near_or_list
from policyengine.lang.check import Checked, check, constant
from policyengine.lang.nodes import Node, roots
from policyengine.lang.types import BOOLEAN, Boolean, Field, Number, Schema
from policyengine.rulebook.claims import Claim
from policyengine.rulebook.rule import Effect, Rule
from policyengine.rulebook.rule_file import (
    BarEntry, CautionEntry, FavourEntry, MarkEntry, MeasureEntry, PackFile, RuleFile, ScoreEntry,
)
from policyengine.rulebook.schema import SUBJECTS
from policyengine.rulebook.vocabulary import Vocabulary
from policyengine.source import Document


def parameter_fields(packs: Iterable[PackFile]) -> dict[str, Field]:
    """The parameters of packs as names of the language; a later pack's own comes before an earlier one's."""
    return {
        name: Field(Number(p.low, p.high, p.unit or ""), p.means, p.claim or p.source or "", key=f"{name}@{pack.pack}")
        for pack in packs for name, p in pack.parameters.items()
    }


def mark_fields(rules: Iterable[tuple[str, RuleFile]]) -> dict[str, dict[str, Field]]:
    """The marks that rules set, by record and name."""
    marks: dict[str, dict[str, Field]] = {}
    for pack, rule in rules:
        for entry in rule.then:
            if isinstance(entry, MarkEntry):
                record, _, name = entry.mark.partition(".")
                marks.setdefault(record, {})[name] = Field(BOOLEAN, f"set by rule {pack}/{rule.rule}", key=f"marks.{name}@{pack}")
    return marks


def compile_rule(document: Document, file: RuleFile, pack: PackFile, schema: Schema, vocabulary: Vocabulary,
                 claims: Mapping[str, Claim], place_in_pack: str, problems: Problems) -> Rule | None:
    """Check one rule against the names it may use; None, with the problems added, if something is wrong."""
    before = len(problems)
    when = _expression(document, check(file.when, schema, Boolean), ("when",), problems)
    effects = []
    for index, entry in enumerate(file.then):
        effects.append(_effect(document, entry, index, pack, schema, vocabulary, problems))
    _check_claims(document, file, claims, problems)
    if len(problems) > before or when is None:
        return None
    done = tuple(effect for effect in effects if effect is not None)
    return Rule(
        id=file.rule, pack=pack.pack, claims=file.claims, nature=file.nature, why=file.why, weight=file.weight, when=when,
        effects=done, subject=_subject(when, done), file=place_in_pack, when_text=file.when, examples=file.examples,
        reads=frozenset(_marks_read(when, done)), sets=frozenset(effect.target for effect in done if effect.kind == "mark"),
    )


def _expression(document: Document, checked: Checked, location: Location, problems: Problems) -> Node | None:
    for mistake in checked.mistakes:
        span = document.text_span(location, mistake.start, mistake.end)
        problems.add(mistake.code, mistake.message, mistake.hint, span, document.excerpt(span))
    return checked.node


def _points(document: Document, entry: ScoreEntry | FavourEntry, location: Location, schema: Schema, problems: Problems) -> Node | None:
    checked = check(entry.points, schema, Number) if isinstance(entry.points, str) else constant(entry.points)
    return _expression(document, checked, (*location, "points"), problems)


def _effect(document: Document, entry: Any, index: int, pack: PackFile, schema: Schema, vocabulary: Vocabulary, problems: Problems) -> Effect | None:
    location: Location = ("then", index)
    match entry:
        case ScoreEntry():
            _check_word(document, entry.score, "layers", vocabulary, (*location, "score"), problems)
            return Effect("score", entry.score, _points(document, entry, location, schema, problems))
        case BarEntry():
            _check_word(document, entry.bar, "layers", vocabulary, (*location, "bar"), problems)
            return Effect("bar", entry.bar, lead_only=entry.from_ == "lead")
        case MarkEntry():
            record, _, name = entry.mark.partition(".")
            return Effect("mark", f"{record}.marks.{name}@{pack.pack}")
        case FavourEntry():
            if entry.favour != "model":
                _check_word(document, entry.favour, "models", vocabulary, (*location, "favour"), problems)
            return Effect("favour", entry.favour, _points(document, entry, location, schema, problems))
        case MeasureEntry():
            return Effect("measure", entry.measure, parties=tuple(entry.parties))
        case CautionEntry():
            return Effect("caution", entry.caution)
    raise TypeError(type(entry))


def _check_word(document: Document, word: str, section: str, vocabulary: Vocabulary, location: Location, problems: Problems) -> None:
    known = vocabulary.words(section)
    if word not in known:
        place(problems, document, "P203", f"there is no {section[:-1]} '{word}'", near_or_list(word, known), location)


def _check_claims(document: Document, file: RuleFile, claims: Mapping[str, Claim], problems: Problems) -> None:
    for index, name in enumerate(file.claims):
        if name not in claims:
            location = ("claim",) if isinstance(file.claim, str) else ("claim", index)
            place(problems, document, "C102", f"there is no claim '{name}' in the sources of this pack", near_or_list(name, claims), location)


_NEEDS = {"score": ("threat", "jurisdiction"), "bar": ("threat", "jurisdiction")}


def _subject(when: Node, effects: Sequence[Effect]) -> tuple[str, ...]:
    """The records that a rule speaks of: those it names and those its effects need."""
    named = set(roots(when))
    for effect in effects:
        named |= roots(effect.points) if effect.points is not None else set()
        named |= set(_NEEDS.get(effect.kind, ()))
        if effect.kind == "mark":
            named.add(effect.target.partition(".")[0])
        if effect.kind == "favour" and effect.target == "model":
            named.add("model")
        named |= {party.partition(".")[0] for party in effect.parties}
    if named & {"tie", "other", "burden"}:
        named.add("jurisdiction")
    return tuple(root for root in SUBJECTS if root in named)


def _marks_read(when: Node, effects: Sequence[Effect]) -> set[str]:
    """The marks that a rule tests, as the effects that set them name them."""
    trees = [when, *(effect.points for effect in effects if effect.points is not None)]
    names = {part.value for tree in trees for part in tree.walk() if part.op == "name" and part.value[-1].startswith("marks.")}
    return {f"{_record_of(path, trees)}.{path[-1]}" for path in names}


def _record_of(path: tuple[str, ...], trees: Sequence[Node]) -> str:
    """Which kind of record a mark stands on."""
    if len(path) > 2 or path[0] == "other":
        return "jurisdiction"
    if not path[0].startswith("$"):
        return path[0]
    for tree in trees:
        for part in tree.walk():
            if part.op.endswith(" of") and part.value == path[0] and path in {inner.value for inner in part.walk() if inner.op == "name"}:
                collection = part.args[0].value[-1]
                return {"threats": "threat", "burdens": "burden"}.get(collection, "jurisdiction")
    return path[0]
