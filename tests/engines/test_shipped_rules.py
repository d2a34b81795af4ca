"""The shipped rules and scenarios, on every engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import shipped
from policyengine.engines.interface import ENGINES, Engine
from policyengine.engines.reference import Reference
from policyengine.rulebook.examples import alone, example_facts, examples_of, outcome
from policyengine.rulebook.facts import facts_of
from policyengine.rulebook.loading import default_packs, load_rulebook
from policyengine.rulebook.rule import Rule, Rulebook
from policyengine.rulebook.scenario_reading import read_scenario

SHIPPED = load_rulebook(default_packs())


@pytest.fixture(scope="module", params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = ENGINES[request.param](SHIPPED)
    return made


def test_engines_agree_on_every_shipped_scenario(scenario_path: Path, engine: Engine) -> None:
    facts = facts_of(read_scenario(scenario_path, SHIPPED.vocabulary).scenario, SHIPPED.vocabulary)
    assert engine.run(facts) == Reference(SHIPPED).run(facts)


def test_evaluation_leaves_the_facts_as_they_are(scenario_path: Path, engine: Engine) -> None:
    facts = facts_of(read_scenario(scenario_path, SHIPPED.vocabulary).scenario, SHIPPED.vocabulary)
    first = engine.run(facts)
    assert engine.run(facts) == first
    assert not any(path.startswith("marks.") for record in (*facts.threats, *facts.jurisdictions) for path in record)


@pytest.mark.parametrize("rule", SHIPPED.rules, ids=[rule.name for rule in SHIPPED.rules])
@pytest.mark.parametrize("name", list(ENGINES))
def test_examples_of_each_rule_hold(rule: Rule, name: str) -> None:
    made = ENGINES[name](alone(SHIPPED, rule))
    schema = SHIPPED.schemas[rule.pack]
    found = [outcome(rule, made.run(example_facts(example.given, schema))) for example in examples_of(rule)]
    made.close()
    assert found == [example.expected for example in examples_of(rule)]


@pytest.mark.parametrize("rule", SHIPPED.rules, ids=[rule.name for rule in SHIPPED.rules])
def test_each_rule_has_an_example_that_fires_and_one_that_is_silent(rule: Rule) -> None:
    assert rule.examples.fires
    assert rule.examples.silent


def test_each_rule_fires_in_a_shipped_scenario() -> None:
    fired: set[str] = set()
    for path in shipped.folder("scenarios").glob("*.yaml"):
        facts = facts_of(read_scenario(path, SHIPPED.vocabulary).scenario, SHIPPED.vocabulary)
        fired |= {SHIPPED.rules[row.rule].name for row in Reference(SHIPPED).run(facts).fired}
    assert {rule.name for rule in SHIPPED.rules} - fired == set()


def test_each_claim_is_carried_by_a_rule_or_excused(rulebook: Rulebook) -> None:
    carried = {claim for rule in rulebook.rules for claim in rule.claims}
    carried |= {parameter.claim for parameter in rulebook.parameters.values() if parameter.claim}
    neither = {name for name, claim in rulebook.claims.items() if name not in carried and not claim.excuse}
    both = {name for name, claim in rulebook.claims.items() if name in carried and claim.excuse}
    assert (neither, both) == (set(), set())


def test_packs_hold_at_least_what_is_promised(rulebook: Rulebook) -> None:
    rules = [rule.pack for rule in rulebook.rules]
    assert rules.count("layered-border") >= 26
    counter = {claim for rule in rulebook.rules if rule.pack == "counter-claims" for claim in rule.claims}
    assert len(counter) >= 15
    assert len([name for name in rulebook.claims if name.startswith("sharing-the-burden/")]) == 52


def test_denied_claims_never_earn_points(rulebook: Rulebook) -> None:
    """The myths are sentences that the authors deny: rewarding one would turn the source around."""
    denied = {name for name, claim in rulebook.claims.items() if claim.polarity == "denied"}
    assert len(denied) == 3
    for rule in rulebook.rules:
        if denied & set(rule.claims):
            assert {effect.kind for effect in rule.effects} == {"caution"}, rule.name


def test_no_test_counts_twice_under_two_names(rulebook: Rulebook) -> None:
    """Two rules with the same condition and the same target would count one test twice."""
    seen: dict[tuple[object, str, str], str] = {}
    for rule in rulebook.rules:
        for effect in rule.effects:
            if effect.points is not None:
                key = (rule.when, effect.kind, effect.target)
                assert key not in seen, f"{rule.name} counts what {seen[key]} counts"
                seen[key] = rule.name


def test_every_scenario_is_named_like_its_file(scenario_path: Path, rulebook: Rulebook) -> None:
    assert read_scenario(scenario_path, rulebook.vocabulary).scenario.scenario == scenario_path.stem


def test_nothing_in_the_package_names_the_subject(rulebook: Rulebook) -> None:
    """Words of the vocabulary belong to packs: the package would serve any other subject unchanged."""
    words = {
        word
        for section in ("sides", "levels", "layers", "threat_kinds", "models", "benefit_bases", "tie_kinds")
        for word in rulebook.vocabulary.words(section)
    }
    words |= {"border", "customs", "canada", "quebec", "province", "frontier"}
    allowed = {"local", "state", "network", "industry", "trade", "population", "regional", "funding", "posting"}
    package = Path(shipped.__file__).parent
    found = [
        (path.name, word)
        for path in package.rglob("*.py")
        for word in words - allowed
        if f'"{word.lower()}"' in path.read_text("utf-8").lower()
    ]
    assert found == []
