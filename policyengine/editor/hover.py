"""What a reader wants to know of the word under the cursor, as plain text."""

from __future__ import annotations

from policyengine.editor.cursor import Cursor
from policyengine.editor.desk import Around
from policyengine.editor.names import find, meaning, type_text
from policyengine.editor.shape import sentence_at
from policyengine.editor.words import Expression, expression_of, is_claim
from policyengine.lang.operators import OPERATORS, QUANTIFIERS
from policyengine.lang.types import Collection, Record
from policyengine.rulebook.file_words import section_of
from policyengine.rulebook.vocabulary import singular


def hover_text(around: Around, cursor: Cursor, line: str) -> str:
    """What stands under the cursor, and what it means; empty if there is nothing to say."""
    expression = expression_of(around.kind, cursor, line)
    if expression is not None:
        return _in_expression(around, expression)
    if cursor.on_key:
        return sentence_at(around.shape, cursor.path)
    if is_claim(around.kind, cursor.path):
        return claim_text(around, cursor.word)
    section = section_of(around.kind, cursor.path)
    if section is not None and cursor.word in around.vocabulary.words(section):
        return _word_text(around, section, cursor.word)
    return _in_pack_file(around, cursor) if around.kind == "pack" else ""


def _in_pack_file(around: Around, cursor: Cursor) -> str:
    if cursor.path[:1] == ("extends",):
        return next((f"{pack.file.title}\n\n{pack.file.summary}" for pack in around.surveyed.packs
                     if pack.file.pack == cursor.word), "")  # fmt: skip
    if cursor.path[:1] == ("sources",) and cursor.word in around.surveyed.sources:
        return around.surveyed.sources[cursor.word].citation
    return ""


def _in_expression(around: Around, expression: Expression) -> str:
    if expression.quoted:
        found = [section for section in around.vocabulary.sections() if _has(around, section, expression.name)]
        return "\n\n".join(_word_text(around, section, expression.name) for section in found)
    found_name = find(around.schema, expression.name, expression.text)
    if found_name is None:
        return _operator_text(expression.name)
    if isinstance(found_name, Record | Collection):
        return f"{expression.name}: {type_text(found_name)}"
    lines = [f"{expression.name}: {type_text(found_name.type)}"]
    if expression.name.startswith("param."):
        lines += _parameter_lines(around, found_name.key)
    lines += [meaning(around.schema, expression.name, found_name, expression.text)]
    lines += [f"Source: {found_name.source}"] if found_name.source else []
    return "\n\n".join(line for line in lines if line)


def _has(around: Around, section: str, word: str) -> bool:
    return word in around.vocabulary.words(section)


def _parameter_lines(around: Around, key: str) -> list[str]:
    name, _, owner = key.partition("@")
    packs = {pack.file.pack: pack.file for pack in around.surveyed.packs}
    parameter = packs[owner].parameters[name]
    unit = f" {parameter.unit}" if parameter.unit else ""
    return [f"Value {parameter.value:g}, may be argued from {parameter.low:g} to {parameter.high:g}{unit} [{owner}]"]


def _operator_text(name: str) -> str:
    rows = [OPERATORS[each] for each in (name, QUANTIFIERS.get(name, "")) if each in OPERATORS]
    return "\n\n".join(f"{row.form}: {row.means}; {row.unknown}" for row in rows)


def _word_text(around: Around, section: str, word: str) -> str:
    term = around.vocabulary.terms(section)[word]
    source = f"\n\nSource: {term.source}" if term.source else ""
    return f"{word} ({singular(section)}): {term.means}{source}"


def claim_text(around: Around, name: str) -> str:
    """What a claim says, and where it stands."""
    source, _, own = name.partition("/")
    found = around.surveyed.sources.get(source)
    claim = next((each for each in found.claims if each.claim == own), None) if found is not None else None
    if found is None or claim is None:
        return ""
    where = f"{found.citation}: “{claim.heading}”, number {claim.position}"
    return f"{claim.paraphrase}\n\n{where}\n\n{claim.kind}, {claim.polarity}; read: {found.seen.replace('_', ' ')}"
