"""Examples and tests of packs, run on every engine, with the reasons of whatever comes out otherwise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from policyengine.engines.interface import ENGINES
from policyengine.errors import Problems
from policyengine.rulebook.loading import shipped_packs
from policyengine.ruletests.coverage import Coverage
from policyengine.ruletests.outcome import Outcome
from policyengine.ruletests.suite import read_suites, run_suite

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """A copy of the harbour pack with its scenario beside it."""
    shutil.copy(EXAMPLES / "harbour-fire.yaml", tmp_path)
    return Path(shutil.copytree(EXAMPLES / "harbour", tmp_path / "harbour"))


def run(*packs: Path | str) -> list[Outcome]:
    problems = Problems()
    suites = read_suites([str(pack) for pack in packs], problems)
    assert problems.items == ()
    return [outcome for suite in suites for outcome in run_suite(suite, tuple(ENGINES))]


def failures(*packs: Path | str) -> list[Outcome]:
    return [outcome for outcome in run(*packs) if not outcome.passed]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def with_test(harbour: Path, text: str) -> None:
    (harbour / "tests" / "harbour.yaml").write_text(f"tests:\n{text}", "utf-8")


@pytest.mark.parametrize("pack", [*shipped_packs(), str(EXAMPLES / "harbour"), str(EXAMPLES / "cookbook")])
def test_the_shipped_packs_pass(pack: str) -> None:
    outcomes = run(pack)
    assert [outcome.id for outcome in outcomes if not outcome.passed] == []
    assert all(outcome.engines == tuple(ENGINES) for outcome in outcomes)


def test_a_failing_example_is_placed_and_explained(harbour: Path) -> None:
    rule = harbour / "rules" / "boats-for-large-fires.yaml"
    change(rule, "silent: [{threat: {severity: 0.2}", "silent: [{threat: {severity: 0.6}")
    (outcome,) = failures(harbour)
    assert (outcome.id, outcome.span.line) == ("harbour/boats-for-large-fires::silent[0]", 13)
    assert rule.read_text("utf-8").splitlines()[12][outcome.span.column - 1 :].startswith("{threat: {severity: 0.6}")
    (miss,) = outcome.misses
    assert (miss.expected, miss.found) == ("silent", "undecided")
    assert "  threat.severity >= param.large holds (threat.severity is 0.6, param.large is 0.5)" in miss.reasons
    assert any("jurisdictions.capacities.foam" in line for line in miss.reasons)


@pytest.mark.parametrize(
    ("expect", "what", "expected", "found"),
    [
        ("leads: {quench: [TOWN]}", "leads on quench", "TOWN", "PORT, TOWN"),
        ("leads: {quench: []}", "leads on quench", "nobody", "PORT, TOWN"),
        ("supports: {quench: [YARD]}", "supports on quench", "YARD", "REFINERY"),
        ("shares: {quench: {TOWN: 34..40}}", "share of TOWN on quench", "34 to 40 %", "33 %"),
        ("shares: {quench: {YARD: 1}}", "share of YARD on quench", "1 %", "0 %"),
        ("modes: {quench: single}", "mode of quench", "single", "integrated"),
        ("settled: {quench: false}", "leads on quench", "unsettled", "settled"),
        ("silent: [brigade-reaches-the-quay]", "harbour/brigade-reaches-the-quay", "silent", "fired"),
        (
            "fired: [{rule: boats-for-large-fires, for: [YARD]}]",
            "harbour/boats-for-large-fires for YARD",
            "fired",
            "undecided",
        ),
        ("cautions: [beware]", "caution", "one that says 'beware'", "none that does"),
        ("measures: [join]", "measure", "one that says 'join'", "none that does"),
    ],
)
def test_whatever_is_expected_and_does_not_come_out_is_told(
    harbour: Path, expect: str, what: str, expected: str, found: str
) -> None:
    with_test(harbour, f"  - {{test: t, scenario: ../../harbour-fire.yaml, expect: {{{expect}}}}}\n")
    (outcome,) = failures(harbour)
    (miss,) = outcome.misses
    assert (miss.what, miss.expected, miss.found) == (what, expected, found)
    assert (outcome.span.line, Path(outcome.span.file).name) == (2, "harbour.yaml")


def test_a_wrong_lead_comes_with_points_and_rules(harbour: Path) -> None:
    with_test(harbour, "  - {test: t, scenario: ../../harbour-fire.yaml, expect: {leads: {quench: [YARD]}}}\n")
    (outcome,) = failures(harbour)
    assert outcome.misses[0].reasons == (
        "  TOWN: 2 points, lead",
        "    +2 harbour/brigade-reaches-the-quay",
        "  PORT: 1.6 points, lead",
        "    +1.6 harbour/boats-for-large-fires",
        "  YARD: 0 points, none, barred from lead",
        "    bar harbour/company-crews-do-not-command",
    )


@pytest.mark.parametrize(
    ("changes", "expect"),
    [
        ("jurisdictions.YARD.capacities.foam: 1", "fired: [{rule: boats-for-large-fires, for: [YARD]}]"),
        ("jurisdictions.YARD: unknown", "shares: {quench: {PORT: 27}}"),
        ("ties: []", "modes: {quench: parallel}"),
        ("ties.crew.kind: unknown, ties: unknown", "modes: {quench: parallel}"),
        ("threats.tanker.attributes: {}", "leads: {quench: [PORT, TOWN]}"),
    ],
)
def test_a_scenario_can_be_changed(harbour: Path, changes: str, expect: str) -> None:
    with_test(
        harbour, f"  - {{test: t, scenario: ../../harbour-fire.yaml, change: {{{changes}}}, expect: {{{expect}}}}}\n"
    )
    assert failures(harbour) == []


MISTAKES = [
    ("scenario: nowhere.yaml, expect: {}", "T201", "nowhere.yaml", "there is no file"),
    ("scenario: harbour-fir, expect: {}", "T201", "harbour-fir", "there is no shipped scenario"),
    ("scenario: ../../../../etc/x.yaml, expect: {}", "T201", "../../../../etc", "this leads out of the project"),
    (
        "scenario: S, change: {threats.tankr.severity: 1}, expect: {}",
        "T202",
        "threats.tankr",
        "there is no entry 'tankr'",
    ),
    ("scenario: S, change: {title.x: 1}, expect: {}", "T202", "title.x", "the path leads through a single value"),
    ("scenario: S, change: {threats.tanker.severty: 1}, expect: {}", "T203", "change", "there is no field"),
    ("scenario: S, change: {threats.tanker.severity: 3}, expect: {}", "T203", "change", "is 3, which is out of range"),
    ("scenario: S, expect: {leads: {quensh: [TOWN]}}", "T204", "quensh", "there is no layer"),
    ("scenario: S, expect: {leads: {quench: [TOWM]}}", "T204", "TOWM", "there is no jurisdiction"),
    ("scenario: S, expect: {shares: {quench: {TOWM: 3}}}", "T204", "TOWM", "there is no jurisdiction"),
    ("scenario: S, expect: {fired: [boats]}", "T204", "boats", "there is no rule"),
    ("scenario: S, expect: {fired: [{rule: boats-for-large-fires, for: [X]}]}", "T204", "X]", "there is no entry"),
    ("scenario: S, expect: {model: x}", "T204", "x}", "there is no model"),
    ("scenario: S, threat: x, expect: {}", "T204", "x,", "the scenario has no threat"),
    ("scenario: S, expect: {shares: {quench: {TOWN: 40..30}}}", "T206", "40..30", "upside down"),
    ("scenario: S, expect: {lead: {}}", "T102", "lead:", "there is no field"),
    ("scenario: S, expect: {modes: {quench: alone}}", "T107", "alone", "cannot stand for"),
]


@pytest.mark.parametrize(("text", "code", "at", "words"), MISTAKES)
def test_mistakes_of_a_test_are_placed_and_the_others_go_on(
    harbour: Path, text: str, code: str, at: str, words: str
) -> None:
    written = text.replace("scenario: S", "scenario: ../../harbour-fire.yaml")
    good = "  - {test: good, scenario: ../../harbour-fire.yaml, expect: {leads: {quench: [PORT, TOWN]}}}\n"
    with_test(harbour, f"  - {{test: t, {written}}}\n{good}")
    problems = Problems()
    (suite,) = read_suites([str(harbour)], problems)
    (problem,) = problems.items
    assert problem.code == code
    assert words in problem.message
    assert problem.span is not None
    line = (harbour / "tests" / "harbour.yaml").read_text("utf-8").splitlines()[problem.span.line - 1]
    assert line[problem.span.column - 1 :].startswith(at)
    assert [test.test.test for test in suite.tests] == ([] if code.startswith("T1") else ["good"])


def test_with_several_threats_the_test_says_which(harbour: Path) -> None:
    path = harbour.parent / "harbour-fire.yaml"
    path.write_text(path.read_text("utf-8") + "  - {id: ferry, name: Fire on a ferry, kind: ship_fire}\n", "utf-8")
    with_test(harbour, "  - {test: t, scenario: ../../harbour-fire.yaml, expect: {leads: {quench: [TOWN]}}}\n")
    problems = Problems()
    read_suites([str(harbour)], problems)
    assert [problem.code for problem in problems.items] == ["T205"]
    with_test(
        harbour,
        "  - {test: t, scenario: ../../harbour-fire.yaml, threat: ferry, expect: {leads: {quench: [TOWN]}}}\n",
    )
    assert failures(harbour) == []


def test_a_link_out_of_the_pack_is_not_followed(harbour: Path) -> None:
    (harbour.parent / "outside.yaml").write_text("tests: []", "utf-8")
    (harbour / "tests" / "link.yaml").symlink_to(harbour.parent / "outside.yaml")
    problems = Problems()
    read_suites([str(harbour)], problems)
    assert [problem.code for problem in problems.items] == ["P503"]


def test_coverage_tells_what_nothing_exercises(harbour: Path) -> None:
    shutil.rmtree(harbour / "tests")
    change(
        harbour / "rules" / "boats-for-large-fires.yaml", "{threat: {severity: 0.2}, jurisdiction: {level: port}}, ", ""
    )
    problems, coverage = Problems(), Coverage()
    (suite,) = read_suites([str(harbour)], problems)
    list(run_suite(suite, ("reference",), coverage=coverage))
    found = {rule.rule: rule for rule in coverage.rules}
    boats = found["harbour/boats-for-large-fires"]
    assert [(branch.text, branch.lacks) for branch in boats.branches] == [
        ("threat.severity >= param.large", ("false",)),
        ('jurisdiction.level in ("company", "port")', ()),
    ]
    assert (boats.fired, boats.hit, boats.total) == (True, 3, 4)
    assert coverage.unused_parameters == []
    change(harbour / "pack.yaml", "  large: {", "  spare: {value: 1, low: 0, high: 2, means: Nothing}\n  large: {")
    (suite,) = read_suites([str(harbour)], problems)
    coverage = Coverage()
    list(run_suite(suite, ("reference",), "nothing is called so", coverage))
    assert coverage.unused_parameters == ["large", "reach_of_hoses", "spare"]
    assert not any(rule.fired for rule in coverage.rules)
