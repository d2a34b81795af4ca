"""Whether a scenario's words are in the vocabulary, and its declared facts of the right type and range."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policyengine.domain.reading import Location
from policyengine.domain.references import Finding
from policyengine.errors.near_names import near_or_list
from policyengine.lang.types import Boolean, Number, Type, Word, Words
from policyengine.rulebook.vocabulary import Vocabulary, singular

_SINGLE = {
    "jurisdictions": {"level": "levels", "side": "sides"},
    "ties": {"kind": "tie_kinds"},
    "threats": {"kind": "threat_kinds", "origin": "origins", "vector": "vectors"},
}
_LISTS = {"jurisdictions": {"competences": "competences"}, "ties": {"layers": "layers"}, "threats": {}}
_KEYS = {
    "jurisdictions": {"capacities": "capacities", "costs": "cost_categories", "benefits": "benefit_bases", "interests": "interests"},
    "ties": {},
    "threats": {},
}
_ATTRIBUTES = {"jurisdictions": "jurisdiction_attributes", "ties": "tie_attributes", "threats": "threat_attributes"}


def check_words(data: Any, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Everything in a scenario's plain data that the vocabulary does not allow."""
    if not isinstance(data, dict):
        return
    yield from check_facts(data.get("conditions"), "conditions", vocabulary, ("conditions",))
    for section in _SINGLE:
        entries = data.get(section)
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            if isinstance(entry, dict):
                yield from check_entry(entry, section, vocabulary, (section, index))


def check_entry(entry: dict[str, Any], section: str, vocabulary: Vocabulary, base: Location) -> Iterator[Finding]:
    """The words of one jurisdiction, tie or threat."""
    for field, words in _SINGLE[section].items():
        if isinstance(entry.get(field), str):
            yield from _word(entry[field], words, vocabulary, (*base, field))
    for field, words in _LISTS[section].items():
        listed = entry.get(field)
        for place, word in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(word, str):
                yield from _word(word, words, vocabulary, (*base, field, place))
    for field, words in _KEYS[section].items():
        keys = entry.get(field)
        for word in keys if isinstance(keys, dict) else ():
            yield from _word(word, words, vocabulary, (*base, field, word))
    yield from check_facts(entry.get("attributes"), _ATTRIBUTES[section], vocabulary, (*base, "attributes"))


def _word(word: str, section: str, vocabulary: Vocabulary, location: Location) -> Iterator[Finding]:
    known = vocabulary.words(section)
    if word not in known:
        yield "N301", f"'{word}' is not a known {singular(section)}", near_or_list(word, known), location


def check_facts(facts: Any, section: str, vocabulary: Vocabulary, base: Location) -> Iterator[Finding]:
    """Declared facts (`attributes`, `conditions`): their names, types and ranges."""
    terms = vocabulary.terms(section)
    for name, value in facts.items() if isinstance(facts, dict) else ():
        location = (*base, name)
        if name not in terms:
            yield "N302", f"there is no {base[-1]} value '{name}' here", near_or_list(name, terms), location
        else:
            yield from _value(name, value, vocabulary.fact_type(terms[name]), location)


def _value(name: str, value: Any, kind: Type, location: Location) -> Iterator[Finding]:
    match kind:
        case Number():
            if isinstance(value, bool) or not isinstance(value, int | float):
                yield "N303", f"'{name}' should be a number", f"from {kind.low:g} to {kind.high:g}; leave it out if it is not known", location
            elif not kind.low <= value <= kind.high:
                yield "N105", f"'{name}' is {value}, which is out of range", f"from {kind.low:g} to {kind.high:g}", location
        case Boolean():
            if not isinstance(value, bool):
                yield "N303", f"'{name}' should be true or false", "leave it out if it is not known", location
        case Word():
            if not isinstance(value, str):
                yield "N303", f"'{name}' should be one word", near_or_list("", kind.options or ()), location
            elif kind.options is not None and value not in kind.options:
                yield "N301", f"'{value}' is not a known {kind.domain} for '{name}'", near_or_list(value, kind.options), location
        case Words():
            if not isinstance(value, list):
                yield "N303", f"'{name}' should be a list of words", "write [a, b]", location
                return
            for place, word in enumerate(value):
                if isinstance(word, str) and kind.options is not None and word not in kind.options:
                    yield "N301", f"'{word}' is not a known {kind.domain}", near_or_list(word, kind.options), (*location, place)
