"""How diffuse a threat is."""

from __future__ import annotations

import pytest

from policyengine.domain.threat import Threat

MARKS = {"many_actors": 1, "no_single_control": 0.5, "many_places": 1, "lawful_flow": 0}


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({}, None),
        ({"diffuseness": 0}, 0),
        ({"diffuseness": 1, "agent": False}, 1),
        ({"diffuseness": MARKS, "agent": True}, 0.625),
        ({"diffuseness": MARKS, "agent": False}, 1),
        ({"diffuseness": MARKS}, None),
        ({"diffuseness": {**MARKS, "lawful_flow": None}, "agent": True}, None),
        ({"diffuseness": {"many_places": 0.5}, "agent": False}, 0.5),
        ({"diffuseness": {"many_actors": 1}, "agent": False}, None),
        ({"diffuseness": {}, "agent": True}, None),
    ],
)
def test_diffuseness_is_the_mean_of_four_marks_or_for_nature_its_spread(
    fields: dict[str, object], value: float | None
) -> None:
    threat = Threat.model_validate({"id": "t", "name": "T", "kind": "fire", **fields})
    assert threat.diffuseness_value == value
    assert threat.diffuseness_value is None or type(threat.diffuseness_value) is float
