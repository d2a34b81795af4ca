"""Why, and why not: for each threat, layer and jurisdiction the rules that gave it points and those that did not."""

from policyengine.explanation.explaining import NEAREST, Explainer, explain_scenario
from policyengine.explanation.whys import Contribution, Explanation, Failed, NotFired, Why

__all__ = [
    "NEAREST",
    "Contribution",
    "Explainer",
    "Explanation",
    "Failed",
    "NotFired",
    "Why",
    "explain_scenario",
]
