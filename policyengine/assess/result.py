"""The result: a published, versioned format in which every number leads back to rules, claims and sources.

Scores are whole millionths of a point; shares are whole per cents (None where there is nothing to
share). Places in `firings` are numbers in the list of that name.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from policyengine.assess.mode import Mode

FORMAT: Literal["policyengine-result/1"] = "policyengine-result/1"


class Part(BaseModel):
    """A piece of a result: frozen, and without room for anything else."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Engine(Part):
    """Which engine ran, and why it is not the one asked for, if it is not."""

    name: str
    note: str = ""


class ScenarioStamp(Part):
    """Which scenario was evaluated; `sha256` is of the file as read."""

    id: str
    title: str
    shows: str
    year: int | None
    sha256: str


class PackStamp(Part):
    """Which pack took part; `sha256` is of all its files."""

    id: str
    title: str
    version: str
    role: Literal["vocabulary", "gate", "opinion", "baseline"]
    sha256: str


class Named(Part):
    """An id with the name a reader knows it by."""

    id: str
    name: str


class Actor(Named):
    """A jurisdiction of the scenario."""

    level: str
    side: str


class Standing(Part):
    """What one jurisdiction has on one layer."""

    jurisdiction: str
    role: Literal["lead", "co-lead", "support", "none"]
    score: int
    share: int | None
    share_of_side: int | None
    barred: Literal["no", "from lead", "from layer"]
    firings: tuple[int, ...]


class Cell(Part):
    """One layer for one threat: who leads, how leads work together, and whether unknowns could change that."""

    threat: str
    layer: str
    leads: tuple[str, ...]
    mode: Mode
    settled: bool
    standings: tuple[Standing, ...]


class ModelRank(Part):
    """A model with its points and its rank; equal scores have equal ranks."""

    model: str
    rank: int
    score: int
    firings: tuple[int, ...]


class View(Part):
    """What the named packs say together; `id` is `all`, or the opinion pack that speaks alone."""

    id: str
    packs: tuple[str, ...]
    cells: tuple[Cell, ...]
    models: tuple[ModelRank, ...]


class Fired(Part):
    """One effect of one rule for one subject, with its strength in millionths of a point."""

    rule: str
    effect: int
    kind: Literal["score", "bar", "mark", "favour", "measure", "caution"]
    target: str
    subject: dict[str, str]
    strength: int


class BurdenRow(Part):
    """One partner under one cost measure and one benefit basis; shares in whole per cents, ratio to two places."""

    jurisdiction: str
    cost_share: int | None
    benefit_share: int | None
    ratio: float | None
    labels: tuple[str, ...]


class BurdenBasis(Part):
    """All partners on one basis; `gap` is half the sum of |cost share - benefit share|, in whole per cents."""

    cost_measure: str
    basis: str
    gap: int | None
    rows: tuple[BurdenRow, ...]


class BurdenVerdict(Part):
    """Under how many of the bases a label holds for a jurisdiction; never a bare label."""

    jurisdiction: str
    label: str
    holds: int
    bases: int
    undetermined: int
    firings: tuple[int, ...]


class Measure(Part):
    """Something to do, with its parties, for these threats, and the firings that ask for it."""

    text: str
    parties: tuple[str, ...]
    threats: tuple[str, ...]
    firings: tuple[int, ...]


class Caution(Part):
    """A warning, with the rules that give it (none where it is about the run itself)."""

    text: str
    about: tuple[str, ...]
    rules: tuple[str, ...]


class Open(Part):
    """A rule that could not be decided: for which subjects, what is missing, and which leads it could change."""

    rule: str
    subjects: tuple[dict[str, str], ...]
    missing: tuple[str, ...]
    could_change: tuple[str, ...]


class RuleNote(Part):
    """A rule that fired or is open, with what it carries."""

    claims: tuple[str, ...]
    nature: Literal["normative", "descriptive"]
    why: str
    when: str
    file: str


class ClaimNote(Part):
    """A claim behind a rule of this result."""

    source: str
    heading: str
    polarity: str
    paraphrase: str


class SourceNote(Part):
    """A source behind a claim of this result, with how much of it was read."""

    citation: str
    seen: str
    as_of: int | None


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
