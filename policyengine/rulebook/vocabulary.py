"""Vocabulary: the words of a subject, declared in packs with definition, type, range and source."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field as Limits
from pydantic import model_validator

from policyengine.domain.fields import Model, Text, Word
from policyengine.lang.types import BOOLEAN, Number, Type
from policyengine.lang.types import Word as WordType
from policyengine.lang.types import Words as WordsType


class Term(Model):
    """A word with its definition and where the definition comes from."""

    means: Text
    """The definition of the word."""
    source: Text | None = None
    """Where the definition comes from."""


class TieKind(Term):
    """A kind of tie; `mode` says how leads that it joins work together."""

    mode: Literal["integrated", "host"] | None = None
    """How leads that such a tie joins work together."""


class CostMeasure(Term):
    """Which cost categories count towards a partner's burden."""

    counts: Annotated[list[Word], Limits(min_length=1)]
    """The cost categories that count."""


class Declared(Term):
    """A fact that scenarios may state: its type, and its range or words."""

    type: Literal["number", "boolean", "choice", "choices"]
    """What kind of value it is."""
    low: float | None = None
    """The least that it can be, for a number."""
    high: float | None = None
    """The most that it can be, for a number."""
    unit: Text | None = None
    """In what it is measured, for a number."""
    options: list[Word] | None = None
    """The words that it can be, for a choice."""
    of: Text | None = None
    """The list of words that it is chosen from, instead of options."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.type == "number" and (self.low is None or self.high is None or self.low > self.high):
            raise ValueError("a number needs a range; give 'low' and 'high', low not above high")
        if self.type in ("choice", "choices") and not (self.options or self.of):
            raise ValueError("a choice needs words; give 'options', or 'of' with the name of a list of words")
        return self


TERM_SECTIONS = (
    "sides",
    "levels",
    "layers",
    "threat_kinds",
    "origins",
    "vectors",
    "tie_kinds",
    "capacities",
    "competences",
    "cost_categories",
    "cost_measures",
    "benefit_bases",
    "interests",
    "models",
)
FACT_SECTIONS = ("threat_attributes", "jurisdiction_attributes", "tie_attributes", "conditions")


class VocabularySection(Model):
    """The `vocabulary` block of one pack."""

    sides: dict[Word, Term] = {}
    """The sides that jurisdictions are on."""
    levels: dict[Word, Term] = {}
    """The levels of government."""
    layers: dict[Word, Term] = {}
    """The layers on which jurisdictions lead and support."""
    threat_kinds: dict[Word, Term] = {}
    """The kinds of threat."""
    origins: dict[Word, Term] = {}
    """Where threats arise."""
    vectors: dict[Word, Term] = {}
    """How threats come."""
    tie_kinds: dict[Word, TieKind] = {}
    """The kinds of tie."""
    capacities: dict[Word, Term] = {}
    """Means that jurisdictions have, from 0 to 1 each."""
    competences: dict[Word, Term] = {}
    """Legal powers that jurisdictions have."""
    cost_categories: dict[Word, Term] = {}
    """Kinds of cost that jurisdictions bear."""
    cost_measures: dict[Word, CostMeasure] = {}
    """Which cost categories count towards a burden."""
    benefit_bases: dict[Word, Term] = {}
    """What benefits are measured by."""
    interests: dict[Word, Term] = {}
    """Aims that weigh for jurisdictions, from 0 to 1 each."""
    models: dict[Word, Term] = {}
    """Models to be ranked."""
    threat_attributes: dict[Word, Declared] = {}
    """Further facts about threats."""
    jurisdiction_attributes: dict[Word, Declared] = {}
    """Further facts about jurisdictions."""
    tie_attributes: dict[Word, Declared] = {}
    """Further facts about ties."""
    conditions: dict[Word, Declared] = {}
    """Facts about the whole scene."""


class Vocabulary:
    """The words of several packs together, section by section, in the order of the packs."""

    def __init__(self) -> None:
        self._sections: dict[str, dict[str, Any]] = {section: {} for section in (*TERM_SECTIONS, *FACT_SECTIONS)}
        self._owners: dict[tuple[str, str], str] = {}

    def add(self, pack: str, section_of_pack: VocabularySection) -> list[tuple[str, str, str]]:
        """Take over the words of a pack; returns (section, word, earlier pack) for words declared before."""
        twice = []
        for section, words in self._sections.items():
            for word, term in getattr(section_of_pack, section).items():
                if word in words:
                    twice.append((section, word, self._owners[section, word]))
                words.setdefault(word, term)
                self._owners.setdefault((section, word), pack)
        return twice

    def sections(self) -> tuple[str, ...]:
        """The names of all lists of words."""
        return tuple(self._sections)

    def words(self, section: str) -> tuple[str, ...]:
        """The words of a section in the order of declaration."""
        return tuple(self._sections[section])

    def terms(self, section: str) -> dict[str, Any]:
        """The words of a section with their declarations."""
        return self._sections[section]

    def owner(self, section: str, word: str) -> str:
        """The pack that declares a word."""
        return self._owners[section, word]

    def fact_type(self, declared: Declared) -> Type:
        """The type of a declared fact in the condition language."""
        if declared.type == "number":
            return Number(float(declared.low or 0.0), float(declared.high or 0.0), declared.unit or "")
        if declared.type == "boolean":
            return BOOLEAN
        domain = declared.of or "option"
        options = (
            frozenset(self.words(declared.of)) if declared.of in self._sections else frozenset(declared.options or ())
        )
        return (
            WordType(singular(domain), options) if declared.type == "choice" else WordsType(singular(domain), options)
        )


_SINGULAR = {
    "capacities": "capacity", "benefit_bases": "benefit basis", "cost_categories": "cost category",
    "threat_attributes": "attribute of a threat", "jurisdiction_attributes": "attribute of a jurisdiction",
    "tie_attributes": "attribute of a tie",
}  # fmt: skip


def singular(section: str) -> str:
    """The name of one word of a section, for messages."""
    return _SINGULAR.get(section, section.removesuffix("s").replace("_", " "))
