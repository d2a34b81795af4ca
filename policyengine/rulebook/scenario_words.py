"""Whether a scenario's words are in the vocabulary, and its declared facts of the right type and range."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policyengine.domain.references import Finding, entries
from policyengine.domain.wording import Location
from policyengine.errors import quoted
from policyengine.errors.near_names import near_or_list
from policyengine.lang.types import Boolean, Number, Type, Word, Words, article
from policyengine.rulebook.vocabulary import Vocabulary, singular

_SINGLE = {
    "jurisdictions": {"level": "levels", "side": "sides"},
    "ties": {"kind": "tie_kinds"},
    "threats": {"kind": "threat_kinds", "origin": "origins", "vector": "vectors"},
}
_LISTS = {"jurisdictions": {"competences": "competences"}, "ties": {"layers": "layers"}, "threats": {}}
_KEYS = {
    "jurisdictions": {
        "capacities": "capacities", "costs": "cost_categories", "benefits": "benefit_bases", "interests": "interests",
    },
    "ties": {},
    "threats": {},
}  # fmt: skip
_ATTRIBUTES = {
    "jurisdictions": "jurisdiction_attributes", "ties": "tie_attributes", "threats": "threat_attributes",
}  # fmt: skip
_UNKNOWN = "leave it out if it is not known"


def check_words(data: Any, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Everything in a scenario's plain data that the vocabulary does not allow."""
    if not isinstance(data, dict):
        return
    yield from check_facts(data.get("conditions"), "conditions", vocabulary, ("conditions",))
    for section in _SINGLE:
        for index, entry in entries(data, section):
            yield from check_entry(entry, section, vocabulary, (section, index))


def check_entry(entry: dict[str, Any], section: str, vocabulary: Vocabulary, base: Location) -> Iterator[Finding]:
    """The words of one jurisdiction, tie or threat."""
    for field, words in _SINGLE[section].items():
        if isinstance(entry.get(field), str):
            yield from _word("N301", entry[field], words, vocabulary, (*base, field))
    for field, words in _LISTS[section].items():
        listed = entry.get(field)
        for place, word in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(word, str):
                yield from _word("N301", word, words, vocabulary, (*base, field, place))
    for field, words in _KEYS[section].items():
        keys = entry.get(field)
        for word in keys if isinstance(keys, dict) else ():
            yield from _word("N304", word, words, vocabulary, (*base, field, word))
    yield from check_facts(entry.get("attributes"), _ATTRIBUTES[section], vocabulary, (*base, "attributes"))


def _word(code: str, word: str, section: str, vocabulary: Vocabulary, location: Location) -> Iterator[Finding]:
    known = vocabulary.words(section)
    if word not in known:
        yield _unlisted(code, word, singular(section), known, location)


def _unlisted(code: str, word: str, kind: str, known: tuple[str, ...] | frozenset[str], location: Location) -> Finding:
    hint = near_or_list(word, known) or f"the packs declare no {kind} at all"
    return code, f"{quoted(word)} is not a known {kind}", hint, location


def check_facts(facts: Any, section: str, vocabulary: Vocabulary, base: Location) -> Iterator[Finding]:
    """Declared facts (`attributes`, `conditions`): their names, types and ranges."""
    terms = vocabulary.terms(section)
    for name, value in facts.items() if isinstance(facts, dict) else ():
        if name in terms:
            yield from _value(name, value, vocabulary.fact_type(terms[name]), (*base, name))
        else:
            yield _unlisted("N302", name, singular(section), tuple(terms), (*base, name))


def _value(name: str, value: Any, kind: Type, location: Location) -> Iterator[Finding]:
    called = quoted(name)
    match kind:
        case Number():
            yield from _number(value, kind, called, location)
        case Boolean():
            if not isinstance(value, bool):
                yield "N303", f"{called} should be true or false", _UNKNOWN, location
        case Word():
            options = kind.options or frozenset()
            if not isinstance(value, str):
                hint = f"{near_or_list('', options)}; {_UNKNOWN}"
                yield "N303", f"{called} should be one word", hint, location
            elif value not in options:
                yield _unlisted("N301", value, f"{kind.domain} for {called}", options, location)
        case Words():
            if isinstance(value, list):
                yield from _words(value, kind, called, location)
            else:
                yield "N303", f"{called} should be a list of words", "write [a, b]", location


def _number(value: Any, kind: Number, called: str, location: Location) -> Iterator[Finding]:
    limits = f"from {kind.low:g} to {kind.high:g}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield "N303", f"{called} should be a number", f"{limits}; {_UNKNOWN}", location
    elif not kind.low <= value <= kind.high:
        yield "N105", f"{called} is {value}, which is out of range", limits, location


def _words(values: list[Any], kind: Words, called: str, location: Location) -> Iterator[Finding]:
    options = kind.options or frozenset()
    for place, word in enumerate(values):
        if not isinstance(word, str):
            message = f"entry {place + 1} of {called} should be {article(kind.domain)} {kind.domain}"
            yield "N303", message, near_or_list("", options), (*location, place)
        elif word not in options:
            yield _unlisted("N301", word, f"{kind.domain} for {called}", options, (*location, place))
