"""Examples and tests of packs, run on every engine, with the reasons of whatever comes out otherwise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from policyengine.engines.interface import ENGINES
from policyengine.errors import Problem, Problems
from policyengine.rulebook.loading import shipped_packs
from policyengine.ruletests.choosing import chosen_by
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


MARK = """\
rule: {name}
claim: harbour-memo/boats-for-large-fires
nature: descriptive
why: Because.
when: {when}
then: [{{mark: {mark}}}]
examples:
  fires: [{{threat: {{severity: 0.8}}, jurisdiction: {{side: afloat}}}}]
  silent: [{{threat: {{severity: 0.5}}, jurisdiction: {{side: ashore}}}}]
"""


def with_marks(harbour: Path) -> None:
    """Three rules that mark: who is afloat, and which fires are large, or small."""
    marks = {
        "afloat": ('jurisdiction.side == "afloat"', "jurisdiction.afloat"),
        "large": ("threat.severity > param.large", "threat.large"),
        "small": ("threat.severity > param.large and threat.severity < 0.7 or threat.severity > 0.9", "threat.small"),
    }
    for name, (when, mark) in marks.items():
        text = MARK.format(name=name, when=when, mark=mark)
        if name == "small":
            text = text.replace("fires: [{threat: {severity: 0.8}", "fires: [{threat: {severity: 0.6}")
        (harbour / "rules" / f"{name}.yaml").write_text(text, "utf-8")


def test_what_carries_a_mark_comes_with_the_rules_that_could_set_it(harbour: Path) -> None:
    with_marks(harbour)
    with_test(harbour, "  - {test: t, scenario: ../../harbour-fire.yaml, expect: {marks: {threat.small: [tanker]}}}\n")
    (outcome,) = failures(harbour)
    assert outcome.misses[0].reasons[0] == "  harbour/small for tanker:"
    assert any("does not hold (threat.severity is 0.8" in line for line in outcome.misses[0].reasons)


INLINE = """\
  - test: a test may hold its scenario
    scenario:
      jurisdictions:
        - {id: TOWN, level: town, side: ashore}
        - {id: PORT, level: port, side: afloat, capacities: {foam: 0.5}}
      threats: [{id: tanker, kind: ship_fire, severity: 0.8}]
"""


def test_a_test_may_hold_its_scenario(harbour: Path) -> None:
    change_ = "    change: {threats.tanker.severity: 0.2}\n    expect: {leads: {quench: [TOWN]}}\n"
    with_test(harbour, f"{INLINE}    expect: {{leads: {{quench: [PORT, TOWN]}}}}\n{INLINE}{change_}")
    assert failures(harbour) == []


def test_mistakes_of_a_scenario_within_a_test_stand_where_they_are(harbour: Path) -> None:
    text = INLINE.replace("side: afloat", "side: aflaot").replace("severity: 0.8", "severity: 8")
    with_test(harbour, f"{text}    expect: {{}}\n")
    problems = Problems()
    read_suites([str(harbour)], problems)
    assert [(each.code, at_place(each)) for each in problems.items] == [("N301", "aflaot"), ("N105", "8")]


def test_a_pack_that_a_test_names_is_told_in_the_test_if_it_is_not_found(harbour: Path) -> None:
    with_test(harbour, "  - {test: t, scenario: ../../harbour-fire.yaml, packs: [habrour], expect: {}}\n")
    problems = Problems()
    read_suites([str(harbour)], problems)
    assert [(each.code, at_place(each)) for each in problems.items] == [("P501", "habrour")]


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


def at_place(problem: Problem) -> str:
    assert problem.span
    assert problem.excerpt
    return problem.excerpt[problem.span.column - 1 : problem.span.end_column - 1]


@pytest.mark.parametrize(
    ("expect", "what", "expected", "found"),
    [
        ("leads: {quench: [TOWN]}", "leads on quench", "TOWN", "PORT, TOWN"),
        ("leads: {quench: []}", "leads on quench", "nobody", "PORT, TOWN"),
        ("supports: {quench: [YARD]}", "supports on quench", "YARD", "REFINERY"),
        ("shares: {quench: {TOWN: 34..40}}", "share of TOWN on quench", "34 to 40 %", "33 %"),
        ("shares: {quench: {YARD: 1}}", "share of YARD on quench", "1 %", "0 %"),
        ("co_leads: {quench: [PORT]}", "co-leads on quench", "PORT", "nobody"),
        ("scores: {quench: {TOWN: 2.5}}", "points of TOWN on quench", "2.5", "2"),
        ("scores: {quench: {PORT: 1.7..3, YARD: 0}}", "points of PORT on quench", "1.7 to 3", "1.6"),
        ("scores: {quench: {PORT: 1.6, TOWN: 1..1.9}}", "points of TOWN on quench", "1 to 1.9", "2"),
        ("marks: {jurisdiction.afloat: [TOWN]}", "mark jurisdiction.afloat", "TOWN", "PORT, REFINERY, YARD"),
        ("marks: {jurisdiction.afloat: []}", "mark jurisdiction.afloat", "nobody", "PORT, REFINERY, YARD"),
        ("marks: {threat.large: [tanker], threat.small: [tanker]}", "mark threat.small", "tanker", "nobody"),
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
    with_marks(harbour)
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
    ("scenario: S, expect: {marks: {threat.wide: []}}", "T204", "threat.wide", "there is no mark"),
    ("scenario: S, expect: {marks: {wide: []}}", "T106", "wide", "cannot"),
    ("scenario: S, expect: {scores: {quench: {TOWN: 3..2}}}", "T206", "3..2", "upside down"),
    ("scenario: S, expect: {scores: {quench: {TOWN: many}}}", "T106", "many", "cannot"),
    ("scenario: S, expect: {co_leads: {quench: [TOWM]}}", "T204", "TOWM", "there is no jurisdiction"),
    ("scenario: ../.., expect: {}", "T201", "../..", "is a folder, not the file of a scenario"),
    ("scenario: 5, expect: {}", "T104", "5,", "should be"),
    ("scenario: {threats: [{id: t, kind: ship_fire}]}, expect: {}", "N103", "{threats", "missing"),
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
    list(run_suite(suite, ("reference",), chosen_by("nothing is called so"), coverage))
    assert coverage.unused_parameters == ["large", "reach_of_hoses", "spare"]
    assert not any(rule.fired for rule in coverage.rules)


def test_a_parameter_that_only_another_pack_uses_is_used(harbour: Path) -> None:
    other = harbour.parent / "a-crew"
    (other / "rules").mkdir(parents=True)
    pack = "pack: a-crew\ntitle: T\nversion: 1.0.0\nrole: opinion\nsummary: S.\nextends: [harbour]\n"
    (other / "pack.yaml").write_text(pack, "utf-8")
    parameter = "parameters:\n  of_crews: {value: 1, low: 0, high: 2, means: M}\n"
    change(harbour / "pack.yaml", "parameters:\n", parameter)
    rule = MARK.format(name="crews-go", when='jurisdiction.level == "company"', mark="threat.crews")
    rule = rule.replace("{mark: threat.crews}", "{score: quench, points: param.of_crews}")
    rule = rule[: rule.index("examples")] + "examples: {fires: [{jurisdiction: {level: company}}], silent: []}\n"
    (other / "rules" / "crews-go.yaml").write_text(rule, "utf-8")
    problems, coverage = Problems(), Coverage()
    for suite in read_suites([str(other), str(harbour)], problems):
        list(run_suite(suite, ("reference",), coverage=coverage))
    assert problems.items == ()
    assert coverage.unused_parameters == []
