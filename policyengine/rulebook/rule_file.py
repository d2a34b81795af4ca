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
Accepted = dict[Annotated[str, StringConstraints(pattern=r"^R\d{3}$")], Text]
ParameterName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class ScoreEntry(Model):
    """Points for the jurisdiction on one layer."""

    score: Word
    """The layer on which the jurisdiction gets points."""
    points: Points
    """How many: a number or an expression; they may be negative."""


class BarEntry(Model):
    """Rules the jurisdiction out of a layer, or only out of leading it."""

    bar: Word
    """The layer that the jurisdiction is ruled out of."""
    from_: Annotated[Literal["layer", "lead"], Limits(alias="from")] = "layer"
    """Out of the layer, or only out of leading it."""


class MarkEntry(Model):
    """Puts a mark that later rules may test."""

    mark: MarkName
    """The mark that is set: threat.NAME, jurisdiction.NAME or burden.NAME."""


class FavourEntry(Model):
    """Points for a model; `model` stands for the model that the rule names."""

    favour: Word
    """The model that gets points; 'model' is the one that the rule names."""
    points: Points
    """How many: a number or an expression; they may be negative."""


class MeasureEntry(Model):
    """Something to do, with its parties."""

    measure: Text
    """What to do, in words."""
    parties: list[Literal["jurisdiction", "other", "tie.partner"]] = []
    """Who takes part in it."""


class CautionEntry(Model):
    """A warning to the reader."""

    caution: Text
    """The warning, in words."""


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
    """Facts for which the condition holds."""
    silent: list[dict[str, Any]] = []
    """Facts for which it does not hold."""
    undecided: list[dict[str, Any]] = []
    """Facts that leave it open."""


class RuleFile(Model):
    """One rule file."""

    rule: Slug
    """The name of the rule: small letters, digits and hyphens; the file is named like it."""
    claim: ClaimName | Annotated[list[ClaimName], Limits(min_length=1, max_length=50)]
    """The claim that the rule carries, as source/claim, or a list of several."""
    nature: Literal["normative", "descriptive"]
    """What ought to be (normative) or what is (descriptive)."""
    why: Text
    """One sentence on why the claim leads to the effect."""
    weight: Annotated[float, Limits(ge=0, le=100)] = 1.0
    """Multiplies the points; 1 if left out."""
    when: str
    """The condition, in the condition language; best written in a literal block, after '|'."""
    then: Annotated[list[Entry], Limits(min_length=1, max_length=20)]
    """What follows where the condition holds."""
    examples: Examples = Examples()
    """Facts that test the rule; what an example does not state is unknown."""
    accepts: Accepted = {}
    """Findings of `policyengine rules check` that are meant here: the code of each, with the reason."""

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims it carries, as `source/claim`."""
        return (self.claim,) if isinstance(self.claim, str) else tuple(self.claim)


TableName = Annotated[str, StringConstraints(pattern=r"^[^/\\]+\.([cC][sS][vV]|[xX][lL][sS][xX])$", max_length=200)]


class Table(Model):
    """Cases as a table: headings, and a list of cells for each case."""

    columns: Annotated[list[str], Limits(min_length=1, max_length=50)]
    """The headings: conditions (threat.severity >=), effects (score LAYER), or names for 'then'."""
    rows: Annotated[list[list[str | float | bool | list[str]]], Limits(min_length=1, max_length=1_000)]
    """For each case its cells, in the order of the headings; '-' leaves a column open."""


class TableFile(Model):
    """What a rule file with a table has besides; each of its rows is read as a rule."""

    table: Table | TableName
    """The cases, one in a row: columns and rows, or the name of a CSV or XLSX file beside this one."""


class Parameter(Model):
    """A threshold or weight with a policy meaning: its value and the range in which it may be argued."""

    value: float
    """What it is unless somebody varies it."""
    low: float
    """The least that can be argued for."""
    high: float
    """The most that can be argued for."""
    unit: Text | None = None
    """In what it is measured."""
    means: Text
    """What it stands for."""
    claim: ClaimName | None = None
    """The claim that it rests on, as source/claim."""
    source: Text | None = None
    """Where the value comes from, in words."""


ChangedName = Annotated[
    str, StringConstraints(pattern=r"^([a-z0-9]+(-[a-z0-9]+)*/)?[a-z][a-z0-9_]{0,63}$", max_length=145)
]


class Override(Model):
    """A value for a parameter of a pack that this one extends, with the reason."""

    value: float
    """The value instead of the pack's own; within the parameter's range."""
    because: Text
    """Why; every result repeats it."""


class PackFile(Model):
    """The `pack.yaml` of a pack."""

    pack: Slug
    """The name of the pack: small letters, digits and hyphens; the folder is named like it."""
    title: Text
    """What it is called in reports."""
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    """Three numbers with points, such as 1.0.0."""
    role: Literal["vocabulary", "gate", "opinion", "baseline"]
    """vocabulary declares words, gate says what is (the law, say), opinion argues, baseline is to compare with."""
    summary: Text
    """What its rules are about, and whose view they carry."""
    extends: list[Slug] = []
    """The packs whose words, claims, parameters and marks it uses."""
    default: bool = False
    """Whether it runs when no pack is named; for shipped packs."""
    counterpart: Slug | None = None
    """The pack that argues the other side."""
    sources: list[Slug] = []
    """The sources whose claims it carries, each a file in seeds/."""
    vocabulary: VocabularySection = VocabularySection()
    """The words that it declares."""
    parameters: dict[ParameterName, Parameter] = {}
    """Thresholds and weights with a policy meaning, each with the range in which it may be argued."""
    overrides: dict[ChangedName, Override] = {}
    """Other values for parameters of the packs that it extends, by NAME or PACK/NAME."""
    switch_off: dict[ClaimName, Text] = {}
    """Rules of the packs that it extends that are not to run, by PACK/RULE, each with the reason."""
    accepts: Accepted = {}
    """Findings of `policyengine rules check` that are meant in this pack: the code of each, with the reason."""
