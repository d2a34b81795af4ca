"""From pack folders to a rulebook, with every mistake of every file told at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from keyword import iskeyword
from pathlib import Path

from policyengine.domain.reading import Location, place
from policyengine.errors import InputError, Problems, quoted
from policyengine.errors.near_names import near_or_list
from policyengine.lang.types import Schema
from policyengine.rulebook.changes import find_changes
from policyengine.rulebook.checks import check_rulebook
from policyengine.rulebook.claims import Claim, Source
from policyengine.rulebook.compile import check_claim, compile_rule, lost_mark_fields, mark_fields, parameter_fields
from policyengine.rulebook.pack_folder import LoadedPack, LoadedRule, default_packs, read_packs
from policyengine.rulebook.pack_groups import groups
from policyengine.rulebook.pack_places import shipped_packs
from policyengine.rulebook.registers import claims_of, read_source, read_sources, unread_of
from policyengine.rulebook.rule import Pack, Rule, Rulebook
from policyengine.rulebook.schema import GROUPS, build_schema
from policyengine.rulebook.strata import stratify
from policyengine.rulebook.vocabulary import FACT_SECTIONS, TERM_SECTIONS, Vocabulary, VocabularySection
from policyengine.source import Document

__all__ = [
    "Gathered",
    "LoadedPack",
    "LoadedRule",
    "Seen",
    "Survey",
    "default_packs",
    "gather",
    "load_apart",
    "load_rulebook",
    "read_source",
    "shipped_packs",
    "sorted_by_pack",
    "survey",
]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the rules of one pack may use: words, claims and names of its own and of the packs that it extends."""

    vocabulary: Vocabulary
    claims: dict[str, Claim]
    unread: frozenset[str]
    schema: Schema


@dataclass(frozen=True, slots=True)
class Survey:
    """What could be read of packs, however much is wrong in them; `seen` says by pack what its rules may use."""

    packs: tuple[LoadedPack, ...]
    sources: dict[str, Source]
    seen: dict[str, Seen]
    vocabulary: Vocabulary


def survey(packs: Sequence[str | Path]) -> Survey:
    """Read packs as far as they can be read and say what their rules may use; mistakes are nobody's business here."""
    problems = Problems()
    loaded = read_packs(packs, problems)
    sources, sees = read_sources(loaded, problems), _sees(loaded)
    seen = {pack.file.pack: _seen(pack, loaded, sees, sources) for pack in loaded}
    return Survey(tuple(loaded), sources, seen, _vocabulary(loaded, problems))


@dataclass(frozen=True, slots=True)
class Gathered:
    """What could be read of packs: the files, the rulebook of the rules without mistakes, and everything wrong."""

    packs: tuple[LoadedPack, ...]
    rulebook: Rulebook
    documents: dict[tuple[str, str], Document]
    problems: Problems


def load_rulebook(packs: Sequence[str | Path]) -> Rulebook:
    """Read, check and compile packs, each given by its shipped name or its folder.

    The packs that they extend come with them. Raises InputError with all problems of all files.
    """
    gathered = gather(packs)
    gathered.problems.raise_if_any()
    return gathered.rulebook


def load_apart(packs: Sequence[str | Path]) -> list[Rulebook]:
    """Read packs as `load_rulebook` does, those that have nothing to do with one another each into its own rulebook."""
    problems = Problems()
    books = []
    for group in groups(packs):
        gathered = gather(group)
        problems.extend(gathered.problems.items)
        books.append(gathered.rulebook)
    if problems.items:
        raise InputError(dict.fromkeys(problems.items))
    return books


def gather(packs: Sequence[str | Path]) -> Gathered:
    """Read, check and compile packs as far as they can be read; what is wrong is told, not raised."""
    problems = Problems()
    loaded = read_packs(packs, problems)
    vocabulary = _vocabulary(loaded, problems)
    sources = read_sources(loaded, problems)
    sees = _sees(loaded)
    seen = {pack.file.pack: _seen(pack, loaded, sees, sources) for pack in loaded}
    for pack in loaded:
        _check_pack(pack, seen[pack.file.pack], problems)
    changes = find_changes(loaded, sees, problems)
    rules = _compile(loaded, seen, problems)
    # What is switched off sets no marks, so that it takes no part in a circle either.
    ordered, cycles = stratify([rule for rule in rules if rule.name not in changes.off])
    documents = {(pack.file.pack, rule.file.rule): rule.document for pack in loaded for rule in pack.rules}
    for cycle in cycles:
        names = " -> ".join(rule.name for rule in (*cycle, cycle[0]))
        hint = "take the test of a mark out of one of them, or set another mark"
        message = f"these rules wait for one another's marks: {names}"
        place(problems, documents[cycle[0].pack, cycle[0].id], "P301", message, hint, ("when",))
    own = {f"{name}@{pack.file.pack}": each for pack in loaded for name, each in pack.file.parameters.items()}
    rulebook = Rulebook(
        packs=tuple(Pack(pack.file, pack.folder, pack.sha256) for pack in loaded), vocabulary=vocabulary, rules=ordered,
        parameters=changes.parameters(own),
        sources=sources, claims=claims_of(loaded, sources), sees=sees,
        schemas={name: each.schema for name, each in seen.items()},
        changes=changes, off=tuple(rule for rule in rules if rule.name in changes.off),
    )  # fmt: skip
    for found in check_rulebook(rulebook):
        document = documents[found.pack, found.rule]
        place(problems, document, found.code, found.message, found.hint, found.location, key=found.code == "P401")
    return Gathered(tuple(loaded), rulebook, documents, problems)


def _vocabulary(packs: Iterable[LoadedPack], problems: Problems) -> Vocabulary:
    vocabulary = Vocabulary()
    for pack in packs:
        for section, word, owner in vocabulary.add(pack.file.pack, pack.file.vocabulary):
            message = f"{quoted(word)} is already declared by the pack {quoted(owner)}"
            hint = "declare it once, in a pack that both extend, or choose another word; no run can hold both"
            location = ("vocabulary", section, word)
            place(problems, pack.document, "P509", message, hint, location, key=True)
    return vocabulary


def _sees(packs: Sequence[LoadedPack]) -> dict[str, tuple[str, ...]]:
    """For each pack the packs whose words, claims, parameters and marks it may use: itself and what it extends."""
    sees: dict[str, tuple[str, ...]] = {}
    for pack in packs:
        bases = [seen for base in pack.file.extends for seen in sees.get(base, ())]
        sees[pack.file.pack] = tuple(dict.fromkeys([pack.file.pack, *bases]))
    return sees


def _seen(
    pack: LoadedPack, packs: Iterable[LoadedPack], sees: dict[str, tuple[str, ...]], sources: dict[str, Source]
) -> Seen:
    by_name = {each.file.pack: each for each in packs}
    # Last comes what is nearest, so that a pack's own parameter hides one of the same name.
    visible = [by_name[name] for name in reversed(sees[pack.file.pack])]
    vocabulary = Vocabulary()
    for name, each in by_name.items():
        if name in sees[pack.file.pack]:
            vocabulary.add(name, each.file.vocabulary)
    parameters = parameter_fields([each.file for each in visible])
    marks = lost_mark_fields((each.file.pack, each.lost_marks) for each in visible)
    for record, fields in mark_fields([(each.file.pack, rule.file) for each in visible for rule in each.rules]).items():
        marks.setdefault(record, {}).update(fields)
    schema = build_schema(vocabulary, parameters, marks)
    return Seen(vocabulary, claims_of(visible, sources), unread_of(visible, sources), schema)


def _check_pack(pack: LoadedPack, seen: Seen, problems: Problems) -> None:
    """What a pack file says must fit what it extends: claims, lists of words, the other side."""
    document, file = pack.document, pack.file
    if not pack.whole:
        return
    for name, parameter in file.parameters.items():
        if parameter.claim is not None:
            where = ("parameters", name, "claim")
            check_claim(document, parameter.claim, seen.claims, seen.unread, where, problems)
    for message, hint, location in chain(
        _unknown_lists(file.vocabulary), _unknown_costs(file.vocabulary, seen.vocabulary)
    ):
        place(problems, document, "P512", message, hint, ("vocabulary", *location))
    for section, word in _unnameable(file.vocabulary):
        message = f"no condition could name {quoted(word)} with a dot before it"
        hint = "write it with letters, digits and underscores, beginning with a letter"
        place(problems, document, "P522", message, hint, ("vocabulary", section, word), key=True)
    if file.counterpart == file.pack:
        message = "a pack cannot argue the other side of itself"
        place(problems, document, "P513", message, "name the pack that does, or leave the field out", ("counterpart",))


def _unnameable(declared: VocabularySection) -> Iterator[tuple[str, str]]:
    """The words that stand after a dot in conditions and could not: one with a hyphen would be read as a difference."""
    for section in (*FACT_SECTIONS, *GROUPS.values()):
        yield from (
            (section, word) for word in getattr(declared, section) if not word.isidentifier() or iskeyword(word)
        )


_Unknown = tuple[str, str, Location]


def _unknown_lists(declared: VocabularySection) -> Iterator[_Unknown]:
    for section in FACT_SECTIONS:
        for word, fact in getattr(declared, section).items():
            if fact.of is not None and fact.of not in TERM_SECTIONS:
                message = f"there is no list of words {quoted(fact.of)}"
                yield message, near_or_list(fact.of, TERM_SECTIONS), (section, word, "of")


def _unknown_costs(declared: VocabularySection, seen: Vocabulary) -> Iterator[_Unknown]:
    categories = seen.words("cost_categories")
    for name, measure in declared.cost_measures.items():
        for index, category in enumerate(measure.counts):
            if category not in categories:
                hint = near_or_list(category, categories) or "declare it under 'cost_categories'"
                message = f"{quoted(category)} is not a known cost category"
                yield message, hint, ("cost_measures", name, "counts", index)


def _compile(packs: Sequence[LoadedPack], seen: dict[str, Seen], problems: Problems) -> list[Rule]:
    rules: list[Rule] = []
    by_name: dict[tuple[str, str], LoadedRule] = {}
    for pack in packs:
        allowed = seen[pack.file.pack]
        for loaded in pack.rules:
            first = by_name.setdefault((pack.file.pack, loaded.file.rule), loaded)
            if first is not loaded:
                message = f"the rule {quoted(loaded.file.rule)} is defined twice"
                place(
                    problems, loaded.document, "P202", message, f"the other stands in {first.document.name}", ("rule",)
                )
            elif pack.whole:
                rule = compile_rule(
                    loaded.document, loaded.file, pack.file, allowed.schema, allowed.vocabulary, allowed.claims,
                    loaded.place, problems, allowed.unread,
                )  # fmt: skip
                rules += (
                    [] if rule is None else [replace(rule, table=loaded.table, row=loaded.row, number=loaded.number)]
                )
    return sorted_by_pack(rules, [pack.file.pack for pack in packs])


def sorted_by_pack(rules: Iterable[Rule], packs: Sequence[str]) -> list[Rule]:
    """Rules in the order of their packs, then of their names."""
    order = {pack: place for place, pack in reversed(list(enumerate(packs)))}
    return sorted(rules, key=lambda rule: (order[rule.pack], rule.id))
