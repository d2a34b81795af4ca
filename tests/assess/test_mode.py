"""How leads on several sides work together."""

from __future__ import annotations

import pytest

from policyengine.assess.mode import contested, mode_of
from policyengine.domain.tie import Tie

MODES = {"joint_team": "integrated", "posting": "host", "treaty": None}


def a_tie(kind: str, *parties: str, layers: list[str] | None = None) -> Tie:
    return Tie(id="t", name="A tie", parties=list(parties), kind=kind, layers=layers)


@pytest.mark.parametrize(
    ("leads", "ties", "mode"),
    [
        ({}, [], "none"),
        ({"A": "X"}, [], "single"),
        ({"A": "X", "B": "X"}, [], "single"),
        ({"A": "X", "B": "Y"}, [], "parallel"),
        ({"A": "X", "B": "Y"}, [a_tie("treaty", "A", "B")], "parallel"),
        ({"A": "X", "B": "Y"}, [a_tie("joint_team", "A", "B")], "integrated"),
        ({"A": "X", "B": "Y"}, [a_tie("joint_team", "A", "B", layers=["police"])], "parallel"),
        ({"A": "X", "B": "Y"}, [a_tie("joint_team", "A", "B", layers=["patrol"])], "integrated"),
        ({"A": "X", "B": "Y"}, [a_tie("joint_team", "A", "C")], "parallel"),
        ({"A": "X", "B": "Y"}, [a_tie("posting", "A", "B")], "host"),
        ({"A": "X", "B": "Y"}, [a_tie("posting", "A", "B"), a_tie("joint_team", "A", "B")], "integrated"),
        ({"A": "X", "B": "Y", "C": "Y"}, [a_tie("joint_team", "A", "B")], "parallel"),
        ({"A": "X", "B": "Y", "C": "Y"}, [a_tie("joint_team", "A", "B"), a_tie("joint_team", "C", "A")], "integrated"),
    ],
)
def test_mode(leads: dict[str, str], ties: list[Tie], mode: str) -> None:
    assert mode_of(leads, ties, "patrol", MODES) == mode


SIDES = {"A": "X", "B": "X", "C": "Y"}


@pytest.mark.parametrize(
    ("views", "disputed"),
    [
        ([{"A"}, {"A"}], False),
        ([{"A"}, {"B"}], True),
        ([{"A", "B"}, {"B"}], False),
        ([{"A"}, {"C"}], False),
        ([{"A"}, set()], False),
        ([{"A"}, {"A", "B"}, {"B"}], True),
    ],
)
def test_contested(views: list[set[str]], disputed: bool) -> None:
    assert contested(views, SIDES) is disputed
