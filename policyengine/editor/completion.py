"""What may be written at the cursor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from policyengine.editor.cursor import Cursor
from policyengine.editor.desk import Around
from policyengine.editor.hover import claim_text
from policyengine.editor.names import Found, below, collections, find, meaning, type_text, variables
from policyengine.editor.shape import keys_at, values_at
from policyengine.editor.words import is_claim, is_expression
from policyengine.lang.operators import FUNCTIONS, OPERATORS, QUANTIFIERS
from policyengine.lang.types import Collection, Field, Record, Word, Words
from policyengine.rulebook.file_words import section_of
from policyengine.rulebook.vocabulary import FACT_SECTIONS, TERM_SECTIONS

_DOTTED = re.compile(r"([A-Za-z_]\w*(?:\.\w+)*)\.\w*$")
_OPEN_QUOTE = re.compile(r"([\"'])([\w\-]*)$")
_COMPARED = re.compile(r"([A-Za-z_][\w.]*)\s*(?:==|!=|\bin\s*\((?:\s*[\"'][^\"']*[\"']\s*,)*)\s*[\"']?[\w\-]*$")
_THROUGH = re.compile(r"\bfor\s+\w+\s+in\s+[\w.]*$")
_HELD = re.compile(r"[\"'][\w\-]*[\"']\s+in\s+[\w.]*$")


class Proposal(NamedTuple):
    """Something that may be written: its kind, what is written for it, what it means."""

    label: str
    kind: str
    insert: str
    detail: str = ""


def proposals(around: Around, cursor: Cursor) -> list[Proposal]:
    """All that may stand at the cursor; the editor keeps those that fit what was typed."""
    if is_expression(around.kind, cursor.path) and not cursor.on_key:
        return list(_in_expression(around, cursor))
    if is_claim(around.kind, cursor.path) and not cursor.on_key:
        seen = around.surveyed.seen.get(around.pack or "")
        names = seen.claims if seen is not None else {}
        return [Proposal(name, "claim", name, claim_text(around, name)) for name in names]
    return list(_in_structure(around, cursor))


def _in_structure(around: Around, cursor: Cursor) -> Iterator[Proposal]:
    shape = around.shape
    if not cursor.on_key:
        section = section_of(around.kind, cursor.path)
        terms = around.vocabulary.terms(section) if section is not None else {}
        for word in [*_own_words(around, cursor), *values_at(shape, cursor.path)]:
            yield Proposal(word, "word", word, terms[word].means if word in terms else "")
    path = cursor.path[:-1] if cursor.on_key and cursor.path and isinstance(cursor.path[-1], str) else cursor.path
    if cursor.on_key or "\n" in cursor.before or not cursor.before.strip() or cursor.path[-1:] in ((), (0,)):
        followed = re.match(r"[\w\-]*\s*:", cursor.after) is not None
        places = {cursor.path, path} if cursor.on_key else {path}
        keys = {key: text for place in sorted(places, key=len) for key, text in keys_at(shape, place).items()}
        for key, text in keys.items():
            yield Proposal(key, "key", key if followed else f"{key}: ", text)


def _own_words(around: Around, cursor: Cursor) -> list[str]:
    """Words that no list of the vocabulary holds: packs, sources, lists of words."""
    if around.kind != "pack":
        return []
    match cursor.path:
        case ("extends", *_) | ("counterpart",):
            from policyengine.rulebook.loading import shipped_packs

            return shipped_packs()
        case ("sources", *_):
            return sorted(around.surveyed.sources)
        case ("vocabulary", section, _, "of") if section in FACT_SECTIONS:
            return [*TERM_SECTIONS]
    return []


def _in_expression(around: Around, cursor: Cursor) -> Iterator[Proposal]:
    before, whole = cursor.before, cursor.before + cursor.after
    schema = around.schema
    compared = _COMPARED.search(before)
    quote = _OPEN_QUOTE.search(before) if before.count('"') % 2 or before.count("'") % 2 else None
    if compared and (quote or not _DOTTED.search(before[compared.end(1) :])):
        options = list(_words(around, find(schema, compared[1], whole), quoted=quote is None))
        if options or quote:
            yield from options
            return
    elif quote:
        return
    if _THROUGH.search(before):
        yield from _dotted_or_all(around, before, collections(schema), whole)
        return
    dotted = _DOTTED.search(before)
    if dotted:
        for name, field in below(schema, dotted[1], whole).items():
            if not _HELD.search(before) or field is None or isinstance(field.type, Words | Record):
                yield _name(around, f"{dotted[1]}.{name}", name, field, whole)
        return
    for root in [*schema, *variables(whole)]:
        found = find(schema, root, whole)
        yield Proposal(root, "root", root, "" if found is None or isinstance(found, Field) else type_text(found))
    yield from _operators()


def _dotted_or_all(around: Around, before: str, names: list[str], whole: str) -> Iterator[Proposal]:
    dotted = _DOTTED.search(before)
    start = f"{dotted[1]}." if dotted else ""
    for name in names:
        if name.startswith(start):
            found: Found | None = find(around.schema, name, whole)
            kind = found.type if isinstance(found, Field) else found
            detail = type_text(kind) if isinstance(kind, Collection) else ""
            yield Proposal(name.removeprefix(start), "collection", name.removeprefix(start), detail)


def _name(around: Around, full: str, name: str, field: Field | None, whole: str) -> Proposal:
    if field is None:
        return Proposal(name, "group", name, "a group of values")
    said = meaning(around.schema, full, field, whole)
    kind = "parameter" if full.startswith("param.") else "name"
    return Proposal(name, kind, name, f"{type_text(field.type)}\n\n{said}".strip())


def _words(around: Around, found: Found | None, *, quoted: bool) -> Iterator[Proposal]:
    kind = found.type if isinstance(found, Field) else None
    if not isinstance(kind, Word | Words) or kind.options is None:
        return
    for word in sorted(kind.options):
        means = next((around.vocabulary.terms(section)[word].means for section in around.vocabulary.sections()
                      if kind.options <= set(around.vocabulary.words(section))), "")  # fmt: skip
        yield Proposal(word, "word", f'"{word}"' if quoted else word, means)


def _operators() -> Iterator[Proposal]:
    for name in dict.fromkeys([*QUANTIFIERS, *FUNCTIONS]):
        row = OPERATORS[QUANTIFIERS.get(name, name)]
        yield Proposal(name, "function", f"{name}(", f"{row.form}: {row.means}")
    for word in ("and", "or", "not", "in", "True", "False"):
        yield Proposal(word, "operator", word)
