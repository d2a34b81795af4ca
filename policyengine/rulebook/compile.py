"""From a rule file to a checked rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from policyengine.domain.reading import Location, place
from policyengine.errors import Problems, quoted
from policyengine.errors.near_names import near_or_list
from policyengine.lang.check import Checked, check, constant
from policyengine.lang.nodes import Node, roots
from policyengine.lang.types import BOOLEAN, Boolean, Field, Number, Schema
from policyengine.lang.types import Collection as CollectionType
from policyengine.rulebook.claims import Claim
from policyengine.rulebook.rule import Effect, Rule
from policyengine.rulebook.rule_file import (
    BarEntry,
    CautionEntry,
    FavourEntry,
    MarkEntry,
    MeasureEntry,
    PackFile,
    RuleFile,
    ScoreEntry,
)
from policyengine.rulebook.schema import SUBJECTS
from policyengine.rulebook.vocabulary import Vocabulary, singular
from policyengine.source import Document


def parameter_fields(packs: Iterable[PackFile]) -> dict[str, Field]:
    """The parameters of packs as names of the language; a later pack's own comes before an earlier one's."""
    return {
        name: Field(Number(p.low, p.high, p.unit or ""), p.means, p.claim or p.source or "", key=f"{name}@{pack.pack}")
        for pack in packs
        for name, p in pack.parameters.items()
    }


def mark_fields(rules: Iterable[tuple[str, RuleFile]]) -> dict[str, dict[str, Field]]:
    """The marks that rules set, by record and name."""
    marks: dict[str, dict[str, Field]] = {}
    for pack, rule in rules:
        for entry in rule.then:
            if isinstance(entry, MarkEntry):
                record, _, name = entry.mark.partition(".")
                marks.setdefault(record, {})[name] = Field(
                    BOOLEAN, f"set by rule {pack}/{rule.rule}", key=f"marks.{name}@{pack}"
                )
    return marks


def lost_mark_fields(lost: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> dict[str, dict[str, Field]]:
    """The marks of rule files that could not be read, by record and name; `lost` gives them by pack."""
    marks: dict[str, dict[str, Field]] = {}
    for pack, names in lost:
        for record, name in names:
            marks.setdefault(record, {})[name] = Field(BOOLEAN, f"set in pack {pack}", key=f"marks.{name}@{pack}")
    return marks


def compile_rule(
    document: Document,
    file: RuleFile,
    pack: PackFile,
    schema: Schema,
    vocabulary: Vocabulary,
    claims: Mapping[str, Claim],
    place_in_pack: str,
    problems: Problems,
    unread: Collection[str] = (),
) -> Rule | None:
    """Check one rule against the names it may use; None, with the problems added, if something is wrong.

    `unread` are sources whose claims are not known because their register could not be read.
    """
    before = len(problems)
    when = _expression(document, check(file.when, schema, Boolean), ("when",), problems)
    effects = []
    for index, entry in enumerate(file.then):
        effects.append(_effect(document, entry, index, pack, schema, vocabulary, problems))
    for index, name in enumerate(file.claims):
        location = ("claim",) if isinstance(file.claim, str) else ("claim", index)
        check_claim(document, name, claims, unread, location, problems)
    if len(problems) > before or when is None:
        return None
    done = tuple(effect for effect in effects if effect is not None)
    return Rule(
        id=file.rule,
        pack=pack.pack,
        claims=file.claims,
        nature=file.nature,
        why=file.why,
        weight=file.weight,
        when=when,
        effects=done,
        subject=_subject(when, done),
        file=place_in_pack,
        when_text=file.when,
        examples=file.examples,
        reads=frozenset(_marks_read(when, done)),
        sets=frozenset(effect.target for effect in done if effect.kind == "mark"),
    )


def _expression(document: Document, checked: Checked, location: Location, problems: Problems) -> Node | None:
    for mistake in checked.mistakes:
        span = document.text_span(location, mistake.start, mistake.end)
        problems.add(mistake.code, mistake.message, mistake.hint, span, document.excerpt(span))
    return checked.node


def _points(
    document: Document, entry: ScoreEntry | FavourEntry, location: Location, schema: Schema, problems: Problems
) -> Node | None:
    checked = check(entry.points, schema, Number) if isinstance(entry.points, str) else constant(entry.points)
    return _expression(document, checked, (*location, "points"), problems)


def _effect(
    document: Document,
    entry: Any,
    index: int,
    pack: PackFile,
    schema: Schema,
    vocabulary: Vocabulary,
    problems: Problems,
) -> Effect | None:
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


def _check_word(
    document: Document, word: str, section: str, vocabulary: Vocabulary, location: Location, problems: Problems
) -> None:
    known = vocabulary.words(section)
    if word not in known:
        kind = singular(section)
        hint = near_or_list(word, known) or f"the packs declare no {kind} at all"
        place(problems, document, "P203", f"there is no {kind} {quoted(word)}", hint, location)


def check_claim(
    document: Document,
    name: str,
    claims: Mapping[str, Claim],
    unread: Collection[str],
    location: Location,
    problems: Problems,
) -> None:
    """Note a claim that no source of the pack makes."""
    if name not in claims and name.partition("/")[0] not in unread:
        message = f"there is no claim {quoted(name)} in the sources of this pack"
        hint = near_or_list(name, claims) or "name its source under 'sources' of the pack"
        place(problems, document, "C202", message, hint, location)


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
    return {mark for tree in trees for mark in _marks_in(tree, {"other": "jurisdiction"})}


def _marks_in(node: Node, kinds: Mapping[str, str]) -> Iterator[str]:
    """The marks in a tree; `kinds` says which kind of record a root or variable stands for."""
    if node.op == "name" and node.value[-1].startswith("marks."):
        *_, owner, mark = node.value
        # A hop leads to the other party of a tie.
        record = "jurisdiction" if len(node.value) > 2 else kinds.get(owner, owner)
        yield f"{record}.{mark}"
    elif node.op.endswith(" of"):
        collection = node.args[0].type
        assert isinstance(collection, CollectionType)  # noqa: S101 - the checker lets nothing else pass
        kinds = {**kinds, node.value: collection.element.name}
    for arg in node.args:
        yield from _marks_in(arg, kinds)
