"""Where a threat takes place: every engine answers alike, and an unknown place leaves a rule undecided."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from random_packs import a_pack
from rulebook.conftest import SCENARIO, LoadPack, ReadScenario, a_rule

from policyengine.engines.interface import ENGINES
from policyengine.engines.reasons import missing
from policyengine.rulebook.facts import facts_of
from policyengine.rulebook.rule import Rulebook

ON_ITS_GROUND = "jurisdiction.id in threat.places"
SOMEBODY_OF_THE_SIDE = "any(x.id in threat.places and x.side == jurisdiction.side for x in jurisdictions)"


@pytest.fixture(params=ENGINES)
def judged(request: pytest.FixtureRequest) -> Any:
    """What an engine says of each jurisdiction: fires, silent or undecided."""

    def judge(rulebook: Rulebook, facts: Any) -> list[str]:
        engine = ENGINES[request.param](rulebook)
        try:
            table = engine.run(facts)
        finally:
            engine.close()
        fired = {row.subject.jurisdiction for row in table.fired}
        undecided = {row.subject.jurisdiction for row in table.undecided}
        count = range(len(facts.jurisdictions))
        return ["fires" if i in fired else "undecided" if i in undecided else "silent" for i in count]

    return judge


@pytest.mark.parametrize(
    ("when", "places", "expected"),
    [
        (ON_ITS_GROUND, "[A]", ["fires", "silent"]),
        (ON_ITS_GROUND, "[B, A]", ["fires", "fires"]),
        (f"not {ON_ITS_GROUND}", "[A]", ["silent", "fires"]),
        (ON_ITS_GROUND, None, ["undecided", "undecided"]),
        (f"not {ON_ITS_GROUND}", None, ["undecided", "undecided"]),
        (SOMEBODY_OF_THE_SIDE, "[B]", ["silent", "fires"]),
        (SOMEBODY_OF_THE_SIDE, None, ["undecided", "undecided"]),
        ('known(threat.places) and "A" in threat.places', None, ["silent", "silent"]),
        ("jurisdiction.parent in threat.places", "[A]", ["undecided", "undecided"]),
    ],
)
def test_a_rule_can_ask_where(
    judged: Any, load_pack: LoadPack, read_small: ReadScenario, when: str, places: str | None, expected: list[str]
) -> None:
    rulebook = load_pack({"one": a_rule("one", when=f"threat.kind == 'fire' and ({when})")})
    text = SCENARIO if places is None else SCENARIO.replace("kind: fire}", f"kind: fire, places: {places}}}")
    assert judged(rulebook, facts_of(read_small(text).scenario, rulebook.vocabulary)) == expected


def test_what_is_missing_is_named_by_its_path(load_pack: LoadPack, read_small: ReadScenario) -> None:
    rulebook = load_pack({"one": a_rule("one", when=ON_ITS_GROUND)})
    facts = facts_of(read_small(SCENARIO).scenario, rulebook.vocabulary)
    ((_, bindings), *_) = facts.subjects(("threat", "jurisdiction"))
    assert missing(rulebook.rules[0].when, bindings) == ("threats.t.places",)


def test_random_packs_ask_where_alone_and_in_quantifiers() -> None:
    random = Random(3)
    asked = " ".join(rule["when"] for _ in range(250) for rule in a_pack(random)["rules"])
    assert asked.count("jurisdiction.id in threat.places") > 3
    assert asked.count("(x.id in threat.places for x in jurisdictions)") > 3
