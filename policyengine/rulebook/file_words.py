"""The words of packs, put into the schema of a file in the place of any word at all."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from policyengine.rulebook.vocabulary import Declared, Vocabulary

_ONE = {
    ("Jurisdiction", "level"): "levels", ("Jurisdiction", "side"): "sides", ("Tie", "kind"): "tie_kinds",
    ("Threat", "kind"): "threat_kinds", ("Threat", "origin"): "origins", ("Threat", "vector"): "vectors",
    ("ScoreEntry", "score"): "layers", ("BarEntry", "bar"): "layers", ("FavourEntry", "favour"): "models",
}  # fmt: skip
_SEVERAL = {("Jurisdiction", "competences"): "competences", ("Tie", "layers"): "layers"}
_KEYS = {
    ("Jurisdiction", "capacities"): "capacities", ("Jurisdiction", "costs"): "cost_categories",
    ("Jurisdiction", "benefits"): "benefit_bases", ("Jurisdiction", "interests"): "interests",
    ("Outcome", "layers"): "layers", ("Outcome", "normative"): "layers",
}  # fmt: skip
_FACTS = {
    ("Jurisdiction", "attributes"): "jurisdiction_attributes", ("Tie", "attributes"): "tie_attributes",
    ("Threat", "attributes"): "threat_attributes", ("Scenario", "conditions"): "conditions",
}  # fmt: skip
_OF_RECORD = {"threats": "Threat", "jurisdictions": "Jurisdiction", "ties": "Tie"}


def section_of(kind: str, path: tuple[str | int, ...]) -> str | None:
    """The list of words from which the value or key at a place of a file is taken; None if there is none."""
    match kind, path:
        case "scenario", (section, int(), *rest) if section in _OF_RECORD:
            found = _section(_OF_RECORD[str(section)], rest)
        case "scenario", ("conditions", _):
            found = "conditions"
        case "scenario", ("outcome", "layers" | "normative", _):
            found = "layers"
        case "rule", ("then", int(), "score" | "bar"):
            found = "layers"
        case "rule", ("then", int(), "favour"):
            found = "models"
        case _:
            found = None
    return found


def _section(record: str, rest: list[str | int]) -> str | None:
    match rest:
        case [str(field)]:
            return _ONE.get((record, field))
        case [str(field), int()]:
            return _SEVERAL.get((record, field))
        case [str(field), str()]:
            return _KEYS.get((record, field)) or _FACTS.get((record, field))
    return None


def put_words(kind: str, made: dict[str, Any], vocabulary: Vocabulary, claims: Collection[str] = ()) -> None:
    """Narrow a schema to the words of a vocabulary, each with its definition where the schema has room for it."""
    models = {**made.get("$defs", {}), kind.capitalize(): made}
    for table, narrow in ((_ONE, _narrow), (_SEVERAL, _narrow_items), (_KEYS, _narrow_keys), (_FACTS, _narrow_facts)):
        for (model, field), section in table.items():
            if model in models:
                narrow(models[model]["properties"][field], section, vocabulary)
    if claims and kind == "rule":
        for branch in made["properties"]["claim"]["anyOf"]:
            _only(branch.get("items", branch), sorted(claims))


def _only(shown: dict[str, Any], words: Collection[str]) -> None:
    for limit in ("pattern", "maxLength"):
        shown.pop(limit, None)
    shown["enum"] = list(words)


def _narrow(shown: dict[str, Any], section: str, vocabulary: Vocabulary) -> None:
    # A rule that ranks models may speak of the model at hand.
    _only(shown, [*vocabulary.words(section), *(["model"] if section == "models" else [])])


def _narrow_items(shown: dict[str, Any], section: str, vocabulary: Vocabulary) -> None:
    _only(shown["items"], vocabulary.words(section))


def _narrow_keys(shown: dict[str, Any], section: str, vocabulary: Vocabulary) -> None:
    (value,) = shown.pop("patternProperties").values()
    shown["properties"] = {
        word: {**value, "description": term.means} for word, term in vocabulary.terms(section).items()
    }
    shown["additionalProperties"] = False


def _narrow_facts(shown: dict[str, Any], section: str, vocabulary: Vocabulary) -> None:
    shown.pop("patternProperties")
    shown["properties"] = {name: _fact(fact, vocabulary) for name, fact in vocabulary.terms(section).items()}
    shown["additionalProperties"] = False


def _fact(fact: Declared, vocabulary: Vocabulary) -> dict[str, Any]:
    words = list(vocabulary.words(fact.of)) if fact.of else fact.options
    shapes: dict[str, dict[str, Any]] = {
        "number": {"type": "number", "minimum": fact.low, "maximum": fact.high},
        "boolean": {"type": "boolean"},
        "choice": {"type": "string", "enum": words},
        "choices": {"type": "array", "items": {"type": "string", "enum": words}},
    }
    return {**shapes[fact.type], "description": fact.means}
