"""What stands in a rule file and in a pack file, before anything is compiled."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, StringConstraints, Tag
from pydantic import Field as Limits

from policyengine.domain.fields import Model, Slug, Text, Word
from policyengine.rulebook.vocabulary import VocabularySection

Points = str | float
ClaimName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$", max_length=161)
]
MarkName = Annotated[str, StringConstraints(pattern=r"^(threat|jurisdiction|burden)\.[a-z][a-z0-9_]{0,63}$")]
ParameterName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class ScoreEntry(Model):
    """Points for the jurisdiction on one layer."""

    score: Word
    points: Points


class BarEntry(Model):
    """Rules the jurisdiction out of a layer, or only out of leading it."""

    bar: Word
    from_: Annotated[Literal["layer", "lead"], Limits(alias="from")] = "layer"


class MarkEntry(Model):
    """Puts a mark that later rules may test."""

    mark: MarkName


class FavourEntry(Model):
    """Points for a model; `model` stands for the model that the rule names."""

    favour: Word
    points: Points


class MeasureEntry(Model):
    """Something to do, with its parties."""

    measure: Text
    parties: list[Literal["jurisdiction", "other", "tie.partner"]] = []


class CautionEntry(Model):
    """A warning to the reader."""

    caution: Text


EFFECTS: dict[str, type[Model]] = {
    "score": ScoreEntry, "bar": BarEntry, "mark": MarkEntry,
    "favour": FavourEntry, "measure": MeasureEntry, "caution": CautionEntry,
}  # fmt: skip
"""The kinds of effect, by the key that an entry of `then` carries."""


def effect_kind(entry: Any) -> str | None:
    """The name of the model for an entry of `then`.

    The tag is the model's name and not the key, so that a place such as then/0/ScoreEntry/points is
    never taken for a path in the file.
    """
    if isinstance(entry, dict):
        return next((kind.__name__ for key, kind in EFFECTS.items() if key in entry), None)
    return type(entry).__name__


Entry = Annotated[
    Annotated[ScoreEntry, Tag("ScoreEntry")]
    | Annotated[BarEntry, Tag("BarEntry")]
    | Annotated[MarkEntry, Tag("MarkEntry")]
    | Annotated[FavourEntry, Tag("FavourEntry")]
    | Annotated[MeasureEntry, Tag("MeasureEntry")]
    | Annotated[CautionEntry, Tag("CautionEntry")],
    Discriminator(
        effect_kind,
        custom_error_type="no_effect",
        custom_error_message="no effect",
        custom_error_context={"words": ", ".join(EFFECTS)},
    ),
]


class Examples(Model):
    """Facts for which the rule must fire, stay silent, or be undecided."""

    fires: list[dict[str, Any]] = []
    silent: list[dict[str, Any]] = []
    undecided: list[dict[str, Any]] = []


class RuleFile(Model):
    """One rule file."""

    rule: Slug
    claim: ClaimName | Annotated[list[ClaimName], Limits(min_length=1, max_length=50)]
    nature: Literal["normative", "descriptive"]
    why: Text
    weight: Annotated[float, Limits(ge=0, le=100)] = 1.0
    when: str
    then: Annotated[list[Entry], Limits(min_length=1, max_length=20)]
    examples: Examples = Examples()

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims it carries, as `source/claim`."""
        return (self.claim,) if isinstance(self.claim, str) else tuple(self.claim)


class Parameter(Model):
    """A threshold or weight with a policy meaning: its value and the range in which it may be argued."""

    value: float
    low: float
    high: float
    unit: Text | None = None
    means: Text
    claim: ClaimName | None = None
    source: Text | None = None


class PackFile(Model):
    """The `pack.yaml` of a pack."""

    pack: Slug
    title: Text
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    role: Literal["vocabulary", "gate", "opinion", "baseline"]
    summary: Text
    extends: list[Slug] = []
    default: bool = False
    counterpart: Slug | None = None
    sources: list[Slug] = []
    vocabulary: VocabularySection = VocabularySection()
    parameters: dict[ParameterName, Parameter] = {}
