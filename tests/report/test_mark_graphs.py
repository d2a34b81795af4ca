"""How rules build on one another: as text, for Graphviz, and drawn."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree as ET

from policyengine.report.mark_drawing import graph_svg, layout
from policyengine.report.mark_graphs import graph_data, graph_dot, graph_report
from policyengine.report.paper import Paper
from policyengine.report.text import render_text
from policyengine.rulebook.mark_graph import MarkGraph, mark_graph
from policyengine.rulebook.rule import Rulebook

HOSTILE = '"]; a -> b</text><script>alert(1)</script>\n\\'


def test_every_mark_stands_between_those_who_set_it_and_those_who_test_it(rulebook: Rulebook) -> None:
    graph = mark_graph(rulebook.rules)
    assert graph.sets
    assert graph.tests
    for start, end in (*graph.sets, *graph.tests):
        assert graph.column(start) < graph.column(end)


def test_one_rule_comes_with_what_it_builds_on(rulebook: Rulebook) -> None:
    graph = mark_graph(rulebook.rules, "competence/home-police")
    names = {rule.name for rule in graph.rules}
    assert "competence/territory-is-policed-by" in names
    assert "competence/home-governments-command" not in names


def test_the_text_names_rules_stratum_by_stratum(rulebook: Rulebook) -> None:
    text = render_text(graph_report(mark_graph(rulebook.rules), 3), Paper())
    first, second = text.split("Stratum 1")
    assert "• competence/territory-is-policed-by\n  - sets jurisdiction.polices_territory" in first
    assert "• competence/home-police\n  - tests jurisdiction.polices_territory" in second
    assert "3 rules neither set nor test a mark" in second


def test_no_two_boxes_overlap_and_every_arrow_leads_to_the_right(rulebook: Rulebook) -> None:
    graph = mark_graph(rulebook.rules)
    boxes = {box.name: box for box in layout(graph)}
    assert len(boxes) == len(graph.rules) + len(graph.marks)
    for one, other in combinations(boxes.values(), 2):
        apart = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert apart or abs(one.y - other.y) >= 26
    for start, end in (*graph.sets, *graph.tests):
        assert boxes[start].x + boxes[start].width < boxes[end].x


def test_the_drawing_has_every_box_and_arrow_and_says_what_it_is(rulebook: Rulebook) -> None:
    graph = mark_graph(rulebook.rules)
    root = ET.fromstring(graph_svg(graph))
    name = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{name}title") is not None
    assert len(root.findall(f"{name}g")) == len(graph.rules) + len(graph.marks)
    assert len(root.findall(f"{name}path")) == len(graph.sets) + len(graph.tests)


def test_hostile_names_stay_names(rulebook: Rulebook) -> None:
    rule = replace(rulebook.rules[0], id=HOSTILE, sets=frozenset({f"threat.marks.{HOSTILE}@x"}))
    graph = mark_graph([rule])
    root = ET.fromstring(graph_svg(graph))
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {
        "svg", "title", "desc", "style", "defs", "marker", "path", "rect", "g", "text",
    }  # fmt: skip
    dot = graph_dot(graph)
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "TEXT", dot)
    assert bare.splitlines()[3:] == [
        "  TEXT [shape=box];", "  TEXT [shape=ellipse, label=TEXT];", "  TEXT -> TEXT;", "}",
    ]  # fmt: skip


def test_the_graph_is_data_too(rulebook: Rulebook) -> None:
    data = graph_data(mark_graph(rulebook.rules, "competence/home-police"))
    steps = [(step["rule"], step["mark"]) for step in data["tests"]]
    assert ("competence/home-police", "jurisdiction.marks.polices_territory@competence") in steps


def test_nothing_is_drawn_of_nothing() -> None:
    assert "0 rules and 0 marks" in graph_svg(MarkGraph((), (), (), ()))
