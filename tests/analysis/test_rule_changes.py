"""Changes of rules are told apart: meaning from wording, and one aspect from another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policyengine.analysis.rule_changes import RulebookChange, RuleChange, compare_rulebooks
from policyengine.rulebook.rule import Rule, Rulebook


def with_first(rulebook: Rulebook, rule: Rule) -> Rulebook:
    return replace(rulebook, rules=(rule, *rulebook.rules[1:]))


def only_change(before: Rulebook, after: Rulebook) -> RuleChange:
    found = compare_rulebooks(before, after)
    assert (found.added, found.removed, found.parameters) == ((), (), ())
    (change,) = found.changed
    return change


def test_a_rulebook_does_not_differ_from_itself(rulebook: Rulebook) -> None:
    assert compare_rulebooks(rulebook, rulebook) == RulebookChange((), (), (), ())


def test_a_rule_taken_out_is_removed_and_the_other_way_round_added(rulebook: Rulebook) -> None:
    name, smaller = rulebook.rules[0].name, replace(rulebook, rules=rulebook.rules[1:])
    assert compare_rulebooks(rulebook, smaller).removed == (name,)
    assert compare_rulebooks(smaller, rulebook).added == (name,)


def test_another_layout_of_the_same_condition_is_only_wording(rulebook: Rulebook) -> None:
    rule = rulebook.rules[0]
    change = only_change(rulebook, with_first(rulebook, replace(rule, when_text=f"({rule.when_text})")))
    assert change.only_wording


def test_another_condition_is_a_change_of_meaning(rulebook: Rulebook) -> None:
    rule = rulebook.rules[0]
    other = next(each.when for each in rulebook.rules if each.when is not rule.when)
    change = only_change(rulebook, with_first(rulebook, replace(rule, when=other)))
    assert [each.aspect for each in change.aspects] == ["condition"]
    assert not change.only_wording


@pytest.mark.parametrize("aspect", ["weight", "claims", "nature", "effects"])
def test_each_other_aspect_is_named_for_itself(rulebook: Rulebook, aspect: str) -> None:
    rule = rulebook.rules[0]
    altered = {
        "weight": replace(rule, weight=rule.weight + 1),
        "claims": replace(rule, claims=(*rule.claims, "somebody/else")),
        "nature": replace(rule, nature="normative" if rule.nature == "descriptive" else "descriptive"),
        "effects": replace(rule, effects=(*rule.effects, *rule.effects)),
    }[aspect]
    change = only_change(rulebook, with_first(rulebook, altered))
    assert [each.aspect for each in change.aspects] == [aspect]


def test_a_parameter_is_told_with_both_values(rulebook: Rulebook) -> None:
    name, parameter = next(iter(rulebook.parameters.items()))
    raised = parameter.model_copy(update={"value": parameter.value + 1})
    other = replace(rulebook, parameters={**rulebook.parameters, name: raised})
    (change,) = compare_rulebooks(rulebook, other).parameters
    assert (change.parameter, change.before, change.after) == (name, parameter.value, parameter.value + 1)
