"""A checked rule and a checked pack: what the engines take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from policyengine.lang.nodes import Node
from policyengine.rulebook.changes import Changes
from policyengine.rulebook.claims import Claim, Source
from policyengine.rulebook.rule_file import Examples, PackFile, Parameter
from policyengine.rulebook.vocabulary import Vocabulary

EffectKind = Literal["score", "bar", "mark", "favour", "measure", "caution"]


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect of a rule.

    `target` is the layer, mark (`jurisdiction.marks.name@pack`), model or text it is about; `points`
    is there for `score` and `favour`; `lead_only` for a bar from leading; `parties` for a measure.
    """

    kind: EffectKind
    target: str
    points: Node | None = None
    lead_only: bool = False
    parties: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        """The target as its author wrote it."""
        return mark_text(self.target) if self.kind == "mark" else self.target


def mark_text(mark: str) -> str:
    """A mark as one writes it: `threat.wide` for `threat.marks.wide@pack`."""
    return mark.partition("@")[0].replace(".marks.", ".")


@dataclass(frozen=True, slots=True)
class Rule:
    """One checked rule. `subject` names the records it speaks of; `stratum` orders it after the marks it reads.

    A rule that is a row of a decision table has the name of the table's rule file in `table`, in `row` the name of its
    case, and in `number` its place in the table.
    """

    id: str
    pack: str
    claims: tuple[str, ...]
    nature: Literal["normative", "descriptive"]
    why: str
    weight: float
    when: Node
    effects: tuple[Effect, ...]
    subject: tuple[str, ...]
    file: str
    when_text: str
    examples: Examples
    stratum: int = 0
    reads: frozenset[str] = frozenset()
    sets: frozenset[str] = frozenset()
    table: str | None = None
    row: str | None = None
    number: int = 0

    @property
    def name(self) -> str:
        """The rule's name among all packs."""
        return f"{self.pack}/{self.id}"


@dataclass(frozen=True, slots=True)
class Pack:
    """One checked pack, without its rules (they stand in the rulebook, in order)."""

    file: PackFile
    folder: Path
    sha256: str

    @property
    def id(self) -> str:
        """The pack's name."""
        return self.file.pack


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Several packs made ready: what an evaluation needs to know of rules.

    `rules` stand in the order of their names within the order of the packs; `parameters` and
    `parameter_values` are held by `name@pack`; `claims` by `source/claim`. `changes` are what packs change in
    others: parameters have the values that hold in this run, and the rules in `off` are checked but do not run.
    """

    packs: tuple[Pack, ...]
    vocabulary: Vocabulary
    rules: tuple[Rule, ...]
    parameters: Mapping[str, Parameter]
    sources: Mapping[str, Source]
    claims: Mapping[str, Claim]
    sees: Mapping[str, tuple[str, ...]]
    schemas: Mapping[str, Any] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)
    off: tuple[Rule, ...] = ()

    @property
    def strata(self) -> tuple[tuple[int, ...], ...]:
        """Places of the rules, stratum by stratum: a stratum reads only marks set by those before it."""
        levels: list[list[int]] = [[] for _ in range(max((rule.stratum for rule in self.rules), default=0) + 1)]
        for place, rule in enumerate(self.rules):
            levels[rule.stratum].append(place)
        return tuple(map(tuple, levels))

    @property
    def marks(self) -> frozenset[str]:
        """All marks that rules could put. One whose rules are all switched off is put by nobody: it is false."""
        return frozenset(mark for rule in (*self.rules, *self.off) for mark in rule.sets)

    @property
    def parameter_values(self) -> dict[str, float]:
        """The value of each parameter, by `name@pack`."""
        return {name: parameter.value for name, parameter in self.parameters.items()}

    @property
    def speaks_of_burdens(self) -> bool:
        """Whether any rule reads a burden: otherwise none has to be computed for columns."""
        points = [effect.points for rule in self.rules for effect in rule.effects if effect.points is not None]
        trees = [*(rule.when for rule in self.rules), *points]
        named = {part.value for tree in trees for part in tree.walk() if part.op == "name"}
        return any("burden" in rule.subject for rule in self.rules) or any(path[-1] == "burdens" for path in named)

    def parameter(self, name: str, default: float) -> float:
        """The value of a parameter that the formulas use, from whichever pack sets it, else the default."""
        found = [p.value for key, p in self.parameters.items() if key.partition("@")[0] == name]
        return found[0] if found else default
