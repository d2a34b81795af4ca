"""Results that are read back are strangers' files: whatever stands in them, they are compared or refused in words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from batch.mutations import Mutation, chosen, mutated, mutations

from policyengine.analysis.comparison import Comparison, Side, compare_sides, pairs_of
from policyengine.api import evaluate, load_scenario
from policyengine.assess.result import Result, plain
from policyengine.batch.result_files import Load, batch_results, read_results
from policyengine.errors import InputError
from policyengine.report.comparison_report import comparison_data, comparison_report
from policyengine.report.data import render_json
from policyengine.report.html import render_html
from policyengine.report.paper import Paper
from policyengine.report.text import render_text
from policyengine.shipped import folder

CASE, OTHER = "missisquoi-bay-phosphorus", "richelieu-flood-2011"
"""Scenarios with burdens, measures and cautions, so that something is in every part of their results."""
KINDS = 100
"""More kinds of places than this a result has."""
CODES = {"S051", "S053"}


def result_of(name: str) -> Result:
    return evaluate(load_scenario(folder("scenarios") / f"{name}.yaml"))


@pytest.fixture(scope="module")
def other() -> Result:
    return result_of(OTHER)


@pytest.fixture(scope="module")
def good() -> Any:
    return plain(result_of(CASE))


def write(path: Path, data: Any) -> Path:
    path.write_text(json.dumps(data), "ascii")
    return path


def compared(first: Mapping[str, Load], second: Mapping[str, Load]) -> Comparison:
    """Compare and write in each format; everything has to be text that can be written."""
    before, after = Side("A", first), Side("B", second)
    found = compare_sides(before, after, pairs_of(before, after))
    written = (
        render_json(comparison_data(found)),
        render_text(comparison_report(found, 0), Paper()),
        render_html(comparison_report(found, 0)),
    )
    assert all(text.encode() for text in written)
    return found


def codes(do: Callable[[], object]) -> set[str]:
    """With which codes something is refused, if it is."""
    try:
        do()
    except InputError as error:
        return {problem.code for problem in error.problems}
    return set()


def try_out(path: Path, good: Any, other: Result, mutation: Mutation) -> bool:
    """Whether a mutated result is read; then it is compared, and otherwise it is refused as no result."""
    write(path, mutated(good, mutation))
    refused = codes(lambda: read_results(path))
    assert refused <= CODES, mutation
    if refused:
        return False
    (result,) = read_results(path)
    compared({"case": lambda: result}, {"case": lambda: other})
    compared({"case": lambda: other}, {"case": lambda: result})
    return True


def test_a_result_with_any_one_value_changed_is_compared_or_refused(tmp_path: Path, good: Any, other: Result) -> None:
    assert len(mutations(good)) > KINDS
    tried = [try_out(tmp_path / "bad.json", good, other, each) for each in chosen(good, 150, seed=1)]
    assert 25 < sum(tried) < 100


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 22))
def test_results_with_many_values_changed(tmp_path: Path, good: Any, other: Result, seed: int) -> None:
    for each in chosen(good, 2_000, seed):
        try_out(tmp_path / "bad.json", good, other, each)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, good: Any) -> Path:
    """The folder of a batch as it is written: a result, one that could not be evaluated, and the manifest."""
    out = tmp_path_factory.mktemp("batch")
    (out / "results").mkdir()
    text = write(out / "results" / "a.json", good).read_bytes()
    files = {"results/a.json": hashlib.sha256(text).hexdigest(), "results/a.html": "0" * 64}
    entries = [
        {
            "source": "in/a.yaml",
            "name": "a",
            "sha256": "0" * 64,
            "status": "good",
            "packs": ["borders"],
            "files": files,
        },
        {"source": "in/b.yaml", "name": "b", "sha256": "0" * 64, "status": "bad", "packs": [], "files": {}},
    ]
    write(out / "manifest.json", {"format": "policyengine-batch/1", "counts": {"good": 1}, "files": entries})
    return out


def test_a_manifest_with_any_one_value_changed_leads_to_results_or_is_refused(finished: Path, other: Result) -> None:
    manifest = json.loads((finished / "manifest.json").read_text("ascii"))
    there: dict[str, Load] = {"a": lambda: other, "b": lambda: other}
    compared_with: set[int] = set()
    for mutation in (each for kind in mutations(manifest).values() for each in kind):
        write(finished / "manifest.json", mutated(manifest, mutation))
        refused = codes(lambda: batch_results(finished))
        assert refused <= CODES, mutation
        if not refused:
            compared_with.add(len(compared(batch_results(finished), there).changes))
    assert compared_with == {0, 1}


@pytest.mark.parametrize("name", ["nul\0.json", "\ud800.json", "x" * 5_000 + ".json", "/etc/hosts.json", "loop.json"])
def test_a_manifest_may_name_what_no_file_is_called(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop.json").symlink_to("loop.json")
    files = [{"name": "a", "files": {name: "0" * 64}}]
    write(tmp_path / "manifest.json", {"format": "policyengine-batch/1", "files": files})
    (load,) = batch_results(tmp_path).values()
    assert codes(load)


@pytest.mark.parametrize("depth", [10, 900, 960, 980, 990, 1_000, 5_000])
def test_lists_in_lists_without_end_are_no_result(tmp_path: Path, depth: int) -> None:
    path = tmp_path / "deep.json"
    path.write_text("[" * depth + "]" * depth, "ascii")
    assert codes(lambda: read_results(path)) == {"S051"}
