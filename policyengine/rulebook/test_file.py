"""What stands in a file of tests of a pack, before anything is run."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field as Limits
from pydantic import StringConstraints

from policyengine.domain.fields import Id, Model, Slug, Text, Word

RuleName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*){0,2}$", max_length=250)
]
Bounds = Annotated[str, StringConstraints(pattern=r"^\d{1,3}\.\.\d{1,3}$")] | Annotated[int, Limits(ge=0, le=100)]
"""A share in whole per cents: `30..40`, both included, or one number."""
Points = Annotated[str, StringConstraints(pattern=r"^-?\d{1,9}(\.\d{1,6})?\.\.-?\d{1,9}(\.\d{1,6})?$")] | float
"""Points: `1.5..2`, both included, or one number."""
MarkName = Annotated[str, StringConstraints(pattern=r"^(threat|jurisdiction)\.[a-z][a-z0-9_]{0,63}$")]


class About(Model):
    """A rule for one subject: the ids of the threat, the jurisdiction and whatever else it speaks of."""

    rule: RuleName
    """The rule, by its name in the pack or as pack/rule."""
    subject: Annotated[list[Id], Limits(alias="for", min_length=1, max_length=5)]
    """The ids of the threat, the jurisdiction and whatever else the rule speaks of."""


class Expected(Model):
    """What must come out; whatever is left out is not looked at."""

    fired: list[RuleName | About] = []
    """Rules that must fire."""
    silent: list[RuleName | About] = []
    """Rules that must not."""
    undecided: list[RuleName | About] = []
    """Rules that must be left open."""
    leads: dict[Word, list[Id]] = {}
    """Who must lead, by layer; the list is whole."""
    co_leads: dict[Word, list[Id]] = {}
    """Who must lead beside a better one of the same side, by layer; the list is whole."""
    supports: dict[Word, list[Id]] = {}
    """Who must support, by layer; the list is whole."""
    shares: dict[Word, dict[Id, Bounds]] = {}
    """Shares in whole per cents, by layer and jurisdiction: 30..40, both included, or one number."""
    scores: dict[Word, dict[Id, Points]] = {}
    """Points, by layer and jurisdiction: 1.5..2, both included, or one number."""
    marks: dict[MarkName, list[Id]] = {}
    """Who must carry a mark, by threat.NAME or jurisdiction.NAME; the list is whole."""
    modes: dict[Word, Literal["single", "parallel", "integrated", "host", "contested"]] = {}
    """How leads work together, by layer."""
    settled: dict[Word, bool] = {}
    """Whether the leads of a layer cannot change, whatever is still unknown."""
    cautions: list[Text] = []
    """Cautions that must be given."""
    measures: list[Text] = []
    """Measures that must be recommended."""
    model: Word | None = None
    """The model that must come first."""


class ScenarioTest(Model):
    """One test: a scenario, perhaps changed, and what must come out of it."""

    test: Text
    """What the test shows, in one sentence."""
    scenario: Text | dict[str, Any]
    """The name of a shipped scenario, the path of a file from this one, or the fields of a scenario themselves."""
    change: dict[Annotated[str, StringConstraints(min_length=1, max_length=500)], Any] = {}
    """What is changed in the scenario, each value by its path."""
    packs: Annotated[list[Slug], Limits(min_length=1, max_length=50)] | None = None
    """Packs that are used beside the one of the test."""
    threat: Id | None = None
    """The threat that is meant, where the scenario has several."""
    expect: Expected
    """What must come out; what is left out is not looked at."""


class TestFile(Model):
    """A file of tests."""

    __test__ = False  # pytest would take the class for tests of its own

    tests: Annotated[list[ScenarioTest], Limits(min_length=1, max_length=1_000)]
    """The tests, one entry each."""
