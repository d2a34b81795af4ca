"""From the arguments of `compare` to two sides, and from these to a report."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from policyengine.analysis.comparison import Comparison, Side, compare_sides, pairs_of
from policyengine.analysis.fact_changes import FactChange, compare_facts
from policyengine.analysis.pack_versions import Candidate, runner
from policyengine.assess.result import Result
from policyengine.batch.result_files import batch_results, is_batch, is_result, read_results
from policyengine.cli.candidates import candidates
from policyengine.cli.inputs import Ready, read_scenarios, rulebook_of
from policyengine.cli.output import deliver
from policyengine.errors import FINDINGS, GOOD, InputError, Problem, Problems, Span
from policyengine.report.comparison_report import comparison_data, comparison_report
from policyengine.report.progress import with_progress
from policyengine.rulebook.rule import Rulebook


def run(
    things: Sequence[str], packs: Sequence[str], packs_a: Sequence[str], packs_b: Sequence[str], most: int, form: str
) -> int:
    """Compare, write, and give the exit code."""
    if packs_a or packs_b:
        if not (packs_a and packs_b):
            raise click.UsageError("--pack-a and --pack-b belong together: each names the packs of one side")
        found = _two_packs(things, [*packs, *packs_a], [*packs, *packs_b], (packs_a, packs_b))
    elif len(things) == 2:
        found = _two_things(things, packs)
    else:
        raise click.UsageError("give two scenarios, results or batches; or scenarios with --pack-a and --pack-b")
    deliver(form, lambda: comparison_data(found), lambda: comparison_report(found, most))
    return FINDINGS if found.leads or _lacking(found, named=bool(things and packs_a)) else GOOD


def _lacking(found: Comparison, *, named: bool) -> bool:
    """Whether something is there on one side only, or cannot be read although it was named, or all cannot be."""
    one_sided = any(each.before is None or each.after is None for each in found.unpaired)
    return one_sided or (bool(found.unpaired) and (named or not (found.changes or found.unchanged)))


def _two_packs(
    things: Sequence[str], first: Sequence[str], second: Sequence[str], shown: tuple[Sequence[str], Sequence[str]]
) -> Comparison:
    chosen = candidates(things)
    old, new = _both(partial(rulebook_of, first), partial(rulebook_of, second))
    with runner(old) as before, runner(new) as after:

        def side(packs: Sequence[str], evaluate: Callable[..., Result]) -> Side:
            return Side(" + ".join(packs), {each.name: partial(_evaluated, each, evaluate) for each in chosen})

        return _compared(side(shown[0], before), side(shown[1], after))


def _evaluated(candidate: Candidate, evaluate: Callable[..., Result]) -> Result:
    return evaluate(candidate.read())


def _both(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, Any]:
    """What both give; raises InputError with the problems of both, each once."""
    problems = Problems()
    found = []
    for make in (first, second):
        try:
            found.append(make())
        except InputError as error:
            problems.extend(error.problems)
    if problems.items:
        raise InputError(dict.fromkeys(problems.items))
    return found[0], found[1]


def _two_things(things: Sequence[str], packs: Sequence[str]) -> Comparison:
    kinds = [_kind(thing) for thing in things]
    if packs and "scenario" not in kinds:
        raise click.UsageError("--pack is for scenarios: results have been evaluated already")
    before, after = _both(*(partial(_READ[kind], thing, packs) for kind, thing in zip(kinds, things, strict=True)))
    facts: tuple[FactChange, ...] = ()
    if isinstance(before, Ready) and isinstance(after, Ready):
        facts = compare_facts(before.file.scenario, after.file.scenario)
    return _compared(_side(things[0], before), _side(things[1], after), facts)


def _compared(before: Side, after: Side, facts: tuple[FactChange, ...] = ()) -> Comparison:
    pairs = pairs_of(before, after)
    if not any(first and second for _, first, second in pairs):
        hint = "name results of the same scenarios"
        raise InputError([Problem("S052", f"{before.label} and {after.label} have no scenario in common", hint)])
    return compare_sides(before, after, with_progress(pairs, "Comparing", sys.stderr), facts)


def _kind(thing: str) -> str:
    path = Path(thing)
    if path.is_dir():
        return "folder"
    return "result" if is_result(path) else "scenario"


def _side(label: str, found: Any) -> Side:
    """A side from what was read: a scenario ready to be evaluated, a list of results, or a batch."""
    if isinstance(found, Ready):
        return Side(label, {found.file.scenario.scenario: partial(_result_of, found.file, found.rulebook)})
    return Side(label, found)


def _result_of(file: Any, rulebook: Rulebook) -> Result:
    from policyengine.api import evaluate

    return evaluate(file, rulebook)


def _scenario(thing: str, packs: Sequence[str]) -> Ready:
    return read_scenarios([thing], packs)[0]


def _results(thing: str, _packs: Sequence[str]) -> dict[str, Callable[[], Result]]:
    found: dict[str, Callable[[], Result]] = {}
    for result in read_results(Path(thing)):
        if result.scenario.id in found:
            message = f"the file holds two results of the scenario '{result.scenario.id}'"
            raise InputError([Problem("S051", message, "put them into two files", Span.whole(thing))])
        found[result.scenario.id] = partial(_given, result)
    return found


def _given(result: Result) -> Result:
    return result


def _folder(thing: str, _packs: Sequence[str]) -> dict[str, Callable[[], Result]]:
    folder = Path(thing)
    if is_batch(folder):
        return batch_results(folder)
    if (folder / "pack.yaml").exists():
        hint = "compare packs with --pack-a and --pack-b, or two versions of one with: policyengine rules diff"
        raise InputError([Problem("S053", "this is a pack, not the folder of a batch", hint, Span.whole(thing))])
    hint = "name a folder that 'policyengine batch --format json' wrote to its end"
    raise InputError([Problem("S053", "this folder has no manifest.json", hint, Span.whole(thing))])


_READ = {"scenario": _scenario, "result": _results, "folder": _folder}
