"""What stands in a file of tests of a pack, before anything is run."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field as Limits
from pydantic import StringConstraints

from policyengine.domain.fields import Id, Model, Text, Word

RuleName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*){0,2}$", max_length=250)
]
PackName = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Bounds = Annotated[str, StringConstraints(pattern=r"^\d{1,3}\.\.\d{1,3}$")] | Annotated[int, Limits(ge=0, le=100)]
"""A share in whole per cents: `30..40`, both included, or one number."""


class About(Model):
    """A rule for one subject: the ids of the threat, the jurisdiction and whatever else it speaks of."""

    rule: RuleName
    subject: Annotated[list[Id], Limits(alias="for", min_length=1, max_length=5)]


class Expected(Model):
    """What must come out; whatever is left out is not looked at."""

    fired: list[RuleName | About] = []
    silent: list[RuleName | About] = []
    undecided: list[RuleName | About] = []
    leads: dict[Word, list[Id]] = {}
    supports: dict[Word, list[Id]] = {}
    shares: dict[Word, dict[Id, Bounds]] = {}
    modes: dict[Word, Literal["single", "parallel", "integrated", "host", "contested"]] = {}
    settled: dict[Word, bool] = {}
    cautions: list[Text] = []
    measures: list[Text] = []
    model: Word | None = None


class ScenarioTest(Model):
    """One test: a scenario, perhaps changed, and what must come out of it."""

    test: Text
    scenario: Text
    change: dict[Annotated[str, StringConstraints(min_length=1, max_length=500)], Any] = {}
    packs: Annotated[list[PackName], Limits(min_length=1, max_length=50)] | None = None
    threat: Id | None = None
    expect: Expected


class TestFile(Model):
    """A file of tests."""

    __test__ = False  # pytest would take the class for tests of its own

    tests: Annotated[list[ScenarioTest], Limits(min_length=1, max_length=1_000)]
