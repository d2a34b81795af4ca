"""Tables made straight from scenarios hold what tables of their facts hold."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from policyengine.domain.scenario import Scenario
from policyengine.engines.columnar import Columnar
from policyengine.engines.columnar_facts import FactsTables
from policyengine.engines.columnar_many import Many
from policyengine.engines.columnar_scenarios import ScenarioTables
from policyengine.engines.columnar_tables import Tables
from policyengine.lang.check import check
from policyengine.lang.nodes import Node, name
from policyengine.lang.types import Collection, Number, Record, Word, Words
from policyengine.rulebook.facts import facts_of
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import read_scenario
from policyengine.rulebook.schema import build_schema
from policyengine.shipped import folder

SUBJECTS = {
    "scenario": (),
    "threat": ("threat",),
    "jurisdiction": ("jurisdiction",),
    "tie": ("jurisdiction", "tie"),
    "other": ("jurisdiction", "other"),
    "model": ("model",),
    "burden": ("jurisdiction", "burden"),
}


@pytest.fixture(scope="module")
def scenarios(rulebook: Rulebook) -> list[Scenario]:
    paths = sorted(folder("scenarios").glob("*.yaml"))
    return [read_scenario(path, rulebook.vocabulary).scenario for path in paths]


def from_facts(scenarios: list[Scenario], rulebook: Rulebook) -> Tables:
    return FactsTables([facts_of(scenario, rulebook.vocabulary) for scenario in scenarios])


def straight(scenarios: list[Scenario], rulebook: Rulebook) -> Tables:
    return ScenarioTables(scenarios, rulebook.vocabulary, burdens=True)


def values_below(record: Record, path: tuple[str, ...]) -> Iterator[Node]:
    """Every value that a rule can name below a record, of other records as well."""
    for step, field in record.fields.items():
        if isinstance(field.type, Record):
            yield from values_below(field.type, (*path, step))
        elif not isinstance(field.type, Collection):
            yield name((*path, step), field.type)


def column(many: Many, node: Node, subject: tuple[str, ...]) -> list[object]:
    """The value of an expression for every subject, in order; None is unknown."""
    scope = many.tables.subjects(subject)
    with np.errstate(all="ignore"):
        found = many.evaluate(node, scope)
    known = np.broadcast_to(True if found.known is None else found.known, scope.rows)
    values = np.broadcast_to(found.values, scope.rows)
    plain = {Word: many._words.word_of, Words: many._words.set_of}.get(type(node.type), lambda value: value)
    return [plain(value) if there else None for value, there in zip(values.tolist(), known.tolist(), strict=True)]


@pytest.mark.parametrize("root", list(SUBJECTS))
def test_every_value_of_every_record_is_the_same(root: str, scenarios: list[Scenario], rulebook: Rulebook) -> None:
    record = build_schema(rulebook.vocabulary, {}, {})[root]
    assert isinstance(record, Record)
    one, other = Many(rulebook, straight(scenarios, rulebook), {}), Many(rulebook, from_facts(scenarios, rulebook), {})
    nodes = list(values_below(record, (root,)))
    assert nodes
    for node in nodes:
        found = column(one, node, SUBJECTS[root])
        assert found == column(other, node, SUBJECTS[root]), node.value
        assert found


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("scenario", "count(x.strength >= 0.5 for x in ties)"),
        ("scenario", "count(x.severity >= 0.5 for x in threats)"),
        ("scenario", "count(x.capacities.policing >= 0.5 for x in jurisdictions)"),
        ("jurisdiction", "count(x.partner.side != jurisdiction.side for x in jurisdiction.ties)"),
        ("jurisdiction", "sum(x.cost_share for x in jurisdiction.burdens)"),
        ("scenario", "max(count(y.strength >= 0 for y in x.ties) for x in jurisdictions)"),
    ],
)
def test_collections_have_the_same_elements(
    subject: str, text: str, scenarios: list[Scenario], rulebook: Rulebook
) -> None:
    node = check(text, build_schema(rulebook.vocabulary, {}, {}), Number).node
    assert node is not None
    unsaid = [scenario.model_copy(update={"ties": None}) for scenario in scenarios]
    found = [
        column(Many(rulebook, make([*scenarios, *unsaid], rulebook), {}), node, SUBJECTS[subject])
        for make in (straight, from_facts)
    ]
    assert found[0] == found[1]
    assert any(found[0])


def test_firings_are_the_same(scenarios: list[Scenario], rulebook: Rulebook) -> None:
    engine = Columnar(rulebook)
    facts = [facts_of(scenario, rulebook.vocabulary) for scenario in scenarios]
    assert engine.run_scenarios(scenarios) == engine.run_many(facts)


def test_scenarios_without_any_tie_are_evaluated(scenarios: list[Scenario], rulebook: Rulebook) -> None:
    alone = [scenario.model_copy(update={"ties": []}) for scenario in scenarios]
    facts = [facts_of(scenario, rulebook.vocabulary) for scenario in alone]
    assert Columnar(rulebook).run_scenarios(alone) == Columnar(rulebook).run_many(facts)
