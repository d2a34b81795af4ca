"""The result: a published, versioned format in which every number leads back to rules, claims and sources.

Scores are whole millionths of a point; shares are whole per cents (None where there is nothing to
share). Places in `firings` are numbers in the list of that name.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict

from policyengine.assess.mode import Mode

FORMAT: Literal["policyengine-result/1"] = "policyengine-result/1"


class Part:
    """A piece of a result: frozen, and without room for anything else.

    Dataclasses rather than models: an evaluation makes hundreds of them from values that it has just
    computed, and a command that prints them need not build twenty validators first.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True, kw_only=True)
class Engine(Part):
    """Which engine ran, and why it is not the one asked for, if it is not."""

    name: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ScenarioStamp(Part):
    """Which scenario was evaluated; `sha256` is of the file as read."""

    id: str
    title: str
    shows: str
    year: int | None
    sha256: str


@dataclass(frozen=True, kw_only=True)
class PackStamp(Part):
    """Which pack took part; `sha256` is of all its files."""

    id: str
    title: str
    version: str
    role: Literal["vocabulary", "gate", "opinion", "baseline"]
    sha256: str


@dataclass(frozen=True, kw_only=True)
class OverrideNote(Part):
    """A value that the pack `by` gives to a parameter (`name@pack`) of a pack that it extends, and why."""

    by: str
    parameter: str
    value: float
    instead_of: float
    because: str


@dataclass(frozen=True, kw_only=True)
class SwitchedOffNote(Part):
    """A rule (`pack/name`) that the pack `by` does not let run, and why."""

    by: str
    rule: str
    because: str


@dataclass(frozen=True, kw_only=True)
class Named(Part):
    """An id with the name a reader knows it by."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Actor(Named):
    """A jurisdiction of the scenario."""

    level: str
    side: str


@dataclass(frozen=True, kw_only=True)
class Standing(Part):
    """What one jurisdiction has on one layer."""

    jurisdiction: str
    role: Literal["lead", "co-lead", "support", "none"]
    score: int
    share: int | None
    share_of_side: int | None
    barred: Literal["no", "from lead", "from layer"]
    firings: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Cell(Part):
    """One layer for one threat: who leads, how leads work together, and whether unknowns could change that."""

    threat: str
    layer: str
    leads: tuple[str, ...]
    mode: Mode
    settled: bool
    standings: tuple[Standing, ...]


@dataclass(frozen=True, kw_only=True)
class ModelRank(Part):
    """A model with its points and its rank; equal scores have equal ranks.

    `settled` says whether unknowns leave its rank as it is; None in results of versions that did not ask.
    """

    model: str
    rank: int
    score: int
    firings: tuple[int, ...]
    settled: bool | None = None


@dataclass(frozen=True, kw_only=True)
class View(Part):
    """What the named packs say together; `id` is `all`, or the opinion pack that speaks alone."""

    id: str
    packs: tuple[str, ...]
    cells: tuple[Cell, ...]
    models: tuple[ModelRank, ...]


@dataclass(frozen=True, kw_only=True)
class Fired(Part):
    """One effect of one rule for one subject, with its strength in millionths of a point."""

    rule: str
    effect: int
    kind: Literal["score", "bar", "mark", "favour", "measure", "caution"]
    target: str
    subject: dict[str, str]
    strength: int


@dataclass(frozen=True, kw_only=True)
class BurdenRow(Part):
    """One partner under one cost measure and one benefit basis; shares in whole per cents, ratio to two places."""

    jurisdiction: str
    cost_share: int | None
    benefit_share: int | None
    ratio: float | None
    labels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BurdenBasis(Part):
    """All partners on one basis; `gap` is half the sum of |cost share - benefit share|, in whole per cents."""

    cost_measure: str
    basis: str
    gap: int | None
    rows: tuple[BurdenRow, ...]


@dataclass(frozen=True, kw_only=True)
class BurdenVerdict(Part):
    """Under how many of the bases a label holds for a jurisdiction; never a bare label."""

    jurisdiction: str
    label: str
    holds: int
    bases: int
    undetermined: int
    firings: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Measure(Part):
    """Something to do, with its parties, for these threats, and the firings that ask for it."""

    text: str
    parties: tuple[str, ...]
    threats: tuple[str, ...]
    firings: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Caution(Part):
    """A warning, with the rules that give it (none where it is about the run itself)."""

    text: str
    about: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Open(Part):
    """A rule that could not be decided: for which subjects, what is missing, and which leads it could change."""

    rule: str
    subjects: tuple[dict[str, str], ...]
    missing: tuple[str, ...]
    could_change: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RuleNote(Part):
    """A rule that fired or is open, with what it carries."""

    claims: tuple[str, ...]
    nature: Literal["normative", "descriptive"]
    why: str
    when: str
    file: str


@dataclass(frozen=True, kw_only=True)
class ClaimNote(Part):
    """A claim behind a rule of this result."""

    source: str
    heading: str
    polarity: str
    paraphrase: str


@dataclass(frozen=True, kw_only=True)
class SourceNote(Part):
    """A source behind a claim of this result, with how much of it was read."""

    citation: str
    seen: str
    as_of: int | None


@dataclass(frozen=True, kw_only=True)
class Result(Part):
    """Everything that evaluating one scenario gives."""

    format: Literal["policyengine-result/1"] = FORMAT
    version: str
    engine: Engine
    scenario: ScenarioStamp
    packs: tuple[PackStamp, ...]
    parameters: dict[str, float]
    jurisdictions: tuple[Actor, ...]
    threats: tuple[Named, ...]
    layers: tuple[str, ...]
    views: tuple[View, ...]
    burdens: tuple[BurdenBasis, ...]
    burden_verdicts: tuple[BurdenVerdict, ...]
    measures: tuple[Measure, ...]
    cautions: tuple[Caution, ...]
    undecided: tuple[Open, ...]
    firings: tuple[Fired, ...]
    rules: dict[str, RuleNote]
    claims: dict[str, ClaimNote]
    sources: dict[str, SourceNote]
    overrides: tuple[OverrideNote, ...] = ()
    switched_off: tuple[SwitchedOffNote, ...] = ()


def plain(value: Any) -> Any:
    """A result, or a piece of one, as what JSON has: texts, numbers, truths, None, lists and dictionaries."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def read_result(text: str | bytes) -> Result:
    """Read a result from its JSON; raises pydantic's ValidationError if it does not keep to the format."""
    from pydantic import TypeAdapter

    return TypeAdapter(Result).validate_json(text)
