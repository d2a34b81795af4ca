"""Where a rule fires."""

from __future__ import annotations

from conftest import SCENARIOS

from policyengine.analysis.occurrences import occurrences
from policyengine.engines.reference import Reference
from policyengine.rulebook.facts import facts_of
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import read_scenario


def test_a_rule_alone_with_its_marks_does_what_it_does_among_all_others(rulebook: Rulebook) -> None:
    file = read_scenario(next(path for path in SCENARIOS if path.stem == "sparse-new-threat"), rulebook.vocabulary)
    table = Reference(rulebook).run(facts_of(file.scenario, rulebook.vocabulary))
    for place, rule in enumerate(rulebook.rules):
        (found,) = occurrences(rulebook, rule, [file])
        undecided = {row.subject for row in table.undecided if row.rule == place}
        fired = {row.subject for row in table.fired if row.rule == place} - undecided
        # Subjects that differ only in a model or a burden row have the same ids.
        assert len(found.fires) <= len(fired)
        assert (bool(found.fires), bool(found.undecided)) == (bool(fired), bool(undecided))


def test_subjects_are_told_by_their_ids(rulebook: Rulebook) -> None:
    file = read_scenario(
        next(path for path in SCENARIOS if path.stem == "trafficking-quebec-vermont"), rulebook.vocabulary
    )
    rule = next(rule for rule in rulebook.rules if rule.id == "spillover-inside-a-country")
    (found,) = occurrences(rulebook, rule, [file])
    assert found.fires == (("trafficking", "CA"), ("trafficking", "US"))
    assert found.undecided == ()
