"""Pages of results, and what a browser makes of their markup."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

import tinyhtml5

from policyengine.api import evaluate
from policyengine.explanation import Explainer
from policyengine.report.html import render_evaluation
from policyengine.report.page.evaluation import EvaluationPage, evaluation_page
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile


def a_page(file: ScenarioFile, rulebook: Rulebook) -> EvaluationPage:
    result = evaluate(file, rulebook, engine="reference")
    explanation = Explainer(rulebook).explain_in_short(result, file.scenario)
    return evaluation_page(explanation, file.scenario, [file.name])


def page_text(file: ScenarioFile, rulebook: Rulebook) -> str:
    return render_evaluation(a_page(file, rulebook))


def parsed(text: str) -> Element:
    """The tree that a browser would build."""
    root: Element = tinyhtml5.parse(text, namespace_html_elements=False)
    return root


def skeleton(element: Element) -> Any:
    """Elements and the names of their attributes, without any text."""
    return (element.tag, sorted(element.attrib), [skeleton(child) for child in element])


def words_of(element: Element) -> str:
    """All the text of an element, a space between the pieces."""
    return " ".join(" ".join(element.itertext()).split())
