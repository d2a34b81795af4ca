"""A policy-scenario rules engine: for a threat, who should lead, who should support, at which layer, and why.

The functions that other programs call are `load_scenario`, `load_packs`, `evaluate` and `explain`;
they are imported when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policyengine.version import VERSION

__version__ = VERSION
DISTRIBUTION = "layered-policyengine"  # the start of the command looks for this line

if TYPE_CHECKING:
    from policyengine.api import (
        Explanation,
        Result,
        Rulebook,
        Scenario,
        contributions,
        evaluate,
        evaluate_many,
        evaluate_table,
        explain,
        load_packs,
        load_scenario,
    )

__all__ = [
    "DISTRIBUTION",
    "Explanation",
    "Result",
    "Rulebook",
    "Scenario",
    "__version__",
    "contributions",
    "evaluate",
    "evaluate_many",
    "evaluate_table",
    "explain",
    "load_packs",
    "load_scenario",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from policyengine import api

        return getattr(api, name)
    raise AttributeError(f"module 'policyengine' has no attribute '{name}'")
