"""Where the thing under the cursor is defined."""

from __future__ import annotations

from pathlib import Path

from policyengine.editor.cursor import Cursor
from policyengine.editor.desk import Around
from policyengine.editor.names import find
from policyengine.editor.words import Expression, expression_of, is_claim
from policyengine.errors import InputError, Span
from policyengine.lang.types import Field
from policyengine.rulebook.file_words import section_of
from policyengine.rulebook.loading import LoadedPack
from policyengine.rulebook.registers import source_path
from policyengine.rulebook.rule_file import MarkEntry
from policyengine.source import examine_document


def definition(around: Around, cursor: Cursor, line: str) -> Span | None:
    """The place where a claim, parameter, mark, word, source or pack is defined; None if that is nowhere."""
    expression = expression_of(around.kind, cursor, line)
    if expression is not None:
        return _in_expression(around, expression)
    if is_claim(around.kind, cursor.path) and not cursor.on_key:
        return _claim(around, cursor.word)
    if around.kind == "pack" and cursor.path[:1] == ("extends",):
        pack = next((each for each in around.surveyed.packs if each.file.pack == cursor.word), None)
        return None if pack is None else pack.document.span(("pack",))
    if around.kind == "pack" and cursor.path[:1] == ("sources",):
        return _source(around, cursor.word, ("source",))
    section = section_of(around.kind, cursor.path)
    return None if section is None else _word(around, section, cursor.word)


def _in_expression(around: Around, expression: Expression) -> Span | None:
    if expression.quoted:
        places = (_word(around, section, expression.name) for section in around.vocabulary.sections())
        return next((place for place in places if place is not None), None)
    found = find(around.schema, expression.name, expression.text)
    if not isinstance(found, Field):
        return None
    name, _, owner = found.key.partition("@")
    if owner and name.startswith("marks."):
        return _mark(around, owner, name.removeprefix("marks."), expression.name)
    if owner:
        pack = _pack(around, owner)
        return None if pack is None else pack.document.span(("parameters", name), key=True)
    return _declared(around, expression.name)


def _declared(around: Around, name: str) -> Span | None:
    """The declaration of the word with which a name such as `threat.attributes.x` ends."""
    *_, group, word = ["", "", *name.split(".")]
    sections = {
        "attributes": ("threat_attributes", "jurisdiction_attributes", "tie_attributes"),
        "capacities": ("capacities",), "costs": ("cost_categories",), "benefits": ("benefit_bases",),
        "interests": ("interests",), "conditions": ("conditions",),
    }  # fmt: skip
    return next((found for section in sections.get(group, ()) if (found := _word(around, section, word))), None)


def _word(around: Around, section: str, word: str) -> Span | None:
    if word not in around.vocabulary.words(section):
        return None
    pack = _pack(around, around.vocabulary.owner(section, word))
    return None if pack is None else pack.document.span(("vocabulary", section, word), key=True)


def _mark(around: Around, owner: str, name: str, full: str) -> Span | None:
    """The first rule of the pack that sets a mark; a rule for the record that the name begins with comes first."""
    pack = _pack(around, owner)
    found = [
        (entry.mark.partition(".")[0] not in full, rule.document.span(("then", index, "mark")))
        for rule in (pack.rules if pack is not None else ())
        for index, entry in enumerate(rule.file.then)
        if isinstance(entry, MarkEntry) and entry.mark.partition(".")[2] == name
    ]
    return min(found)[1] if found else None


def _pack(around: Around, name: str) -> LoadedPack | None:
    return next((pack for pack in around.surveyed.packs if pack.file.pack == name), None)


def _claim(around: Around, name: str) -> Span | None:
    source, _, own = name.partition("/")
    known = around.surveyed.sources.get(source)
    place = next((i for i, claim in enumerate(known.claims) if claim.claim == own), None) if known else None
    return _source(around, source, ("source",) if place is None else ("claims", place, "claim"))


def _source(around: Around, name: str, location: tuple[str | int, ...]) -> Span | None:
    path: Path | None = next(
        (found for pack in around.surveyed.packs if name in pack.file.sources and (found := source_path(pack, name))),
        None,
    )
    try:
        return None if path is None else examine_document(path).span(location)
    except InputError:
        return None
