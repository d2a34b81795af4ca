"""Which names a rule may use, with type and range: made from the models and the vocabulary.

The name of a value in a condition is its path in the scenario file.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from policyengine.domain.burden import MOST_RATIO
from policyengine.domain.fields import Model
from policyengine.domain.jurisdiction import Jurisdiction
from policyengine.domain.scenario import Scenario
from policyengine.domain.threat import Threat
from policyengine.domain.tie import Tie
from policyengine.lang.types import BOOLEAN, Collection, Field, Number, Record, Schema, Type, Word, Words
from policyengine.rulebook.vocabulary import Vocabulary, singular

SUBJECTS = ("threat", "jurisdiction", "tie", "other", "model", "burden")
MARKED = ("threat", "jurisdiction", "burden")
"""The records that a rule may put a mark on."""

_WORD_FIELDS = {
    (Threat, "kind"): "threat_kinds", (Threat, "origin"): "origins", (Threat, "vector"): "vectors",
    (Tie, "kind"): "tie_kinds", (Jurisdiction, "level"): "levels", (Jurisdiction, "side"): "sides",
}  # fmt: skip
_WORDS_FIELDS = {"competences": "competences", "layers": "layers"}
GROUPS = {
    "capacities": "capacities",
    "costs": "cost_categories",
    "benefits": "benefit_bases",
    "interests": "interests",
}
"""The fields of jurisdictions that hold a number for each word of a section."""
_RATIO = Number(0.0, MOST_RATIO)
_SHARE = Number(0.0, 1.0)


def build_schema(
    vocabulary: Vocabulary, parameters: Mapping[str, Field], marks: Mapping[str, Mapping[str, Field]]
) -> Schema:
    """The names that the rules of one pack may use.

    `parameters` and `marks` (by record, then by name) are those that the pack sees: its own and
    those of the packs that it extends.
    """
    threat = Record("threat", {**_fields(Threat, vocabulary, "threat_attributes"), **_marks(marks.get("threat", {}))})
    burden = Record("burden", {**_burden_fields(vocabulary), **_marks(marks.get("burden", {}))})
    actor = {**_fields(Jurisdiction, vocabulary, "jurisdiction_attributes"), **_marks(marks.get("jurisdiction", {}))}
    partner = Record("jurisdiction", actor)
    tie_fields = _fields(Tie, vocabulary, "tie_attributes")
    link = Record("tie", {**tie_fields, "partner": Field(partner, "the other party")})
    jurisdiction = Record(
        "jurisdiction",
        {
            **actor,
            "ties": Field(Collection(link), "its ties, once for each other party"),
            "burdens": Field(Collection(burden), "its burdens, one for each cost measure and benefit basis"),
        },
    )
    return {
        "scenario": Record("scenario", _scenario_fields(vocabulary)),
        "param": Record("parameter", dict(parameters)),
        "threat": threat,
        "jurisdiction": jurisdiction,
        "tie": link,
        "other": partner,
        "model": Record("model", {"id": Field(_word("models", vocabulary), "the model")}),
        "burden": burden,
        "threats": Collection(threat),
        "jurisdictions": Collection(jurisdiction),
        "ties": Collection(Record("tie", tie_fields)),
    }


def _fields(model: type[Model], vocabulary: Vocabulary, attributes: str) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    for name, info in model.model_fields.items():
        if name in ("name", "reasons", "parties", "attributes"):
            continue
        if name in GROUPS:
            number = _number(get_args(info.annotation)[1]) or _SHARE
            fields |= {
                f"{name}.{word}": Field(number, term.means, term.source or "")
                for word, term in vocabulary.terms(GROUPS[name]).items()
            }
        else:
            fields[name] = Field(_field_type(model, name, info, vocabulary), "", "")
    for word, declared in vocabulary.terms(attributes).items():
        fields[f"attributes.{word}"] = Field(vocabulary.fact_type(declared), declared.means, declared.source or "")
    return fields


def _field_type(model: type[Model], name: str, info: Any, vocabulary: Vocabulary) -> Type:
    if (model, name) in _WORD_FIELDS:
        return _word(_WORD_FIELDS[model, name], vocabulary)
    if name in _WORDS_FIELDS:
        return Words(singular(_WORDS_FIELDS[name]), frozenset(vocabulary.words(_WORDS_FIELDS[name])))
    if name == "id":
        return Word(f"{model.__name__.lower()} id")
    if name in ("parent", "places"):
        return (Word if name == "parent" else Words)("jurisdiction id")
    annotation = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    return _number(annotation) or BOOLEAN


def _word(section: str, vocabulary: Vocabulary) -> Word:
    return Word(singular(section), frozenset(vocabulary.words(section)))


def _number(annotation: Any) -> Number | None:
    """The range of a number as the model states it, or None if the annotation is no number."""
    found = _limits(annotation)
    if found is None:
        return None
    return Number(float(found.get("ge", 0)), float(found.get("le", 0)), whole=bool(found.get("whole")))


def _limits(annotation: Any) -> dict[str, float] | None:
    """The limits of a number, and whether it is `whole`; None if the annotation is no number."""
    origin = get_origin(annotation)
    if origin is Annotated:
        base, *metadata = get_args(annotation)
        inner = _limits(base)
        for piece in metadata:
            for part in getattr(piece, "metadata", [piece]):
                inner = (
                    inner
                    if inner is None
                    else inner
                    | {key: getattr(part, key) for key in ("ge", "le") if getattr(part, key, None) is not None}
                )
        return inner
    if origin in (Union, UnionType):
        return next((limits for limits in map(_limits, get_args(annotation)) if limits is not None), None)
    return {"whole": float(annotation is int)} if annotation in (int, float) else None


def _marks(marks: Mapping[str, Field]) -> dict[str, Field]:
    return {f"marks.{name}": field for name, field in marks.items()}


def _scenario_fields(vocabulary: Vocabulary) -> dict[str, Field]:
    fields = {
        "year": Field(_number(Scenario.model_fields["year"].annotation) or _SHARE, "the year that the file describes")
    }
    for word, declared in vocabulary.terms("conditions").items():
        fields[f"conditions.{word}"] = Field(vocabulary.fact_type(declared), declared.means, declared.source or "")
    return fields


def _burden_fields(vocabulary: Vocabulary) -> dict[str, Field]:
    return {
        "cost_measure": Field(_word("cost_measures", vocabulary), "which costs count"),
        "basis": Field(_word("benefit_bases", vocabulary), "on which benefit"),
        "cost_share": Field(_SHARE, "part of the partners' cost"),
        "benefit_share": Field(_SHARE, "part of the partners' benefit"),
        "ratio": Field(_RATIO, "cost share over benefit share"),
        "weaker": Field(BOOLEAN, "whether a partner of the basis has more power"),
    }
