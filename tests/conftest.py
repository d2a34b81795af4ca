"""What all tests share: the shipped rulebook, read once, and the profiles of the random runs."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from policyengine import shipped
from policyengine.rulebook.loading import default_packs, load_rulebook
from policyengine.rulebook.rule import Rulebook

settings.register_profile("ordinary", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ordinary"))

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts the tests in the background has every process below it ignore a ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)

SCENARIOS = sorted(shipped.folder("scenarios").glob("*.yaml"))


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """All packs that run by default."""
    return load_rulebook(default_packs())


@pytest.fixture(params=SCENARIOS, ids=[path.stem for path in SCENARIOS])
def scenario_path(request: pytest.FixtureRequest) -> Path:
    """Each shipped scenario in turn."""
    path: Path = request.param
    return path
