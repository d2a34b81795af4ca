"""Examples of a decision table: those of its rows, and those of the table as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from rulebook.conftest import MEMO, PACK

from policyengine.engines.interface import ENGINES
from policyengine.errors import Problems
from policyengine.ruletests.coverage import Coverage
from policyengine.ruletests.outcome import Outcome
from policyengine.ruletests.suite import read_suites, run_suite

TABLE = """\
rule: smoke
claim: memo/one
nature: normative
why: Because.
table:
  columns: [case, threat.kind, "threat.severity >=", score field]
  rows:
    - [mild, "fire, flood", 0.2, 1]
    - [dense, fire, 0.5, 2]
examples:
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    for name, text in {"pack.yaml": PACK, "seeds/memo.yaml": MEMO}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "a").mkdir()
    return folder


def run(pack: Path, *examples: str, coverage: Coverage | None = None) -> list[Outcome]:
    (pack / "a/smoke.yaml").write_text(TABLE + "".join(f"  {example}\n" for example in examples), "utf-8")
    problems = Problems()
    (suite,) = read_suites([str(pack)], problems)
    assert problems.items == ()
    return list(run_suite(suite, tuple(ENGINES), coverage=coverage))


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ("kind: fire, severity: 0.9", "fires"),
        ("kind: fire, severity: 0.3", "fires"),
        ("kind: fire, severity: 0.1", "silent"),
        ("kind: flood", "undecided"),
        ("severity: 0.1", "silent"),
        ("severity: 0.3", "undecided"),
    ],
)
def test_a_table_does_what_its_rows_do_together(pack: Path, facts: str, outcome: str) -> None:
    kinds = ("fires", "silent", "undecided")
    found = run(pack, *(f"{kind}: [{{threat: {{{facts}}}}}]" for kind in kinds))
    assert [(each.id, each.passed) for each in found] == [
        (f"mine/smoke::{kind}[0]", kind == outcome) for kind in kinds
    ]  # fmt: skip


def test_an_example_that_names_a_row_is_of_that_row_alone(pack: Path) -> None:
    (found,) = run(pack, "fires: [{row: dense, threat: {kind: fire, severity: 0.3}}]")
    assert found.id == "mine/smoke-dense::fires[0]"
    assert not found.passed
    (found,) = run(pack, "silent: [{row: dense, threat: {kind: fire, severity: 0.3}}]")
    assert found.passed


def test_a_failing_example_is_placed_in_the_file_with_what_each_row_did(pack: Path) -> None:
    found = run(
        pack, "fires: [{threat: {kind: flood, severity: 0.1}},", "  {row: dense, threat: {kind: fire, severity: 0.1}}]"
    )
    assert [str(each.span) for each in found] == [f"{pack}/a/smoke.yaml:12:5", f"{pack}/a/smoke.yaml:11:11"]
    ((miss,), (whole,)) = (each.misses for each in found)
    assert (miss.what, whole.what, whole.found) == ("the rule", "the table", "silent")
    assert [line.strip() for line in whole.reasons[1:]] == [
        "row mild: silent",
        'threat.kind in ("fire", "flood") holds (threat.kind is flood)',
        "threat.severity >= 0.2 does not hold (threat.severity is 0.1, misses by 0.1)",
        "row dense: silent",
        'threat.kind == "fire" does not hold (threat.kind is flood)',
        "threat.severity >= 0.5 does not hold (threat.severity is 0.1, misses by 0.4)",
    ]


def test_examples_of_the_table_count_for_the_coverage_of_its_rows(pack: Path) -> None:
    coverage = Coverage()
    facts = ("kind: fire, severity: 0.9", "kind: flood, severity: 0.1")
    run(
        pack,
        f"fires: [{{threat: {{{facts[0]}}}}}]",
        f"silent: [{{threat: {{{facts[1]}}}}}]",
        coverage=coverage,
    )
    rows = {rule.rule: (rule.fired, rule.hit, rule.total) for rule in coverage.rules}
    assert rows == {"mine/smoke-dense": (True, 4, 4), "mine/smoke-mild": (True, 3, 4)}
