"""What is found wrong or doubtful in decision tables names the row, or shows the case that no row speaks of."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from random import Random

import pytest
from rulebook.conftest import WritePacks

from policyengine.engines.reference import evaluate
from policyengine.rulebook.examine import examine_packs

EXAMPLES = """\
examples:
  fires: [{threat: {kind: fire, severity: 1}, jurisdiction: {level: upper}}]
  silent: [{threat: {kind: flood, severity: 0}, jurisdiction: {level: lower}}]
"""
TABLE_CODES = ("R201", "R203", "R204", "R205", "R206", "R208", "R209", "R102", "R107")


def a_table(*rows: str, columns: str = "case, threat.kind, threat.severity, score field", more: str = EXAMPLES) -> str:
    lines = "".join(f"    - [{row}]\n" for row in rows)
    head = "rule: smoke\nclaim: memo/one\nnature: normative\nwhy: Because.\n"
    return f"{head}table:\n  columns: [{columns}]\n  rows:\n{lines}{more}"


def findings(write_packs: WritePacks, table: str) -> list[str]:
    root = write_packs({"mine/a/smoke.yaml": table})
    found = examine_packs([root / "mine"], evaluate).problems
    assert all(problem.span for problem in found if problem.code in TABLE_CODES)
    return [
        f"{Path(problem.span.file).name}:{problem.span.line} {problem.code} {problem.message}"
        for problem in found
        if problem.span and problem.code in TABLE_CODES
    ]


def test_a_case_that_no_row_speaks_of_is_shown(write_packs: WritePacks) -> None:
    rows = ("low, fire, < param.high, 1", "high, fire, '>= param.high', 2", "wet, flood, < param.high, 1")
    assert findings(write_packs, a_table(*rows)) == [
        'smoke.yaml:5 R208 no row of this table holds with threat.kind "flood", threat.severity 1'
    ]


def test_a_table_without_a_gap_is_left_alone(write_packs: WritePacks) -> None:
    rows = ("low, any, < param.high, 1", "high, any, '>= param.high', 2")
    assert findings(write_packs, a_table(*rows)) == []


def test_the_common_condition_says_which_cases_a_table_is_about(write_packs: WritePacks) -> None:
    table = a_table("low, any, < param.high, 1", "high, any, '>= param.high', 2")
    assert findings(write_packs, table.replace("table:", 'when: threat.kind == "fire"\ntable:')) == []


def test_whom_a_row_speaks_of_leaves_no_gap(write_packs: WritePacks) -> None:
    columns = "case, threat.kind, jurisdiction.level, score field"
    table = a_table("fires, fire, upper, 1", "floods, flood, lower, 1", columns=columns)
    assert findings(write_packs, table) == []


def test_rows_that_hold_together_are_named(write_packs: WritePacks) -> None:
    (found,) = findings(write_packs, a_table("low, any, any, 1", "high, fire, '>= param.high', 2"))
    both = """row 'high': with threat.kind "fire", threat.severity 1, the row 'low' of the table 'smoke' holds"""
    assert found == f"smoke.yaml:9 R209 {both} as well: both count for 'field'"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (("low, any, < param.high, 1", "no, any, '> 1', 1"), "smoke.yaml:9 R201 row 'no': this rule can never fire"),
        (("low, any, < param.high, 1", "all, any, '>= 0', 1"), "smoke.yaml:9 R203 row 'all': this rule always fires"),
        (("a, fire, any, 1", "b, fire, any, 1"), "smoke.yaml:9 R205 row 'b': the row 'a' of the table 'smoke' has the"),
        (("a, fire, any, 1", "b, fire, < 1, -1"), "smoke.yaml:9 R206 row 'b': wherever this rule takes points"),
        (("a, any, any, 1", 'b, \'"fire" or threat.kind == "fire"\', any, 2'), "smoke.yaml:9 R204 row 'b': "),
    ],
)
def test_a_finding_names_its_row(write_packs: WritePacks, rows: tuple[str, ...], told: str) -> None:
    assert any(line.startswith(told) for line in findings(write_packs, a_table(*rows)))


def test_what_the_file_of_a_table_accepts_is_accepted_for_any_row(write_packs: WritePacks) -> None:
    table = a_table("a, fire, any, 1", "b, any, any, 2", "c, flood, any, 1")
    assert {line.split()[1] for line in findings(write_packs, table)} == {"R209"}
    assert findings(write_packs, table + "accepts: {R209: They add up.}\n") == []
    (needless,) = findings(write_packs, table + "accepts: {R209: They add up., R208: There is none.}\n")
    assert needless == "smoke.yaml:14 R107 R208 is accepted here, and is not found"


def test_a_table_lacks_examples_once(write_packs: WritePacks) -> None:
    table = a_table("a, fire, any, 1", "b, flood, any, 2", more="")
    (told,) = findings(write_packs, table)
    assert told == "smoke.yaml:5 R102 this table has no example in which it fires and none in which it stays silent"


@pytest.mark.parametrize("seed", range(25))
def test_gaps_and_overlaps_are_those_that_counting_finds(write_packs: WritePacks, seed: int) -> None:
    random = Random(seed)
    kinds, limits = ("fire", "flood"), ("0.25", "0.5", "0.75")
    rows = [
        (
            random.choice([*kinds, "any"]),
            random.choice(["any", *(f"< {x}" for x in limits), *(f">= {x}" for x in limits)]),
        )
        for _ in range(random.randint(2, 5))
    ]
    cases = list(product(kinds, (0.1, 0.3, 0.6, 0.9)))
    held = [sum(kind in ("any", k) and _holds(limit, severity) for kind, limit in rows) for k, severity in cases]
    # What all rows ask for says what the table is about.
    (kind, *_), (limit, *_) = ((each[0] if len(set(each)) == 1 else "any",) for each in zip(*rows, strict=True))
    about = [
        times
        for times, (k, severity) in zip(held, cases, strict=True)
        if kind in ("any", k) and _holds(limit, severity)
    ]
    found = findings(
        write_packs, a_table(*(f"r{i}, {kind}, '{limit}', {i + 1}" for i, (kind, limit) in enumerate(rows)))
    )
    codes = {line.split()[1] for line in found}
    assert ("R208" in codes) == (0 in about)
    assert ("R209" in codes) == (max(held) > 1)


def _holds(limit: str, severity: float) -> bool:
    sign, _, number = limit.partition(" ")
    return sign == "any" or (severity < float(number) if sign == "<" else severity >= float(number))
