"""The scenario that most tests of tables vary."""

from __future__ import annotations

import pytest

from policyengine import shipped
from policyengine.api import load_scenario
from policyengine.domain.scenario import Scenario
from policyengine.rulebook.rule import Rulebook


@pytest.fixture(scope="session")
def base(rulebook: Rulebook) -> Scenario:
    """A shipped scenario with one threat and four jurisdictions."""
    path = shipped.folder("scenarios") / "trafficking-quebec-vermont.yaml"
    return load_scenario(path, rulebook).scenario
