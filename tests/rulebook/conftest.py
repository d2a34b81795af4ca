"""Packs and scenarios written as files: a small subject of its own, and what is found wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from policyengine.errors import InputError, Problem
from policyengine.rulebook.loading import load_rulebook
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile, read_scenario

Files = Mapping[str, str | None]
WritePacks = Callable[[Files], Path]
PackProblems = Callable[..., tuple[Problem, ...]]
LoadPack = Callable[..., Rulebook]
ReadScenario = Callable[..., ScenarioFile]
ScenarioProblems = Callable[..., tuple[Problem, ...]]

PACK = """\
pack: mine
title: Fire and water
version: 1.0.0
role: opinion
summary: A subject for tests.
sources: [memo]
vocabulary:
  sides: {east: {means: East}, west: {means: West}}
  levels: {upper: {means: Upper}, lower: {means: Lower}}
  layers: {field: {means: Field}, desk: {means: Desk}}
  threat_kinds: {fire: {means: Fire}, flood: {means: Flood}}
  origins: {here: {means: Here}}
  vectors: {wind: {means: Wind}}
  tie_kinds: {pact: {means: Pact}}
  capacities: {pumps: {means: Pumps}}
  competences: {water: {means: Water}, order: {means: Order}}
  cost_categories: {shared: {means: Shared}}
  cost_measures: {all: {means: All, counts: [shared]}}
  benefit_bases: {people: {means: People}}
  interests: {safety: {means: Safety}}
  models: {open: {means: Open}, shut: {means: Shut}}
  threat_attributes:
    spread: {type: number, low: 0, high: 10, means: Spread}
    watched: {type: boolean, means: Watched}
    season: {type: choice, options: [dry, wet], means: Season}
    needs: {type: choices, of: competences, means: Needs}
  conditions:
    drought: {type: number, low: 0, high: 1, means: Drought}
parameters:
  high: {value: 0.5, low: 0, high: 1, means: High}
"""
MEMO = """\
source: memo
title: A memo
authors: [A test]
seen: whole
claims:
  - {claim: one, heading: All, position: 1, kind: claim, polarity: asserted, paraphrase: It holds.}
"""
RULE = """\
rule: {name}
claim: memo/one
nature: normative
why: Because.
when: threat.severity >= param.high
then: [{{score: field, points: 1}}]
"""
SCENARIO = """\
scenario: small
title: A small scenario
shows: What a test needs.
jurisdictions:
  - {id: A, name: A, level: upper, side: east}
  - {id: B, name: B, level: lower, side: west}
threats:
  - {id: t, name: T, kind: fire}
"""


def a_rule(name: str, **fields: str) -> str:
    """The text of a rule file; `when="..."` and the like replace the line of that field."""
    text = RULE.format(name=name)
    for field, value in fields.items():
        text = re.sub(rf"(?m)^{field}:.*\n", lambda _, line=f"{field}: {value}\n": line, text)  # type: ignore[misc]
    return text


def brief(problems: tuple[Problem, ...], root: Path | None = None) -> list[str]:
    """Place and code of each problem: `file:line:column code`, the file only where a folder is given."""
    where = [str(problem.span) if problem.span else "" for problem in problems]
    if root is None:
        where = [":".join(each.split(":")[1:]) for each in where]
    return [f"{each.removeprefix(f'{root}/')} {problem.code}" for each, problem in zip(where, problems, strict=True)]


def marked(problem: Problem) -> str:
    """The text that the caret stands under."""
    assert problem.span
    assert problem.excerpt is not None
    end = problem.span.end_column - 1 if problem.span.end_line == problem.span.line else None
    return problem.excerpt[problem.span.column - 1 : end]


@pytest.fixture
def write_packs(tmp_path: Path) -> WritePacks:
    """Write files below a folder: the pack `mine` with its source, and whatever is given besides or instead."""

    def write(files: Files) -> Path:
        for name, text in {"mine/pack.yaml": PACK, "mine/seeds/memo.yaml": MEMO, **files}.items():
            if text is not None:
                path = tmp_path / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def load_pack(write_packs: WritePacks) -> LoadPack:
    """Load the pack `mine` with files of its own; a bare name is a rule in the folder `a`."""

    def load(files: Files, *packs: str) -> Rulebook:
        root = write_packs({name if "/" in name else f"mine/a/{name}.yaml": text for name, text in files.items()})
        return load_rulebook([root / pack for pack in packs or ("mine",)])

    return load


@pytest.fixture
def pack_problems(load_pack: LoadPack) -> PackProblems:
    """Load a pack that cannot be loaded, and give its problems."""

    def problems(files: Files, *packs: str) -> tuple[Problem, ...]:
        with pytest.raises(InputError) as caught:
            load_pack(files, *packs)
        return caught.value.problems

    return problems


@pytest.fixture
def small_rulebook(load_pack: LoadPack) -> Rulebook:
    """The pack `mine` with one rule."""
    return load_pack({"one": a_rule("one")})


@pytest.fixture
def read_small(small_rulebook: Rulebook, tmp_path: Path) -> ReadScenario:
    """Read a text as a scenario of the small subject."""

    def read(text: str, name: str = "small.yaml") -> ScenarioFile:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_scenario(path, small_rulebook.vocabulary)

    return read


@pytest.fixture
def scenario_problems(read_small: ReadScenario) -> ScenarioProblems:
    """Read a scenario that cannot be read, and give its problems."""

    def problems(text: str, name: str = "small.yaml") -> tuple[Problem, ...]:
        with pytest.raises(InputError) as caught:
            read_small(text, name)
        return caught.value.problems

    return problems
