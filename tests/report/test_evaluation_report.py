"""The whole report, for every scenario that is shipped."""

import re
from pathlib import Path

import pytest

from policyengine.api import evaluate, load_packs, load_scenario
from policyengine.assess.result import Result
from policyengine.errors.width import width
from policyengine.report.evaluation_report import evaluation_report
from policyengine.report.markdown import render_markdown
from policyengine.report.paper import Paper
from policyengine.report.text import render_text
from policyengine.rulebook.rule import Rulebook

PAPER = Paper()
SECTIONS = (
    "Threat: ",
    "What each opinion pack says alone",
    "Models, ranked",
    "Burden",
    "Measures",
    "Cautions",
    "What is not known",
    "Who is who",
    "How this came about",
)


@pytest.fixture
def result(scenario_path: Path, rulebook: Rulebook) -> Result:
    return evaluate(load_scenario(scenario_path, rulebook), rulebook, engine="reference")


def text_of(result: Result, paper: Paper = PAPER) -> str:
    return render_text(evaluation_report(result, ["x.yaml"]), paper)


@pytest.mark.parametrize("paper", [Paper(), Paper(encoding="ascii"), Paper(60), Paper(100, colour=True)])
def test_no_line_is_too_wide_or_ends_in_a_space(result: Result, paper: Paper) -> None:
    for line in text_of(result, paper).splitlines():
        bare = re.sub(r"\x1b\[\d+m", "", line)
        assert width(bare) <= paper.width
        assert bare == bare.rstrip()


def test_sections_stand_in_their_order(result: Result) -> None:
    lines = text_of(result).splitlines()
    found = [section for line in lines for section in SECTIONS if line.startswith(section)]
    assert list(dict.fromkeys(found)) == [section for section in SECTIONS if section in found]
    assert {"Threat: ", "What is not known", "How this came about"} <= set(found)


def test_shares_are_whole_per_cents(result: Result) -> None:
    assert re.findall(r"\d\.\d+ %", text_of(result)) == []


def test_every_contested_and_every_unsettled_lead_is_visible(result: Result) -> None:
    text = text_of(result)
    cells = result.views[0].cells
    heads = [line for line in text.splitlines() if re.match(r"[A-Z][a-z ]+: .*(contested|unsettled)", line)]
    assert len([head for head in heads if "contested" in head]) >= sum(cell.mode == "contested" for cell in cells)
    assert len([head for head in heads if "unsettled" in head]) >= sum(not cell.settled for cell in cells)


def test_layers_without_points_have_no_recommendation(result: Result) -> None:
    silent = [cell for cell in result.views[0].cells if all(each.share is None for each in cell.standings)]
    assert len(re.findall(r"^[A-Z][a-z ]+: no recommendation", text_of(result), re.MULTILINE)) == len(silent)


def test_all_names_stand_in_full_somewhere(result: Result) -> None:
    text = " ".join(text_of(result).split())
    table = text[text.index("Who is who") :]
    assert [each.name for each in result.jurisdictions if each.name.split()[-1].strip(")") not in table] == []


def test_a_burden_label_stands_only_with_its_bases(result: Result) -> None:
    text = text_of(result)
    for verdict in result.burden_verdicts:
        label = verdict.label.replace("_", " ")
        assert re.search(rf"{label}: under {verdict.holds} of\s+{verdict.bases} ", text)


def test_the_stamp_holds_versions_hashes_and_commands(result: Result) -> None:
    text = " ".join(text_of(result).split())
    for pack in result.packs:
        assert f"{pack.id} {pack.version} ({pack.sha256[:12]})" in text
    assert result.scenario.sha256[:12] in text
    assert text.endswith("policyengine evaluate x.yaml policyengine explain x.yaml")


def test_markdown_says_what_the_text_says(result: Result) -> None:
    """Word for word, but for bars, markup, repeated heads and the order in which tables are told."""

    def words(text: str) -> set[str]:
        return set(re.findall(r"[^\W\d_]{4,}", text.replace("\\", "")))

    markdown = render_markdown(evaluation_report(result, ["x.yaml"]))
    plain = render_text(evaluation_report(result, ["x.yaml"]), Paper(400))
    assert words(plain) - words(markdown) == set()
    assert words(markdown) - words(plain) <= {"layer", "mode", "where"}


def test_one_opinion_alone_is_warned_of(scenario_path: Path) -> None:
    rulebook = load_packs(["layered-border"])
    found = evaluate(load_scenario(scenario_path, rulebook), rulebook, engine="reference")
    text = text_of(found)
    assert "One side only" in text
    assert "What each opinion pack says alone" not in text
